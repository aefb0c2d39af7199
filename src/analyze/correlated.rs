//! Rules that share some packets, disagree about them, and so depend on their order.

use std::collections::{BTreeMap, BTreeSet};

use super::Decisions;
use crate::model::{Origin, RuleAction, Stage};
use crate::packet::{Covering, Cube, IntervalSet, Packet, TCP, UDP, covering, transports};

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
    /// later ones. Left out are refusals in front that name all sources, destinations or ports, since they stand there for
    /// that, and rules of which [`Decisions::shadowed_rules`] or [`Decisions::vain_parts`] say more.
    #[must_use]
    pub fn correlated_rules(&self) -> Vec<Correlated> {
        let hidden = self.shadowed_rules().iter().map(|shadowed| shadowed.rule);
        let told: BTreeSet<usize> = hidden.chain(self.vain_parts().iter().map(|vain| vain.rule)).collect();
        let later = self.entries_by_rule().into_iter().filter(|(rule, _)| !told.contains(rule));
        later.flat_map(|(rule, entries)| self.correlated(rule, &entries)).collect()
    }

    fn correlated(&self, later: usize, entries: &[usize]) -> Vec<Correlated> {
        let mut found: BTreeMap<usize, Option<Packet>> = BTreeMap::new();
        let own = entries.iter().flat_map(|&index| self.cubes_of(index).map(move |cube| (index, cube)));
        let shared = own.flat_map(|(index, cube)| {
            self.rules_before(cube, index).map(move |(earlier, other)| (earlier, other, cube))
        });
        for (earlier, other, cube) in shared.filter(|&(earlier, ..)| self.is_odd(earlier, later)) {
            let known = found.entry(earlier).or_default();
            *known = known.take().or_else(|| self.hit(other, cube).map(|hit| hit.packet));
        }
        let reached = found.into_iter().filter_map(|(earlier, packet)| Some((earlier, packet?)));
        let pairs =
            reached.filter(|&(earlier, _)| !self.holds(earlier, later) && !self.holds(later, earlier));
        pairs.map(|(earlier, packet)| Correlated { earlier, later, packet }).collect()
    }

    /// The rules with entries before an index that speak about some packet of a box, each with its entry.
    fn rules_before(&self, cube: &Cube, index: usize) -> impl Iterator<Item = (usize, usize)> {
        self.before(cube, index).into_iter().filter_map(|other| {
            match self.policy().entries.get(other)?.origin {
                Origin::Rule(rule) => Some((rule, other)),
                Origin::Baseline(_) | Origin::Default => None,
            }
        })
    }

    /// Whether one of two rules in force lets pass what the other refuses, and the earlier one is no refusal that stands first for
    /// that.
    fn is_odd(&self, earlier: usize, later: usize) -> bool {
        let in_force =
            |rule: usize| self.policy().rules.get(rule).filter(|rule| rule.stage == Stage::Enforce);
        let allows = |rule: usize| in_force(rule).map(|rule| rule.action.value == RuleAction::Allow);
        match (allows(earlier), allows(later)) {
            (Some(true), Some(false)) => true,
            (Some(false), Some(true)) => !self.cubes_of_rule(earlier).any(is_open),
            _ => false,
        }
    }

    /// Whether a rule speaks about all packets of another, as far as can be told. Interfaces are left aside: an address
    /// that a zone holds is thought of as behind its interface, whether the rule says so or not.
    fn holds(&self, rule: usize, other: usize) -> bool {
        let own: Vec<Cube> = self.cubes_of_rule(rule).map(on_any_interface).collect();
        let within = |cube: &Cube| !matches!(covering(&on_any_interface(cube), &own), Covering::Open);
        self.cubes_of_rule(other).all(within)
    }
}

fn on_any_interface(cube: &Cube) -> Cube {
    Cube { incoming: IntervalSet::full(), outgoing: IntervalSet::full(), ..cube.clone() }
}

/// Whether a box is open on one side: whoever sends, wherever to, or to whichever port.
fn is_open(cube: &Cube) -> bool {
    let every = cube.family.every_address();
    let every_port = |protocol| transports(protocol, &IntervalSet::full()).is_subset(&cube.transport);
    cube.source == every || cube.destination == every || [TCP, UDP].into_iter().all(every_port)
}
