//! Expectations for machines: one JSON document whose shape only grows within a version.

use serde::Serialize;

use super::{Against, Missing, Score, Told, Tried};
use crate::report::findings::json::{Finding, Span, finding, span};
use crate::report::said;
use crate::source::{Severity, Sources};

/// Version of the document's shape; raised when a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    policies: Vec<Policy<'r>>,
    expectations: Vec<Expectation<'r>>,
    /// What is wrong with policies that are not valid.
    errors: Vec<Finding<'r>>,
    summary: Figures,
}

#[derive(Serialize)]
struct Policy<'r> {
    path: &'r str,
    /// None if the policy is not valid.
    name: Option<&'r str>,
    rules: usize,
    exercised: usize,
    not_exercised: Vec<Rule<'r>>,
}

#[derive(Serialize)]
struct Rule<'r> {
    rule: &'r str,
    #[serde(flatten)]
    span: Span<'r>,
}

#[derive(Serialize)]
struct Expectation<'r> {
    policy: &'r str,
    expected: &'static str,
    by: Option<&'r str>,
    result: &'static str,
    #[serde(flatten)]
    span: Span<'r>,
    deciders: Vec<Deciding<'r>>,
    more_deciders: usize,
    set_aside: &'r [&'static str],
    help: Option<&'r str>,
}

#[derive(Serialize)]
struct Deciding<'r> {
    decider: &'r str,
    rule: Option<&'r str>,
    verdict: &'static str,
    packet: &'r str,
    #[serde(flatten)]
    span: Span<'r>,
}

#[derive(Serialize)]
struct Figures {
    expectations: usize,
    hold: usize,
    failed: usize,
    undecided: usize,
    rules: usize,
    exercised: usize,
    errors: usize,
}

/// Every expectation and what became of it as one JSON document with a line end. Places as in
/// [`json`](crate::report::json()).
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn json(run: &[Tried]) -> Result<String, serde_json::Error> {
    let said = said(run.iter().map(|tried| &tried.examined)).into_iter();
    let expectations =
        run.iter().flat_map(|tried| tried.trials.iter().map(move |told| expectation(tried, told)));
    let document = Document {
        version: VERSION,
        policies: run.iter().map(policy).collect(),
        expectations: expectations.collect(),
        errors: said.filter(|(one, _)| one.severity == Severity::Error).map(finding).collect(),
        summary: figures(&Score::of(run)),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn policy(tried: &Tried) -> Policy<'_> {
    let sources = &tried.examined.sources;
    Policy {
        path: &tried.examined.path,
        name: tried.examined.name.as_deref(),
        rules: tried.rules,
        exercised: tried.rules - tried.missing.len(),
        not_exercised: tried.missing.iter().map(|missing| rule(missing, sources)).collect(),
    }
}

fn rule<'r>(missing: &'r Missing, sources: &'r Sources) -> Rule<'r> {
    Rule { rule: &missing.rule, span: span(missing.site, sources) }
}

fn expectation<'r>(tried: &'r Tried, told: &'r Told) -> Expectation<'r> {
    let sources = &tried.examined.sources;
    Expectation {
        policy: &tried.examined.path,
        expected: told.expected.name(),
        by: told.by.as_deref(),
        result: told.outcome.name(),
        span: span(told.site, sources),
        deciders: told.objections.iter().map(|against| decider(against, sources)).collect(),
        more_deciders: told.more,
        set_aside: &told.set_aside,
        help: told.help.as_deref(),
    }
}

fn decider<'r>(against: &'r Against, sources: &'r Sources) -> Deciding<'r> {
    Deciding {
        decider: &against.decider,
        rule: against.rule.as_deref(),
        verdict: against.verdict.name(),
        packet: &against.packet,
        span: span(against.site, sources),
    }
}

fn figures(score: &Score) -> Figures {
    let &Score { errors, hold, failed, undecided, rules, exercised, .. } = score;
    Figures { expectations: score.expectations(), hold, failed, undecided, rules, exercised, errors }
}
