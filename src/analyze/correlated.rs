//! Rules that share some packets, disagree about them, and so depend on their order.

use std::collections::BTreeMap;

use super::Decisions;
use crate::model::{Origin, RuleAction, Stage};
use crate::packet::{Covering, Cube, Packet, covering};

/// Two rules that mean some common packets and some of their own, one to let pass and the other to refuse: with their
/// order, what happens to the common packets changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correlated {
    /// Index in [`Policy::rules`](crate::model::Policy::rules) of the rule that decides the common packets.
    pub earlier: usize,
    /// Index of the other rule.
    pub later: usize,
    /// A common packet that the earlier rule decides.
    pub packet: Packet,
}

impl Decisions<'_> {
    /// The pairs of rules in force whose order matters although neither is an exception to the other, in the order of the
    /// later ones.
    #[must_use]
    pub fn correlated_rules(&self) -> Vec<Correlated> {
        let later = self.entries_by_rule().into_iter();
        later.flat_map(|(rule, entries)| self.correlated(rule, &entries)).collect()
    }

    fn correlated(&self, later: usize, entries: &[usize]) -> Vec<Correlated> {
        let mut found: BTreeMap<usize, Option<Packet>> = BTreeMap::new();
        for (index, cube) in
            entries.iter().flat_map(|&index| self.cubes_of(index).map(move |cube| (index, cube)))
        {
            for other in self.before(cube, index) {
                let Some(Origin::Rule(earlier)) = self.policy().entries.get(other).map(|entry| entry.origin)
                else {
                    continue;
                };
                if found.get(&earlier).is_none_or(Option::is_none) && self.disagree(earlier, later) {
                    found.insert(earlier, self.hit(other, cube).map(|hit| hit.packet));
                }
            }
        }
        let reached = found.into_iter().filter_map(|(earlier, packet)| Some((earlier, packet?)));
        let pairs =
            reached.filter(|&(earlier, _)| !self.holds(earlier, later) && !self.holds(later, earlier));
        pairs.map(|(earlier, packet)| Correlated { earlier, later, packet }).collect()
    }

    /// Whether one of two rules in force lets pass what the other refuses.
    fn disagree(&self, one: usize, other: usize) -> bool {
        let in_force =
            |rule: usize| self.policy().rules.get(rule).filter(|rule| rule.stage == Stage::Enforce);
        let allows = |rule: usize| in_force(rule).map(|rule| rule.action.value == RuleAction::Allow);
        allows(one).zip(allows(other)).is_some_and(|(one, other)| one != other)
    }

    /// Whether a rule speaks about all packets of another, as far as can be told.
    fn holds(&self, rule: usize, other: usize) -> bool {
        let own: Vec<&Cube> = self.cubes_of_rule(rule).collect();
        let within = |cube: &Cube| !matches!(covering(cube, own.iter().copied()), Covering::Open);
        self.cubes_of_rule(other).all(within)
    }
}
