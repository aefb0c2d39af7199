//! Rules that never decide a packet because earlier entries decide all of theirs.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::Decisions;
use super::list::Slot;
use crate::model::{Origin, RuleAction, Verdict};
use crate::packet::{Cover, Cube, cover};

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

impl Target<'_> {
    /// Whether the boxes of the entries that are asked for hold all its packets.
    fn cover(&self, by: impl Fn(usize) -> bool) -> Cover {
        cover(self.cube, self.near.iter().filter(|slot| by(slot.entry)).map(|slot| &slot.cube))
    }
}

impl Decisions<'_> {
    /// The rules that never decide (or, while observing, never see) a packet, in order, and those for which
    /// that could not be told. Disabled rules are left out.
    #[must_use]
    pub fn shadowed_rules(&self) -> Vec<Shadowed> {
        self.entries_by_rule()
            .into_iter()
            .filter_map(|(rule, entries)| self.shadowed(rule, &entries))
            .collect()
    }

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
        for target in self.targets(entries) {
            match target.cover(|_| true) {
                Cover::Covered => covered.push(target),
                Cover::Uncovered(_) => return None,
                Cover::Undecided => doubtful = true,
            }
        }
        if doubtful {
            return Some(Shadowed { rule, by: Vec::new(), effect: Effect::Undecided });
        }
        let by = blockers(&covered);
        Some(Shadowed { rule, effect: self.effect(rule, &by), by })
    }

    /// The boxes of a rule with the earlier boxes of others near them. A rule's own entries do not shadow it:
    /// what one of them decides, the rule decides.
    fn targets<'a>(&'a self, entries: &'a [usize]) -> impl Iterator<Item = Target<'a>> {
        let cubes = entries.iter().flat_map(|&index| self.cubes_of(index).map(move |cube| (index, cube)));
        cubes.map(|(index, cube)| {
            let others = self.before(cube, index).filter(|slot| !entries.contains(&slot.entry));
            Target { cube, near: others.collect() }
        })
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
    let enough = |chosen: &[usize]| {
        let chosen: BTreeSet<usize> = chosen.iter().copied().collect();
        targets.iter().all(|target| target.cover(|entry| chosen.contains(&entry)) == Cover::Covered)
    };
    let mut chosen = by_share(targets);
    let counts: Vec<usize> = (0..chosen.len()).collect();
    chosen.truncate(counts.partition_point(|&count| !enough(chosen.get(..count).unwrap_or_default())));
    if chosen.len() <= Shadowed::MINIMISED {
        for &candidate in chosen.clone().iter().rev() {
            let without: Vec<usize> = chosen.iter().copied().filter(|&entry| entry != candidate).collect();
            if enough(&without) {
                chosen = without;
            }
        }
    }
    chosen
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
