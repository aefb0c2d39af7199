//! Groups of differences in words.

use std::collections::BTreeSet;

use super::compare::Doubt;
use super::group::Group;
use super::lists::Actor;
use super::raw::{Hand, Raw};
use super::{Cause, Change, ChangeKind, Part, Undecided};
use crate::analyze::{Portrait, Subject, Vocabulary, describe};
use crate::model::{Entry, Origin, Policy};

/// How many parts of a change are said in words: more than anybody reads.
const SAID: usize = 40;

/// Two policies, and their names for things.
pub(super) struct Teller<'p, 'a> {
    old: &'p Policy,
    new: &'p Policy,
    /// The new policy with the common numbers of interfaces.
    aligned: &'a Policy,
    old_words: Vocabulary<'a>,
    new_words: Vocabulary<'a>,
}

impl<'p, 'a> Teller<'p, 'a> {
    /// Each policy as it is and with the common numbers of interfaces.
    pub(super) fn new(old: (&'p Policy, &'a Policy), new: (&'p Policy, &'a Policy)) -> Self {
        let (old_words, new_words) = (Vocabulary::of(old.1), Vocabulary::of(new.1));
        Self { old: old.0, new: new.0, aligned: new.1, old_words, new_words }
    }

    /// A group as a change; none for a group without differences, which there is not.
    pub(super) fn change(&self, group: Group) -> Option<Change<'p>> {
        let kind = group.kind;
        // Of the largest parts of both families; people read IPv4 more easily.
        let packet = group.raws.iter().map(|raw| &raw.packet).min_by_key(|packet| packet.family)?.clone();
        let (words, unsaid) = self.words(kind, &group.raws);
        Some(Change {
            kind,
            words,
            unsaid,
            before: self.causes(Hand::Left, &group),
            after: self.causes(Hand::Right, &group),
            spared_before: self.spared(Hand::Left, &group),
            spared_after: self.spared(Hand::Right, &group),
            example: describe(self.aligned, &packet),
            packet,
            parts: group.raws.into_iter().map(part).collect(),
        })
    }

    /// The largest differences in the names of the policy in which somebody does something with them, and how many
    /// others there are.
    fn words(&self, kind: ChangeKind, raws: &[Raw]) -> (Vec<Portrait>, usize) {
        let words = if kind == ChangeKind::Denied { &self.old_words } else { &self.new_words };
        let said = words.portraits(raws.iter().take(SAID).map(|raw| &raw.part));
        (said, raws.len().saturating_sub(SAID))
    }

    fn causes(&self, hand: Hand, group: &Group) -> Vec<Cause<'p>> {
        let actors = group.raws.iter().flat_map(|raw| raw.actors(hand));
        let entries = actors.filter_map(|&actor| self.entry(hand, group.kind, actor));
        in_order(entries.map(|entry| (entry, self.cause(hand, entry))))
    }

    fn cause(&self, hand: Hand, entry: &'p Entry) -> Cause<'p> {
        let policy = self.policy(hand);
        let subject = Subject::of(policy, entry);
        Cause { subject, site: policy.site_of(entry), verdict: entry.verdict, log: entry.log }
    }

    fn spared(&self, hand: Hand, group: &Group) -> Vec<Subject<'p>> {
        let except = group.raws.iter().flat_map(|raw| &raw.except).filter(|exception| exception.hand == hand);
        let entries = except.filter_map(|exception| self.entry(hand, group.kind, exception.actor));
        in_order(entries.map(|entry| (entry, Subject::of(self.policy(hand), entry))))
    }

    /// What could not be told.
    pub(super) fn doubt(&self, doubt: Doubt) -> Undecided<'p> {
        let pair = match doubt {
            Doubt::Pair(left, right) => {
                let kind = ChangeKind::Logging; // Whoever may be behind it.
                let cause = |hand, actor| Some(self.cause(hand, self.entry(hand, kind, actor)?));
                cause(Hand::Left, left).zip(cause(Hand::Right, right))
            }
            Doubt::Logging => None,
        };
        pair.map_or(Undecided::Logging, |(before, after)| Undecided::Pair(before, after))
    }

    fn entry(&self, hand: Hand, kind: ChangeKind, actor: Actor) -> Option<&'p Entry> {
        self.policy(hand).entries.get(actor.entry(kind))
    }

    const fn policy(&self, hand: Hand) -> &'p Policy {
        match hand {
            Hand::Left => self.old,
            Hand::Right => self.new,
        }
    }
}

/// What is said of entries, each once: rules in their order before what nobody wrote.
fn in_order<'p, T: Ord>(said: impl Iterator<Item = (&'p Entry, T)>) -> Vec<T> {
    let sorted: BTreeSet<(Origin, T)> = said.map(|(entry, said)| (entry.origin, said)).collect();
    sorted.into_iter().map(|(_, said)| said).collect()
}

fn part(raw: Raw) -> Part {
    Part { cube: raw.part, except: raw.except.into_iter().map(|exception| exception.cube).collect() }
}
