//! The policy's own tests: each expectation decided for every packet of its set, and the rules that they exercise.
//!
//! An expectation speaks about what rules decide. What the baseline decides before any rule could is set aside, as
//! long as it leaves rules anything: see [`Layer`](layer::Layer) for what is asked when it does not.

mod change;
mod coverage;
mod home;
mod judge;
mod layer;
mod part;
mod remedy;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

pub use coverage::Coverage;
pub use remedy::Remedy;
pub use words::NOT_EXERCISED;

use super::{Decider, Decisions, Effect};
use crate::model::{BaselinePart, Expectation, Policy};
use crate::source::Diagnostic;
pub(super) use home::Homes;
use judge::Judge;

/// The expectations of a policy, decided.
#[derive(Debug)]
pub struct Trials<'p> {
    policy: &'p Policy,
    /// Each expectation and what became of it, in the order written.
    pub trials: Vec<Trial<'p>>,
    /// Which rules they exercise.
    pub coverage: Coverage,
}

/// An expectation and what became of it.
#[derive(Debug)]
pub struct Trial<'p> {
    /// The expectation.
    pub expectation: &'p Expectation,
    /// Whether it holds.
    pub outcome: Outcome,
    /// Who decides some of its packets otherwise, in the order of the policy; who might, if that is undecided. At
    /// most [`Trial::MOST_OBJECTIONS`], and none if it holds.
    pub objections: Vec<Objection<'p>>,
    /// How many others do too.
    pub more: usize,
    /// The parts of the baseline that decide some of its packets otherwise before any rule could. They are no
    /// objection: rules are left others to decide.
    pub set_aside: BTreeSet<BaselinePart>,
}

/// Whether an expectation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every packet that is left to rules is decided as expected.
    Holds,
    /// Some packet is decided otherwise.
    Failed,
    /// The question was too hard: not proven, and no packet found that is decided otherwise.
    Undecided,
}

/// Who decides some packets of an expectation otherwise.
#[derive(Clone, Debug)]
pub struct Objection<'p> {
    /// Who that is, with one of those packets.
    pub decider: Decider<'p>,
    /// What would have to change for that packet; none while the expectation is undecided.
    pub remedy: Option<Remedy>,
}

impl Outcome {
    /// The word for people and machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Failed => "failed",
            Self::Undecided => "undecided",
        }
    }
}

impl Trial<'_> {
    /// How many objections are told one by one; nobody follows more.
    pub const MOST_OBJECTIONS: usize = 5;
}

impl<'p> Trials<'p> {
    /// Decides every expectation of a policy.
    #[must_use]
    pub fn of(decisions: &Decisions<'p>) -> Self {
        let policy = decisions.policy();
        let mut coverage = Coverage::new(policy);
        let homes = Homes::of(&policy.zones);
        let judges = policy.expectations.iter().map(|one| Judge::new(decisions, one));
        let trials = judges.map(|judge| judge.trial(&homes, &mut coverage)).collect();
        Self { policy, trials, coverage }
    }

    /// How many expectations fare like that.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.trials.iter().filter(|trial| trial.outcome == outcome).count()
    }

    /// What there is to say about the expectations that are not known to hold, in the order written.
    #[must_use]
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.trials.iter().filter_map(|trial| words::finding(self.policy, trial)).collect()
    }

    /// What to do about an expectation that is not known to hold.
    #[must_use]
    pub fn help(&self, trial: &Trial<'p>) -> Option<String> {
        words::help(self.policy, trial)
    }

    /// What there is to say about the rules that no expectation exercises, in their order.
    #[must_use]
    pub fn uncovered(&self, decisions: &Decisions<'p>) -> Vec<Diagnostic> {
        let shadowed = decisions.shadowed_rules().iter().filter(|one| one.effect != Effect::Undecided);
        let shadowed: BTreeSet<usize> = shadowed.map(|one| one.rule).collect();
        let missing = self.coverage.missing();
        let rules =
            missing.filter_map(|index| Some((self.policy.rules.get(index)?, shadowed.contains(&index))));
        rules.map(|(rule, is_shadowed)| words::uncovered(rule, is_shadowed)).collect()
    }
}
