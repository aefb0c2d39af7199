//! First match, asked about whole boxes of packets.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::list::{List, Slot};
use super::shadow::{self, Shadowed};
use crate::model::{Entry, Policy, Verdict};
use crate::packet::{Cover, Cube, Family, Hook, Packet, cover};

/// The entries of a policy with their boxes, ready to be asked.
///
/// Answers are exact. Should a question ever be too hard to finish (see [`Cover::Undecided`]), the entry is
/// reported as a [`Certainty::Possible`] hit: in doubt a check speaks up.
#[derive(Debug)]
pub struct Decisions<'p> {
    policy: &'p Policy,
    lists: BTreeMap<(Hook, Family), List>,
    shadowed: OnceLock<Vec<Shadowed>>,
}

/// An entry that decides some packets of a question, and one of them.
#[derive(Clone, Debug)]
pub struct Hit<'p> {
    /// Index in [`Policy::entries`].
    pub index: usize,
    /// The entry.
    pub entry: &'p Entry,
    /// A box of packets of the question, all decided by this entry if that is proven: not always all of them.
    pub part: Cube,
    /// A packet of that box.
    pub packet: Packet,
    /// Whether that is proven.
    pub certainty: Certainty,
}

/// How sure a [`Hit`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The entry decides every packet of the part.
    Proven,
    /// The question was too hard: earlier entries may decide some or all packets of the part.
    Possible,
}

impl<'p> Decisions<'p> {
    /// Prepares a policy for questions.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Self { policy, lists: List::all(policy), shadowed: OnceLock::new() }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The entry that decides a packet, by first match. None only if the policy has no default for the hook.
    #[must_use]
    pub fn decide(&self, packet: &Packet) -> Option<Hit<'p>> {
        let point = Cube::single(packet);
        let list = self.list(packet.hook, packet.family)?;
        let slot = list.meeting(&point, usize::MAX).find(|slot| self.decides(slot.entry))?;
        let entry = self.policy.entries.get(slot.entry)?;
        let certainty = Certainty::Proven;
        Some(Hit { index: slot.entry, entry, part: point.clone(), packet: packet.clone(), certainty })
    }

    /// The rules that never decide (or, while observing, never see) a packet, in order, and those for which that
    /// could not be told. Disabled rules are left out. Worked out once.
    #[must_use]
    pub fn shadowed_rules(&self) -> &[Shadowed] {
        self.shadowed.get_or_init(|| shadow::shadowed_rules(self))
    }

    /// Every entry that decides some packet of the question, in order, each with a witness.
    /// Observing entries decide nothing and are left out.
    #[must_use]
    pub fn deciding(&self, question: &Cube) -> Vec<Hit<'p>> {
        self.hits(question, |_| true).collect()
    }

    /// The entries that accept some packet of the question, in order, each with a witness.
    #[must_use]
    pub fn accepting(&self, question: &Cube) -> Vec<Hit<'p>> {
        self.hits(question, |verdict| verdict == Verdict::Accept).collect()
    }

    /// The accepting entries that speak about some packet of the question, in order, by their index in
    /// [`Policy::entries`]. Whether earlier entries leave them any is for [`Decisions::hit`] to say; this is the
    /// cheap half of [`Decisions::accepting`], for those who need not know about every entry.
    #[must_use]
    pub fn candidates(&self, question: &Cube) -> Vec<usize> {
        self.meeting(question, |verdict| verdict == Verdict::Accept)
    }

    /// Every entry that speaks about some packet of the question, in order, by its index in [`Policy::entries`],
    /// observing ones included. Whether it decides any is for [`Decisions::hit`] to say.
    #[must_use]
    pub fn speaking(&self, question: &Cube) -> Vec<usize> {
        self.meeting(question, |_| true)
    }

    /// The first entry that does not accept some packet of the question; none if all of it is accepted.
    #[must_use]
    pub fn refusing(&self, question: &Cube) -> Option<Hit<'p>> {
        self.hits(question, |verdict| verdict != Verdict::Accept).next()
    }

    /// A packet of the question that the entry with that index decides; none for observing entries.
    #[must_use]
    pub fn hit(&self, index: usize, question: &Cube) -> Option<Hit<'p>> {
        let entry = self.policy.entries.get(index).filter(|_| self.decides(index))?;
        let hit = |part: Cube, certainty| {
            Packet::of(&part).map(|packet| Hit { index, entry, part, packet, certainty })
        };
        let own = self.list(question.hook, question.family)?.of_entry(index).iter();
        let mut possible = None;
        for part in own.filter_map(|slot| slot.cube.intersect(question)) {
            match self.reach(&part, index) {
                Cover::Covered => {}
                Cover::Uncovered(rest) => return hit(rest, Certainty::Proven),
                Cover::Undecided => possible = Some(part),
            }
        }
        possible.and_then(|part| hit(part, Certainty::Possible))
    }

    /// Which packets of a box the entries before an index leave undecided.
    fn reach(&self, part: &Cube, index: usize) -> Cover {
        cover(part, self.before(part, index).map(|slot| &slot.cube))
    }

    /// The boxes of deciding entries before an index that meet a box, in order.
    pub(super) fn before<'a>(&'a self, part: &'a Cube, index: usize) -> impl Iterator<Item = &'a Slot> {
        let list = self.list(part.hook, part.family).into_iter();
        list.flat_map(move |list| list.meeting(part, index)).filter(|slot| self.decides(slot.entry))
    }

    /// The boxes of an entry.
    pub(super) fn cubes_of(&self, index: usize) -> impl Iterator<Item = &Cube> {
        self.lists.values().flat_map(move |list| list.of_entry(index)).map(|slot| &slot.cube)
    }

    fn hits(&self, question: &Cube, wanted: impl Fn(Verdict) -> bool) -> impl Iterator<Item = Hit<'p>> {
        self.meeting(question, wanted).into_iter().filter_map(|index| self.hit(index, question))
    }

    /// The entries with such a verdict that speak about some packet of the question, in order.
    fn meeting(&self, question: &Cube, wanted: impl Fn(Verdict) -> bool) -> Vec<usize> {
        let list = self.list(question.hook, question.family).into_iter();
        let mut met: Vec<usize> =
            list.flat_map(|list| list.meeting(question, usize::MAX)).map(|slot| slot.entry).collect();
        met.dedup();
        let verdict = |index: usize| self.policy.entries.get(index).map(|entry| entry.verdict);
        met.retain(|&index| verdict(index).is_some_and(&wanted));
        met
    }

    fn decides(&self, index: usize) -> bool {
        self.policy.entries.get(index).is_some_and(|entry| entry.verdict != Verdict::Observe)
    }

    fn list(&self, hook: Hook, family: Family) -> Option<&List> {
        self.lists.get(&(hook, family))
    }
}
