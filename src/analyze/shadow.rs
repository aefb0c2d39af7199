//! Rules that never decide a packet because earlier entries decide all of theirs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Decisions;
use super::list::Slot;
use crate::model::{Origin, RuleAction, Verdict};
use crate::packet::{Covering, Cube, Packet, covering};

/// A rule that decides no packet at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// Index in [`Policy::rules`](crate::model::Policy::rules).
    pub rule: usize,
    /// The entries (indices in [`Policy::entries`](crate::model::Policy::entries)) that together decide all its
    /// packets, the largest share first. No entry can be left out, unless there are more than
    /// [`Shadowed::MINIMISED`]. Empty where undecided.
    pub by: Vec<usize>,
    /// What that means for its packets.
    pub effect: Effect,
}

/// What becomes of the packets of a shadowed rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// What the rule says: all of them pass as it allows, or all are refused as it denies or rejects.
    Redundant,
    /// Some of them meet the opposite: the rule allows and they are refused, or the other way round.
    Contradicted,
    /// The search met its limit: the rule may be shadowed or not.
    Undecided,
}

impl Shadowed {
    /// The longest list of blockers that is made irreducible; nobody reads longer ones.
    pub const MINIMISED: usize = 64;
}

/// Some packets of a rule, and all earlier boxes of others that meet them.
struct Target<'a> {
    cube: &'a Cube,
    near: Vec<&'a Slot>,
}

/// See [`Decisions::shadowed_rules`].
pub(super) fn shadowed_rules(decisions: &Decisions<'_>) -> Vec<Shadowed> {
    let rules = decisions.entries_by_rule().into_iter();
    rules.filter_map(|(rule, entries)| decisions.shadowed(rule, &entries)).collect()
}

impl Decisions<'_> {
    /// The rules that have entries, with the indices of those.
    pub(super) fn entries_by_rule(&self) -> Vec<(usize, Vec<usize>)> {
        let mut entries: Vec<Vec<usize>> = vec![Vec::new(); self.policy().rules.len()];
        for (index, entry) in self.policy().entries.iter().enumerate() {
            if let Origin::Rule(rule) = entry.origin
                && let Some(own) = entries.get_mut(rule)
            {
                own.push(index);
            }
        }
        entries.into_iter().enumerate().filter(|(_, own)| !own.is_empty()).collect()
    }

    fn shadowed(&self, rule: usize, entries: &[usize]) -> Option<Shadowed> {
        let mut targets: Vec<Target<'_>> = Vec::new();
        let mut chosen: BTreeSet<usize> = BTreeSet::new();
        let mut doubtful = false;
        let own = entries.iter().flat_map(|&index| self.cubes_of(index).map(move |cube| (index, cube)));
        for (index, cube) in own {
            // Most rules of most policies are settled by one look at one packet.
            let usual = Packet::of(cube).map(|packet| Cube::single(&packet));
            if usual.is_some_and(|packet| self.others(&packet, index, entries).is_empty()) {
                return None;
            }
            let near = self.others(cube, index, entries);
            match covering(cube, near.iter().map(|slot| &slot.cube)) {
                Covering::By(used) => {
                    chosen.extend(used.iter().filter_map(|&place| Some(near.get(place)?.entry)));
                }
                Covering::Open => return None,
                Covering::Undecided => doubtful = true,
            }
            targets.push(Target { cube, near });
        }
        if doubtful {
            return Some(Shadowed { rule, by: Vec::new(), effect: Effect::Undecided });
        }
        let by = irreducible(by_share(&targets, &chosen), &targets);
        Some(Shadowed { rule, effect: self.effect(rule, &by), by })
    }

    /// The boxes before an index that meet a box, without those of the rule's own entries: they do not shadow
    /// it, since what one of them decides, the rule decides.
    fn others<'a>(&'a self, cube: &'a Cube, index: usize, own: &[usize]) -> Vec<&'a Slot> {
        self.before(cube, index).filter(|slot| !own.contains(&slot.entry)).collect()
    }

    fn effect(&self, rule: usize, by: &[usize]) -> Effect {
        let passes = self.policy().rules.get(rule).map(|rule| rule.action.value == RuleAction::Allow);
        let same = |index: &usize| {
            let verdict = self.policy().entries.get(*index).map(|entry| entry.verdict);
            verdict.map(|verdict| verdict == Verdict::Accept) == passes
        };
        if by.iter().all(same) { Effect::Redundant } else { Effect::Contradicted }
    }
}

/// Leaves out every entry that the others make up for, those that share least first.
fn irreducible(mut entries: Vec<usize>, targets: &[Target<'_>]) -> Vec<usize> {
    if entries.len() > Shadowed::MINIMISED {
        return entries;
    }
    for candidate in entries.clone().into_iter().rev() {
        let enough = |target: &Target<'_>| {
            let kept = |entry: usize| entry != candidate && entries.contains(&entry);
            let near = target.near.iter().filter(|slot| kept(slot.entry)).map(|slot| &slot.cube);
            matches!(covering(target.cube, near), Covering::By(_))
        };
        if targets.iter().all(enough) {
            entries.retain(|&entry| entry != candidate);
        }
    }
    entries
}

/// The chosen entries, those that share most with one of the targets first.
fn by_share(targets: &[Target<'_>], chosen: &BTreeSet<usize>) -> Vec<usize> {
    let mut shares: BTreeMap<usize, u32> = BTreeMap::new();
    for target in targets {
        for slot in target.near.iter().filter(|slot| chosen.contains(&slot.entry)) {
            let share = shares.entry(slot.entry).or_default();
            *share = target.cube.shared_bits(&slot.cube).max(*share);
        }
    }
    let mut entries: Vec<usize> = shares.keys().copied().collect();
    entries.sort_by_key(|entry| Reverse(shares.get(entry).copied()));
    entries
}
