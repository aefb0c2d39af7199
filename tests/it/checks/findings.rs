//! From a policy as text to findings.

use jiff::civil::{Date, date};
use mailward::lint::lint;
use mailward::lower::lower;
use mailward::parse;
use mailward::source::{Diagnostic, Sources};

/// The day on which all tests of checks run.
pub(crate) const TODAY: Date = date(2026, 11, 15);

/// What the checks find in a policy that is free of errors.
pub(crate) fn findings(policy: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let lowered = lower(parse::text("policy.yaml", policy, &mut sources));
    let problems: Vec<String> = lowered.diagnostics.iter().map(|problem| problem.title.clone()).collect();
    assert!(problems.is_empty(), "{problems:#?}\n{policy}");
    lint(&lowered.policy.unwrap(), TODAY)
}
