//! Rules about exactly the same packets.

use std::collections::BTreeMap;

use super::Decisions;
use crate::model::{Rule, Stage};
use crate::packet::{Covering, Cube, Family, Hook, IntervalSet, covering};

/// Two rules with the same packets and different actions: only the earlier one ever acts, and a target that
/// took the last match would do the opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Index of the rule that wins in [`Policy::rules`](crate::model::Policy::rules).
    pub earlier: usize,
    /// Index of the rule that never acts. [`Decisions::shadowed_rules`] reports it too.
    pub later: usize,
}

/// Two rules with the same packets and the same action: the later one never acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Index of the rule that acts in [`Policy::rules`](crate::model::Policy::rules).
    pub earlier: usize,
    /// Index of the rule that repeats it. [`Decisions::shadowed_rules`] reports it too.
    pub later: usize,
}

/// What a rule says about one hook and family, field by field: equal sets of packets have equal outlines.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Outline {
    hook: Hook,
    family: Family,
    incoming: IntervalSet<u16>,
    outgoing: IntervalSet<u16>,
    source: IntervalSet<u128>,
    destination: IntervalSet<u128>,
    transport: IntervalSet<u32>,
    source_ports: IntervalSet<u16>,
}

impl Outline {
    fn of(cubes: &[&Cube]) -> Option<Self> {
        let first = cubes.first()?;
        Some(Self {
            hook: first.hook,
            family: first.family,
            incoming: IntervalSet::union_of(cubes.iter().map(|cube| &cube.incoming)),
            outgoing: IntervalSet::union_of(cubes.iter().map(|cube| &cube.outgoing)),
            source: IntervalSet::union_of(cubes.iter().map(|cube| &cube.source)),
            destination: IntervalSet::union_of(cubes.iter().map(|cube| &cube.destination)),
            transport: IntervalSet::union_of(cubes.iter().map(|cube| &cube.transport)),
            source_ports: IntervalSet::union_of(cubes.iter().map(|cube| &cube.source_ports)),
        })
    }
}

/// A rule and its boxes.
struct Candidate<'a> {
    index: usize,
    rule: &'a Rule,
    cubes: Vec<&'a Cube>,
}

impl Candidate<'_> {
    fn outlines(&self) -> Vec<Outline> {
        let same = |a: &&Cube, b: &&Cube| a.hook == b.hook && a.family == b.family;
        self.cubes.chunk_by(same).filter_map(Outline::of).collect()
    }

    /// Whether it acts before the other, on exactly the same packets.
    fn acts_before(&self, later: &Self) -> bool {
        self.rule.stage == Stage::Enforce && self.covers(later) && later.covers(self)
    }

    fn covers(&self, other: &Self) -> bool {
        other.cubes.iter().all(|cube| matches!(covering(cube, self.cubes.iter().copied()), Covering::By(_)))
    }
}

impl Decisions<'_> {
    /// Every rule that has the same packets as an earlier rule in force and a different action, with the first
    /// such rule, in the order of the later ones.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        let pairs = self.alike(|first, second| first.action.value != second.action.value);
        pairs.into_iter().map(|(earlier, later)| Conflict { earlier, later }).collect()
    }

    /// Every rule in force that has the same packets as an earlier rule in force and the same action, with the first
    /// such rule, in the order of the later ones. How they log may differ.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let pairs = self.alike(|first, second| {
            first.action.value == second.action.value && second.stage == Stage::Enforce
        });
        pairs.into_iter().map(|(earlier, later)| Duplicate { earlier, later }).collect()
    }

    /// The rules of that kind that have the same packets as an earlier rule in force, each after the first such rule.
    fn alike(&self, kind: impl Fn(&Rule, &Rule) -> bool) -> Vec<(usize, usize)> {
        if self.shadowed_rules().is_empty() {
            return Vec::new(); // The later rule of a pair is always shadowed.
        }
        let mut alike: BTreeMap<Vec<Outline>, Vec<Candidate<'_>>> = BTreeMap::new();
        let mut pairs = Vec::new();
        for (index, entries) in self.entries_by_rule() {
            let Some(rule) = self.policy().rules.get(index) else { continue };
            let mut cubes: Vec<&Cube> = entries.iter().flat_map(|&entry| self.cubes_of(entry)).collect();
            cubes.sort_by_key(|cube| (cube.hook, cube.family));
            let later = Candidate { index, rule, cubes };
            let earlier = alike.entry(later.outlines()).or_default();
            let mut firsts = earlier.iter().filter(|first| kind(first.rule, later.rule));
            if let Some(first) = firsts.find(|first| first.acts_before(&later)) {
                pairs.push((first.index, index));
            }
            earlier.push(later);
        }
        pairs
    }
}
