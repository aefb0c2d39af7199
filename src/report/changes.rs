//! What people and machines see of changes in traffic: one file per format.

mod human;
mod json;
mod markdown;
mod sentence;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use human::human;
pub use json::json;
pub use markdown::{markdown, markdown_sections};
pub(super) use sentence::summary;

use super::Examined;
use crate::analyze::{Change, ChangeKind, Delta};

/// Two versions of a policy, and what is different.
#[derive(Debug)]
pub struct Compared<'p> {
    /// The old version; none if the policy is new.
    pub old: Option<&'p Examined>,
    /// The new version; none if the policy is gone.
    pub new: Option<&'p Examined>,
    /// What is different.
    pub delta: Delta<'p>,
}

impl Compared<'_> {
    /// What happened to the policy itself; nothing if it is on both sides.
    const fn fate(&self) -> Option<&'static str> {
        match (self.old, self.new) {
            (None, _) => Some("the policy is new"),
            (_, None) => Some("the policy is gone"),
            _ => None,
        }
    }
}

/// Every change of a run with the place of its policy: kind by kind, each in the order of the policies.
fn told<'c, 'p>(run: &'c [Compared<'p>]) -> Vec<(usize, &'c Change<'p>)> {
    let of = |(place, compared): (usize, &'c Compared<'p>)| {
        compared.delta.changes.iter().map(move |change| (place, change))
    };
    let mut told: Vec<(usize, &Change<'p>)> = run.iter().enumerate().flat_map(of).collect();
    told.sort_by_key(|(_, change)| change.kind);
    told
}

/// How many changes of each kind a run has, the kinds in order.
fn tally(run: &[Compared<'_>]) -> BTreeMap<ChangeKind, usize> {
    let mut tally = BTreeMap::new();
    for (_, change) in told(run) {
        *tally.entry(change.kind).or_default() += 1;
    }
    tally
}

/// How many answers are missing.
fn undecided(run: &[Compared<'_>]) -> usize {
    run.iter().map(|one| one.delta.undecided.len()).sum()
}
