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

    fn redundant(&self, rule: usize) -> Option<Redundant> {
        match self.boxes().list.redundant(self.boxes().rule(rule)?) {
            Redundancy::By(owners) if !owners.is_empty() => {
                Some(Redundant { rule, by: self.boxes().origins(&owners) })
            }
            Redundancy::By(_) | Redundancy::Needed | Redundancy::Undecided => None,
        }
    }
}
