//! Holds a policy against standards: each control is met, not met, or cannot be decided from packet rules.
//!
//! A check serves a control if it cites it. Nothing is claimed that no check looked at, and nothing that rules of a packet filter do not
//! show.

mod evidence;
mod judge;
mod objective;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::run::examine_survey;
use super::{Excepted, Plan, Survey};
use crate::catalog;
use crate::model::{Policy, Profile};
use crate::source::{Diagnostic, Site};
use judge::Judge;
pub use objective::{Objective, objectives};

/// A policy, held against one profile.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The name of the profile.
    pub profile: String,
    /// What the profile stands for.
    pub title: String,
    /// Which version of it is meant; none for what has no version of its own.
    pub version: Option<String>,
    /// Who published it; none for a profile that somebody wrote.
    pub publisher: Option<String>,
    /// What packet rules show of none of its controls.
    pub beyond: Option<String>,
    /// Its controls, in its order.
    pub controls: Vec<Judged>,
}

/// A control and what was found about it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its number.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// What packet rules can show of it.
    pub shows: Option<String>,
    /// What they cannot show.
    pub beyond: Option<String>,
    /// The judgement.
    pub state: State,
    /// Why it cannot be decided.
    pub because: Option<String>,
    /// The checks that serve it.
    pub checks: Vec<Served>,
    /// What they found.
    pub findings: Vec<Diagnostic>,
    /// What they found and somebody was permitted to do.
    pub excepted: Vec<Excepted>,
}

/// What is said of a control, always as far as packet rules show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A check that serves it found something.
    NotMet,
    /// What the checks found is permitted by exceptions in force.
    Excepted,
    /// The checks that serve it found nothing.
    Met,
    /// No check can say.
    NotDecidable,
}

/// A check that serves a control.
#[derive(Clone, Debug)]
pub struct Served {
    /// Its id.
    pub id: &'static str,
    /// What it looks for.
    pub summary: String,
    /// Why it says nothing; none if it was run.
    pub idle: Option<String>,
    /// How much it found.
    pub findings: usize,
    /// A packet of the kind it is about that is refused.
    pub refused: Option<Refused>,
}

/// A packet that is refused.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The packet.
    pub packet: String,
    /// Who refuses it.
    pub by: String,
    /// Where that is written.
    pub site: Site,
}

impl State {
    /// Every state, in the order of a report.
    pub const ALL: [Self; 4] = [Self::NotMet, Self::Excepted, Self::Met, Self::NotDecidable];

    /// The word for machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotMet => "not-met",
            Self::Excepted => "met-with-exceptions",
            Self::Met => "met",
            Self::NotDecidable => "not-decidable",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotMet => "not met",
            Self::Excepted => "met with exceptions",
            Self::Met => "met",
            Self::NotDecidable => "not decidable",
        }
    }

    /// Whether it is an answer.
    #[must_use]
    pub fn is_decided(self) -> bool {
        self != Self::NotDecidable
    }
}

impl Assessment {
    /// How many controls have a state.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        self.with(state).count()
    }

    /// The controls with a state.
    pub fn with(&self, state: State) -> impl Iterator<Item = &Judged> {
        self.controls.iter().filter(move |control| control.state == state)
    }
}

/// Holds a policy against the profiles of a plan, or against its own where the plan has none. The checks that a profile of one's own
/// adds are a profile too.
#[must_use]
pub fn assess(policy: &Policy, plan: &Plan, today: Date) -> Vec<Assessment> {
    let plan = &plan.clone().whole();
    let asked: &[Profile] =
        if plan.profiles().is_empty() && plan.own().is_empty() { &policy.profiles } else { plan.profiles() };
    let survey = Survey::of(policy);
    let linted = examine_survey(&survey, plan, today);
    let judge = Judge::new(&survey, plan, today, &linted);
    let mut once: Vec<Profile> = Vec::new();
    for profile in asked {
        if !once.contains(profile) {
            once.push(*profile);
        }
    }
    let standards: Vec<_> = once.into_iter().filter_map(catalog::standard).collect();
    let mut assessments: Vec<Assessment> =
        standards.iter().map(|standard| judge.standard(standard)).collect();
    assessments.extend(judge.own(&standards));
    assessments
}
