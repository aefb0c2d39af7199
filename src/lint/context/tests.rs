//! What findings say about their own certainty.

use jiff::civil::date;

use super::*;
use crate::lint::ALL;
use crate::lower::lower;
use crate::parse;
use crate::source::Sources;

const POLICY: &str = "
version: 1
name: site
rules:
  - { id: x, action: allow, from: host, to: any, services: pop3, reason: Mail, log: true, exception: { owner: a } }
";

fn notes(certainty: Certainty) -> Vec<String> {
    let policy = lower(parse::text("p.yaml", POLICY, &mut Sources::default())).policy.unwrap();
    let survey = Survey::of(&policy);
    let context = Context::new(&survey, ALL[0].meta(), date(2026, 11, 15));
    let mut permits = context.permits(&context.outward().tcp(&[110]));
    let mut permit = permits.pop().unwrap();
    permit.hit.certainty = certainty;
    context.finding_about(&permit, "lets something pass").notes
}

#[test]
fn a_finding_that_is_not_proven_says_so() {
    assert!(notes(Certainty::Possible).iter().any(|note| note == UNPROVEN));
    assert!(!notes(Certainty::Proven).iter().any(|note| note == UNPROVEN));
}

#[test]
fn a_finding_says_why_an_exception_does_not_cover() {
    let why = "the exception of the rule has no end and so covers nothing";
    assert!(notes(Certainty::Proven).iter().any(|note| note == why));
}
