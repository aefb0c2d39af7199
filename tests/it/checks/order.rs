//! Rules that hide, contradict or repeat others, that observe for too long, or that do not say why.

use mailward::source::{Diagnostic, Severity};

use super::findings::{findings, office, titles};

const SHADOWED: &str = "rule-shadowed";
const CONFLICT: &str = "rule-conflict";
const OBSERVE: &str = "observe-overdue";
const REASON: &str = "rule-no-reason";

fn of(check: &str, rules: &[&str]) -> Vec<Diagnostic> {
    findings(&office(rules)).into_iter().filter(|finding| finding.code == check).collect()
}

fn shadowed(rules: &[&str]) -> Vec<Severity> {
    of(SHADOWED, rules).iter().map(|finding| finding.severity).collect()
}

#[test]
fn a_rule_hidden_by_the_opposite() {
    let allow_first =
        ["a | lan | internet | { tcp: 400-500 }", "reject-b | 10.20.3.0/24 | internet | https | log: true"];
    assert_eq!(shadowed(&allow_first), [Severity::High]);
    let deny_first = ["deny-a | lan | any | any | log: true", "b | lan | internet | https"];
    assert_eq!(shadowed(&deny_first), [Severity::High]);
    assert_eq!(
        shadowed(&["b | 10.20.3.0/24 | internet | https", "deny-a | lan | internet | any | log: true"]),
        []
    );
}

#[test]
fn a_rule_hidden_by_several_together() {
    let rules = [
        "a | 10.20.0.0/17 | internet | https",
        "b | 10.20.128.0/17 | internet | https",
        "c | '2001:db8:20::/48' | internet | https",
        "d | 10.20.128.0/18 | internet | https",
        "deny-e | lan | internet | https | log: true",
    ];
    let found = of(SHADOWED, &rules);
    let hidden = found.iter().find(|finding| finding.title.contains("`deny-e`")).unwrap();
    let blockers: Vec<&str> = hidden.related.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(
        blockers,
        ["`a` allows its packets first", "`b` allows its packets first", "`c` allows its packets first"],
        "no more than it takes"
    );
    assert_eq!(hidden.severity, Severity::High);
}

#[test]
fn a_hidden_rule_shows_a_packet_and_who_decides_it() {
    let found =
        of(SHADOWED, &["a | lan | internet | any", "deny-b | lan | 198.51.100.0/24 | pop3 | log: true"]);
    assert_eq!(found, [], "the bare address is reached through other interfaces as well");
    let found =
        of(SHADOWED, &["a | lan | internet | any", "deny-b | 10.20.1.0/24 | internet | pop3 | log: true"]);
    let notes = &found[0].notes;
    let example =
        "for example: forward, lan0 → wan0: TCP 10.20.1.1:49152 → 198.51.100.1:110, which rule `a` accepts";
    assert!(notes.iter().any(|note| note == example), "{notes:?}");
}

#[test]
fn a_rule_that_only_repeats_is_dead_weight() {
    assert_eq!(shadowed(&["a | lan | internet | https", "b | lan | internet | https"]), [Severity::Low]);
    let refusals =
        ["deny-a | lan | internet | any | log: true", "reject-b | lan | internet | pop3 | log: true"];
    assert_eq!(shadowed(&refusals), [Severity::Low]);
}

#[test]
fn what_the_default_or_the_baseline_does_anyway_may_be_written() {
    assert_eq!(shadowed(&["reject-a | lan | internet | pop3 | log: true"]), []);
    assert_eq!(shadowed(&["a | internet | host | { icmp: [3] }"]), []);
    assert_eq!(shadowed(&["deny-a | 127.0.0.0/8 | servers | any | log: true"]), []);
}

#[test]
fn a_rule_that_the_baseline_contradicts() {
    assert_eq!(shadowed(&["a | 127.0.0.1 | servers | https"]), [Severity::High]);
    assert_eq!(shadowed(&["deny-a | internet | host | { icmp: [3] } | log: true"]), [Severity::High]);
}

#[test]
fn disabled_and_observing_rules_hide_nothing() {
    let observing = "reject-a | lan | internet | pop3 | stage: { observe-until: 2027-01-31 }";
    assert_eq!(shadowed(&[observing, "b | lan | internet | pop3"]), []);
    assert_eq!(
        shadowed(&["a | lan | internet | https | disabled: broken", "deny-b | lan | internet | https"]),
        []
    );
    assert_eq!(shadowed(&["a | lan | internet | any", "b | lan | internet | https | disabled: later"]), []);
}

#[test]
fn an_observing_rule_that_sees_nothing_is_hidden() {
    let observing = "reject-b | lan | internet | pop3 | stage: { observe-until: 2027-01-31 }";
    assert_eq!(shadowed(&["a | lan | internet | any", observing]), [Severity::High]);
}

#[test]
fn equal_packets_with_different_actions() {
    let rules = [
        "a | 10.0.0.0/8 | internet | https",
        "deny-b | [10.0.0.0/9, 10.128.0.0/9] | internet | https | log: true",
    ];
    let found = of(CONFLICT, &rules);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].related[0].text, "`allow`, and decides all of them");
    assert_eq!(shadowed(&rules), [], "one finding says it");
    let refusals =
        ["deny-a | lan | internet | pop3 | log: true", "reject-b | lan | internet | pop3 | log: true"];
    assert_eq!(of(CONFLICT, &refusals).len(), 1);
}

#[test]
fn equal_packets_with_one_action_or_unequal_packets_are_no_conflict() {
    assert_eq!(of(CONFLICT, &["a | lan | internet | https", "b | lan | internet | https"]), []);
    assert_eq!(
        of(CONFLICT, &["a | lan | internet | https", "deny-b | lan | internet | { tcp: [443, 444] }"]),
        []
    );
    let observing = "reject-a | lan | internet | pop3 | stage: { observe-until: 2027-01-31 }";
    assert_eq!(of(CONFLICT, &[observing, "b | lan | internet | pop3"]), [], "the first step of a migration");
}

#[test]
fn observing_ends_with_its_last_day() {
    let until =
        |stage: &str| of(OBSERVE, &[&format!("reject-a | lan | internet | pop3 | stage: {stage}")]).len();
    assert_eq!(until("observe"), 1);
    assert_eq!(until("{ observe-until: 2026-11-14 }"), 1);
    assert_eq!(until("{ observe-until: 2026-11-15 }"), 0);
    assert_eq!(until("enforce"), 0);
    assert_eq!(until("observe, disabled: not yet"), 0);
}

#[test]
fn a_reason_is_more_than_a_placeholder() {
    let reason = |text: &str| {
        let policy = office(&["lan-web | lan | internet | https"]);
        titles(REASON, &policy.replace("reason: A test of a check", &format!("reason: '{text}'"))).len()
    };
    assert_eq!((reason("todo"), reason("tbd - temp rule"), reason("..."), reason("lan-web")), (1, 1, 1, 1));
    assert_eq!((reason("Web."), reason("NET-412"), reason("temporary, until the proxy is back")), (0, 0, 0));
    let none = office(&["a | lan | internet | https"]).replace(", reason: A test of a check", "");
    assert_eq!(titles(REASON, &none), ["rule `a` does not say why it exists"]);
}
