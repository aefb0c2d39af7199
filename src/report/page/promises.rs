//! What a policy expects of itself, and whether that holds.

use serde::Serialize;

use super::told::{Finding, finding, place};
use crate::analyze::{Decisions, Outcome, Trials};
use crate::model::Rule;
use crate::source::{Site, SourceFile, Sources};

/// Expectations and the rules that they exercise.
#[derive(Debug, Serialize)]
pub(super) struct Promises {
    holding: Vec<Promise>,
    broken: Vec<Promise>,
    broken_count: usize,
    /// How many there are.
    total: usize,
    /// How many rules are in force, and how many of them are exercised.
    rules: usize,
    exercised: usize,
    /// The share of them, in pixels of [`METER`].
    meter: usize,
    missing: Vec<Idle>,
}

/// An expectation.
#[derive(Debug, Serialize)]
struct Promise {
    /// As it is written, in one line.
    text: String,
    place: String,
    outcome: &'static str,
    /// What there is to say where it does not hold.
    finding: Option<Finding>,
}

/// A rule that no expectation exercises.
#[derive(Debug, Serialize)]
struct Idle {
    id: String,
    place: String,
}

/// How wide the picture of the share of exercised rules is.
const METER: usize = 400;

/// Decides the expectations of a policy.
pub(super) fn promises(decisions: &Decisions<'_>, sources: &Sources) -> Promises {
    let trials = Trials::of(decisions);
    let findings = trials.findings();
    let promise = |outcome: Outcome, site: Site| Promise {
        text: line(sources, site),
        place: place(sources, site),
        outcome: outcome.name(),
        finding: findings.iter().find(|one| one.primary.site == site).map(|one| finding(one, sources)),
    };
    let of = |holds: bool| {
        let those = trials.trials.iter().filter(move |trial| (trial.outcome == Outcome::Holds) == holds);
        those.map(|trial| promise(trial.outcome, trial.expectation.site)).collect::<Vec<_>>()
    };
    let idle = |rule: &Rule| Idle { id: rule.id.value.to_string(), place: place(sources, rule.id.site) };
    let missing = trials.coverage.missing().filter_map(|index| decisions.policy().rules.get(index));
    let broken = of(false);
    let (rules, exercised) = (trials.coverage.rules(), trials.coverage.exercised());
    Promises {
        holding: of(true),
        broken_count: broken.len(),
        broken,
        total: trials.trials.len(),
        meter: (exercised * METER).checked_div(rules).unwrap_or_default(),
        rules,
        exercised,
        missing: missing.map(idle).collect(),
    }
}

/// What is written at a place, in one line.
fn line(sources: &Sources, site: Site) -> String {
    let text = sources.file(site.file).map_or("", SourceFile::text);
    let written = text.get(sources.span(site)).unwrap_or("");
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}
