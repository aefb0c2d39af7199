//! What all checks of a run share: prepared once per policy.

use std::sync::OnceLock;

use super::boundary::Boundary;
use crate::analyze::{Decisions, Vocabulary};
use crate::model::{Entry, Policy, Verdict};
use crate::packet::Cube;

/// A policy, ready for questions.
#[derive(Debug)]
pub struct Survey<'p> {
    /// Who decides which packets.
    pub(super) decisions: Decisions<'p>,
    /// What is inside and what is outside.
    pub(super) boundary: Boundary,
    /// The packets that observing entries log before anything is decided.
    pub(super) observed: Vec<Cube>,
    vocabulary: OnceLock<Vocabulary<'p>>,
}

impl<'p> Survey<'p> {
    /// Prepares a policy.
    #[must_use]
    pub fn of(policy: &'p Policy) -> Self {
        let observing = policy.entries.iter().filter(|entry| entry.verdict == Verdict::Observe);
        Self {
            decisions: Decisions::new(policy),
            boundary: Boundary::of(&policy.zones),
            observed: observing.filter(|entry| entry.log.is_some()).flat_map(Entry::cubes).collect(),
            vocabulary: OnceLock::new(),
        }
    }

    /// The names of the policy for sets of packets; prepared once somebody needs them.
    pub(super) fn vocabulary(&self) -> &Vocabulary<'p> {
        self.vocabulary.get_or_init(|| Vocabulary::of(self.decisions.policy()))
    }
}
