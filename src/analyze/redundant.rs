//! Rules that could go without a change for any packet.

use super::Decisions;
use crate::model::Origin;
use crate::packet::Redundancy;

/// A rule whose packets would all meet the same without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redundant {
    /// Index in [`Policy::rules`](crate::model::Policy::rules).
    pub rule: usize,
    /// The rules and defaults behind it that do the same to its packets, logging included.
    pub by: Vec<Origin>,
}

impl Decisions<'_> {
    /// The rules that decide packets, and without which the rules and defaults behind them would do exactly the same
    /// to all of these, in order. Rules that decide nothing are [`Decisions::shadowed_rules`].
    #[must_use]
    pub fn redundant_rules(&self) -> Vec<Redundant> {
        let rules = 0..self.policy().rules.len();
        rules.filter_map(|rule| self.redundant(rule)).collect()
    }

    /// Whether it is proven that every packet would meet the same without a rule, logging included.
    #[must_use]
    pub fn is_unchanged_without(&self, rule: usize) -> bool {
        let owner = self.boxes().rule(rule);
        owner.is_none_or(|owner| matches!(self.boxes().list.redundant(owner), Redundancy::By(_)))
    }

    fn redundant(&self, rule: usize) -> Option<Redundant> {
        match self.boxes().list.redundant(self.boxes().rule(rule)?) {
            Redundancy::By(owners) if !owners.is_empty() => {
                Some(Redundant { rule, by: self.boxes().origins(&owners) })
            }
            Redundancy::By(_) | Redundancy::Needed | Redundancy::Undecided => None,
        }
    }
}
