//! The shipped policies, through the whole pipe.

use std::path::Path;

use mailward::lower::lower;
use mailward::model::Policy;
use mailward::parse::{self, Bundle};
use mailward::render::{Artifact, Dialect, Target, Templates, render};
use mailward::source::Sources;

/// Every policy in `policies/`; a test in `golden` compares this list with the directory.
pub(crate) const NAMES: [&str; 6] = [
    "branch-gateway",
    "cleartext-migration",
    "mail-gateway-dmz",
    "mail-server",
    "provider-edge",
    "workstation",
];

/// Every target with the word that names its snapshots.
pub(crate) const TARGETS: [(Target, &str); 4] = [
    (Target::Nftables, "nftables"),
    (Target::Iptables, "iptables"),
    (Target::Pf(Dialect::OpenBsd), "pf-openbsd"),
    (Target::Pf(Dialect::FreeBsd), "pf-freebsd"),
];

/// A shipped policy and the files it was read from.
pub(crate) fn policy(name: &str) -> (Policy, Sources) {
    let mut sources = Sources::default();
    let bundle = parse::load(Path::new(&path(name)), &mut sources);
    (sound(name, bundle), sources)
}

/// The ruleset of a shipped policy.
pub(crate) fn ruleset(name: &str, target: Target) -> Vec<Artifact> {
    let (policy, sources) = policy(name);
    rendered(&policy, &sources, target)
}

/// The ruleset of a shipped policy from which somebody took a rule.
pub(crate) fn ruleset_without(name: &str, rule: &str, target: Target) -> Vec<Artifact> {
    let text = std::fs::read_to_string(path(name)).expect("the policy");
    let start = text.find(&format!("  - id: {rule}\n")).expect("the rule");
    let end = text[start..].find("\n\n").expect("a rule after it") + start;
    let mut sources = Sources::default();
    let rest = [&text[..start], &text[end..]].concat();
    let by = format!("by: {rule} }}");
    let rest: String = rest.split_inclusive('\n').filter(|line| !line.contains(&by)).collect();
    let bundle = parse::text(&path(name), rest, &mut sources);
    rendered(&sound(name, bundle), &sources, target)
}

/// The policy with the corners of the language, and what it becomes on a target.
pub(crate) fn corners(target: Target) -> (Policy, Vec<Artifact>) {
    let mut sources = Sources::default();
    let policy = sound("corners", parse::load(Path::new("tests/data/kernel/corners.yaml"), &mut sources));
    let ruleset = rendered(&policy, &sources, target);
    (policy, ruleset)
}

fn path(name: &str) -> String {
    format!("policies/{name}.yaml")
}

fn sound(name: &str, bundle: Bundle) -> Policy {
    let lowered = lower(bundle);
    assert!(lowered.diagnostics.is_empty(), "{name}: {:#?}", lowered.diagnostics);
    lowered.policy.expect("no diagnostic, so there is a policy")
}

fn rendered(policy: &Policy, sources: &Sources, target: Target) -> Vec<Artifact> {
    let templates = Templates::built_in().expect("the templates of the program itself");
    let name = &policy.name.value;
    render(policy, sources, target, &templates)
        .unwrap_or_else(|why| panic!("{name} for {target:?}: {why:#?}"))
}
