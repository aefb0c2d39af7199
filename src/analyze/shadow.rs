//! Rules that never decide a packet because earlier entries decide all of theirs.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Decisions;
use super::list::Slot;
use crate::model::{Origin, RuleAction, Verdict};
use crate::packet::{Cube, Packet, is_covered};

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
        let mut covered: Vec<Target<'_>> = Vec::new();
        let mut doubtful = false;
        for (index, cube) in
            entries.iter().flat_map(|&index| self.cubes_of(index).map(move |cube| (index, cube)))
        {
            // Most rules of most policies are settled by one look at one packet.
            if Packet::of(cube)
                .is_some_and(|packet| self.others(&Cube::single(&packet), index, entries).is_empty())
            {
                return None;
            }
            let target = Target { cube, near: self.others(cube, index, entries) };
            match is_covered(cube, target.near.iter().map(|slot| &slot.cube)) {
                Some(true) => covered.push(target),
                Some(false) => return None,
                None => doubtful = true,
            }
        }
        if doubtful {
            return Some(Shadowed { rule, by: Vec::new(), effect: Effect::Undecided });
        }
        let by = blockers(&covered);
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

/// A small, irreducible choice of entries that still covers all targets, the largest share first.
fn blockers(targets: &[Target<'_>]) -> Vec<usize> {
    let order = by_share(targets);
    let ranks: BTreeMap<usize, usize> =
        order.iter().enumerate().map(|(rank, &entry)| (entry, rank)).collect();
    let enough = |kept: &dyn Fn(&usize) -> bool| {
        targets.iter().all(|target| {
            let near = target.near.iter().filter(|slot| ranks.get(&slot.entry).is_some_and(kept));
            is_covered(target.cube, near.map(|slot| &slot.cube)) == Some(true)
        })
    };
    let counts: Vec<usize> = (0..order.len()).collect();
    let count = counts.partition_point(|&count| !enough(&|&rank| rank < count));
    let mut kept: Vec<usize> = (0..count).collect();
    if count <= Shadowed::MINIMISED {
        for candidate in (0..count).rev() {
            if enough(&|rank| *rank != candidate && kept.contains(rank)) {
                kept.retain(|&rank| rank != candidate);
            }
        }
    }
    kept.into_iter().filter_map(|rank| order.get(rank).copied()).collect()
}

/// All entries near the targets, those that share most with one of them first.
fn by_share(targets: &[Target<'_>]) -> Vec<usize> {
    let near = targets.iter().flat_map(|target| target.near.iter().map(|slot| (target.cube, slot)));
    let mut shares: Vec<(usize, u32)> =
        near.map(|(cube, slot)| (slot.entry, cube.shared_bits(&slot.cube))).collect();
    shares.sort_unstable_by_key(|&(entry, bits)| (entry, Reverse(bits)));
    shares.dedup_by_key(|&mut (entry, _)| entry);
    shares.sort_by_key(|&(_, bits)| Reverse(bits));
    shares.into_iter().map(|(entry, _)| entry).collect()
}
