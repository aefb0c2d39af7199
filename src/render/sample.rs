//! Small policies for the renderers' tests.

use super::{Artifact, Target, Templates, render};
use crate::lower::lower;
use crate::model::Policy;
use crate::parse;
use crate::source::{Diagnostic, Sources};

/// Two zones on Linux interfaces and the rest of the world.
const HEAD: &str = "
version: 1
name: sample
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16, '2001:db8:20::/48'], trust: internal }
  wan: { interfaces: [wan0, wan1] }
";

/// A rule for tests that are about something else.
pub(super) const PLAIN: &str =
    "rules: [ { id: plain, action: allow, from: lan, to: host, services: [ssh] } ]\n";

/// A policy from YAML, whole.
pub(super) fn policy(yaml: &str) -> (Policy, Sources) {
    let mut sources = Sources::default();
    let lowered = lower(parse::text("sample.yaml", yaml, &mut sources));
    let policy = lowered.policy.unwrap_or_else(|| panic!("{:#?}", lowered.diagnostics));
    (policy, sources)
}

/// The sample zones with more YAML after them.
pub(super) fn policy_with(yaml: &str) -> (Policy, Sources) {
    policy(&format!("{HEAD}{yaml}"))
}

/// What a target makes of the sample zones with more YAML after them.
pub(super) fn rendered(yaml: &str, target: Target) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let (policy, sources) = policy_with(yaml);
    render(&policy, &sources, target, &Templates::built_in().unwrap())
}

/// The files one after the other.
pub(super) fn text(yaml: &str, target: Target) -> String {
    rendered(yaml, target).unwrap().into_iter().map(|artifact| artifact.text).collect()
}

/// One rule `probe` as the only one, everything but its `id` given.
pub(super) fn rule(fields: &str) -> String {
    format!("rules: [ {{ id: probe, {fields} }} ]\n")
}
