//! From a policy as text to findings.

use jiff::civil::{Date, date};
use mailward::lint::{Plan, lint, lint_ruleset};
use mailward::lower::lower;
use mailward::parse;
use mailward::readback::{
    Conditions, InterfaceTable, IptablesKind, Language, as_policy, nothing_included, read,
};
use mailward::source::{Diagnostic, Site, SourceFile, Sources};

/// The day on which all tests of checks run.
pub(crate) const TODAY: Date = date(2026, 11, 15);

/// What the checks find in a policy that is free of errors.
pub(crate) fn findings(policy: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let lowered = lower(parse::text("policy.yaml", policy, &mut sources));
    let problems: Vec<String> = lowered.diagnostics.iter().map(|problem| problem.title.clone()).collect();
    assert!(problems.is_empty(), "{problems:#?}\n{policy}");
    lint(&lowered.policy.unwrap(), &Plan::default(), TODAY)
}

/// What the checks find in a ruleset that is free of errors and includes nothing.
pub(crate) fn findings_in_ruleset(language: Language, text: &str) -> Vec<Diagnostic> {
    findings_in_ruleset_by(&Plan::default(), language, text)
}

/// The same, for a plan.
pub(crate) fn findings_in_ruleset_by(plan: &Plan, language: Language, text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("ruleset".to_owned(), text.to_owned(), None));
    let files = [(file, IptablesKind::V4)];
    let ruleset = read(language, &files, &mut sources, &mut nothing_included).unwrap();
    let table = InterfaceTable::new(ruleset.interfaces());
    let meaning = ruleset.meaning(&table, &mut Conditions::default()).unwrap();
    let policy = as_policy(&meaning, &table, Site::bytes(file, 0..1), &sources).unwrap();
    lint_ruleset(&policy, plan, TODAY)
}

/// The titles of what one check finds, in the order of the policy.
pub(crate) fn titles(check: &str, policy: &str) -> Vec<String> {
    let of_check = findings(policy).into_iter().filter(|finding| finding.code == check);
    of_check.map(|finding| finding.title).collect()
}

/// An office: a LAN inside, a provider outside, and these rules, each `id | from | to | services` and then what
/// else belongs to the rule, as YAML.
pub(crate) fn office(rules: &[&str]) -> String {
    let head = "\
version: 1
name: office
zones:
  lan:      { interfaces: [lan0], networks: [10.20.0.0/16, \"2001:db8:20::/48\"], trust: internal }
  servers:  { interfaces: [srv0], networks: [10.30.0.0/24, \"2001:db8:30::/64\"], trust: internal }
  internet: { interfaces: [wan0], trust: untrusted }
rules:
";
    rules.iter().fold(head.to_owned(), |policy, line| policy + &rule(line))
}

/// One rule; `deny-` and `reject-` in front of an id name the action.
pub(crate) fn rule(line: &str) -> String {
    let parts: Vec<&str> = line.splitn(5, '|').map(str::trim).collect();
    let action = match parts[0] {
        id if id.starts_with("deny-") => "deny",
        id if id.starts_with("reject-") => "reject",
        _ => "allow",
    };
    let rest = parts.get(4).map(|rest| format!(", {rest}")).unwrap_or_default();
    format!(
        "  - {{ id: {}, action: {action}, from: {}, to: {}, services: {}, reason: A test of a check{rest} }}\n",
        parts[0], parts[1], parts[2], parts[3]
    )
}
