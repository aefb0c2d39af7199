//! Fixes that are called safe, carried out on the text and held against the old policy packet by packet.

use mailward::analyze::delta;
use mailward::lint::{Plan, lint};
use mailward::lower::lower;
use mailward::model::Policy;
use mailward::parse;
use mailward::source::{Diagnostic, Effect, Safety, Sources};

use super::findings::{TODAY, office};

fn read(text: &str, sources: &mut Sources) -> Policy {
    let lowered = lower(parse::text("policy.yaml", text, sources));
    lowered.policy.unwrap_or_else(|| panic!("{:#?}\n{text}", lowered.diagnostics))
}

/// The fixes of a policy, each with the text it makes.
fn fixed(text: &str) -> Vec<(Diagnostic, String)> {
    let mut sources = Sources::default();
    let findings = lint(&read(text, &mut sources), &Plan::default(), TODAY);
    let changes = |finding: &Diagnostic| finding.fix.as_ref().and_then(|fix| fix.changes(&sources));
    let apply = |finding: Diagnostic| {
        let mut text = text.to_owned();
        for change in changes(&finding)?.into_iter().rev() {
            text.replace_range(change.range, &change.text);
        }
        Some((finding, text))
    };
    findings.into_iter().filter_map(apply).collect()
}

fn safeties(text: &str) -> Vec<Safety> {
    fixed(text).into_iter().map(|(finding, _)| finding.fix.unwrap().safety()).collect()
}

/// Rules that repeat others in every way: whole, in part of their packets, by several together, before and behind.
const REPEATED: [&[&str]; 5] = [
    &["a | lan | internet | https", "b | 10.20.3.0/24 | internet | https", "c | lan | servers | any"],
    &["a | 10.20.3.0/24 | 198.51.100.0/24 | https", "b | 10.20.0.0/16 | 198.51.100.0/24 | [https, imaps]"],
    &[
        "a | 10.20.0.0/17 | internet | https",
        "b | 10.20.128.0/17 | internet | https",
        "deny-c | lan | servers | any | log: true",
        "d | 10.20.0.0/16 | internet | https",
    ],
    &[
        "deny-a | 10.20.3.0/24 | internet | pop3 | log: true",
        "b | lan | internet | imaps",
        "deny-c | lan | internet | [pop3, imap] | log: true",
    ],
    &["a | lan | internet | https | log: true", "b | lan | internet | https", "c | lan | internet | https"],
];

#[test]
fn a_safe_fix_changes_no_traffic() {
    let mut count = 0;
    for rules in REPEATED {
        let before = office(rules);
        for (finding, after) in fixed(&before) {
            let [old, new] = [&before, &after].map(|text| read(text, &mut Sources::default()));
            assert!(old.rules.len() == new.rules.len() + 1, "{after}");
            let delta = delta(&old, &new);
            assert_eq!(finding.fix.unwrap().effect, Effect::Nothing, "{before}");
            assert!(delta.changes.is_empty() && delta.undecided.is_empty(), "{before}\n{after}");
            count += 1;
        }
    }
    assert!(count >= 5, "{count} fixes");
}

#[test]
fn what_an_expectation_names_is_not_deleted_safely() {
    let rules = office(&["a | lan | internet | https", "b | 10.20.3.0/24 | internet | https"]);
    assert_eq!(safeties(&rules), [Safety::Safe]);
    let named = rules + "expect:\n  - { allow: { from: lan, to: internet, services: https }, by: b }\n";
    assert_eq!(safeties(&named), [Safety::Unsafe]);
}
