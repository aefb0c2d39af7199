//! What became of expectations, for people and machines.

mod human;
mod json;

pub use human::human;
pub use json::json;

use super::{Examined, Summary};
use crate::analyze::{Objection, Outcome, Trial, Trials, describe};
use crate::model::{Origin, Policy, RuleAction};
use crate::source::{Severity, Site};

/// A policy of a run with what became of its expectations.
#[derive(Debug)]
pub struct Tried {
    /// What was read and said.
    pub examined: Examined,
    /// The expectations; none for a policy that is not valid.
    trials: Vec<Told>,
    /// How many rules are in force.
    rules: usize,
    /// The rules in force that no expectation exercises.
    missing: Vec<Missing>,
}

/// An expectation and what became of it.
#[derive(Debug)]
struct Told {
    site: Site,
    expected: RuleAction,
    by: Option<String>,
    outcome: Outcome,
    objections: Vec<Against>,
    more: usize,
    set_aside: Vec<&'static str>,
    help: Option<String>,
}

/// Who decides otherwise.
#[derive(Debug)]
struct Against {
    site: Site,
    decider: String,
    rule: Option<String>,
    verdict: RuleAction,
    packet: String,
}

/// A rule that no expectation exercises.
#[derive(Debug)]
struct Missing {
    rule: String,
    site: Site,
}

/// The figures of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Errors in the input.
    pub errors: usize,
    /// Expectations that hold.
    pub hold: usize,
    /// Expectations that do not.
    pub failed: usize,
    /// Expectations that could not be decided.
    pub undecided: usize,
    /// Rules in force.
    pub rules: usize,
    /// Rules in force that some expectation exercises.
    pub exercised: usize,
    /// Policies.
    pub policies: usize,
}

impl Tried {
    /// A policy that is not valid.
    #[must_use]
    pub fn invalid(examined: Examined) -> Self {
        Self { examined, trials: Vec::new(), rules: 0, missing: Vec::new() }
    }

    /// A valid policy.
    #[must_use]
    pub fn new(examined: Examined, policy: &Policy, trials: &Trials<'_>) -> Self {
        let missing = trials.coverage.missing().filter_map(|index| policy.rules.get(index));
        let missing =
            missing.map(|rule| Missing { rule: rule.id.value.to_string(), site: rule.id.site }).collect();
        let told = trials.trials.iter().map(|trial| Told::new(policy, trials, trial)).collect();
        Self { examined, trials: told, rules: trials.coverage.rules(), missing }
    }

    /// How many expectations it has.
    #[must_use]
    pub fn expectations(&self) -> usize {
        self.trials.len()
    }
}

impl Told {
    fn new(policy: &Policy, trials: &Trials<'_>, trial: &Trial<'_>) -> Self {
        let expectation = trial.expectation;
        Self {
            site: expectation.site,
            expected: expectation.verdict.action(),
            by: expectation.by.as_ref().map(|by| by.value.to_string()),
            outcome: trial.outcome,
            objections: trial.objections.iter().map(|one| Against::new(policy, one)).collect(),
            more: trial.more,
            set_aside: trial.set_aside.iter().map(|part| part.name()).collect(),
            help: trials.help(trial),
        }
    }
}

impl Against {
    fn new(policy: &Policy, objection: &Objection<'_>) -> Self {
        let decider = &objection.decider;
        let rule = match decider.hit.entry.origin {
            Origin::Rule(index) => policy.rules.get(index).map(|rule| rule.id.value.to_string()),
            Origin::Baseline(_) | Origin::Default => None,
        };
        Self {
            site: decider.site,
            decider: decider.subject.to_string(),
            rule,
            verdict: decider.hit.entry.verdict.action(),
            packet: describe(policy, &decider.hit.packet),
        }
    }
}

impl Score {
    /// Counts what the formats show.
    #[must_use]
    pub fn of(run: &[Tried]) -> Self {
        let told = || run.iter().flat_map(|tried| &tried.trials);
        let count = |outcome| told().filter(|told| told.outcome == outcome).count();
        let rules = run.iter().map(|tried| tried.rules).sum();
        let missing: usize = run.iter().map(|tried| tried.missing.len()).sum();
        Self {
            errors: Summary::of(run.iter().map(|tried| &tried.examined)).count(Severity::Error),
            hold: count(Outcome::Holds),
            failed: count(Outcome::Failed),
            undecided: count(Outcome::Undecided),
            rules,
            exercised: rules - missing,
            policies: run.len(),
        }
    }

    /// How many expectations there are.
    #[must_use]
    pub fn expectations(&self) -> usize {
        self.hold + self.failed + self.undecided
    }
}
