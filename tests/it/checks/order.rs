//! Rules that hide, contradict or repeat others, that observe for too long, or that do not say why.

use mailward::source::{Diagnostic, Severity};

use super::findings::{findings, office, titles};

const SHADOWED: &str = "rule-shadowed";
const CONFLICT: &str = "rule-conflict";
const OBSERVE: &str = "observe-overdue";
const REASON: &str = "rule-no-reason";
const REDUNDANT: &str = "rule-redundant";
const PARTLY: &str = "rule-partly-shadowed";
const CORRELATED: &str = "rule-correlated";
const UNREACHABLE: &str = "default-unreachable";

fn of(check: &str, rules: &[&str]) -> Vec<Diagnostic> {
    findings(&office(rules)).into_iter().filter(|finding| finding.code == check).collect()
}

fn shadowed(rules: &[&str]) -> Vec<Severity> {
    of(SHADOWED, rules).iter().map(|finding| finding.severity).collect()
}

/// The rules that are redundant.
fn redundant(rules: &[&str]) -> Vec<String> {
    let titles = titles(REDUNDANT, &office(rules));
    titles.iter().filter_map(|title| title.split('`').nth(1)).map(str::to_owned).collect()
}

fn partly(rules: &[&str]) -> Vec<(Severity, String)> {
    of(PARTLY, rules).into_iter().map(|finding| (finding.severity, finding.title)).collect()
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
    let repeated = ["a | lan | internet | https", "b | 10.20.3.0/24 | internet | https"];
    assert_eq!((shadowed(&repeated), redundant(&repeated)), (vec![], vec!["b".to_owned()]));
    let refusals =
        ["deny-a | lan | internet | any | log: true", "reject-b | lan | internet | pop3 | log: true"];
    assert_eq!((shadowed(&refusals), redundant(&refusals)), (vec![], vec!["reject-b".to_owned()]));
}

#[test]
fn a_rule_that_later_rules_make_superfluous() {
    let wider = ["a | 10.20.3.0/24 | internet | https", "b | lan | internet | [https, imaps]"];
    assert_eq!(redundant(&wider), ["a"], "from other interfaces the addresses are forged");
    let wider = ["a | 10.20.3.0/24 | 198.51.100.0/24 | https", "b | 10.20.0.0/16 | any | [https, imaps]"];
    assert_eq!(redundant(&wider), ["a"]);
    let together = [
        "a | 10.20.0.0/16 | 198.51.100.0/24 | https",
        "b | 10.20.0.0/17 | 198.51.100.0/24 | https",
        "c | 10.20.128.0/17 | 198.51.100.0/24 | https",
    ];
    assert_eq!(redundant(&together), ["b", "c"], "one finding for each that may go, not for both sides");
}

#[test]
fn what_stands_between_or_logs_otherwise_is_a_difference() {
    let between = [
        "a | 10.20.3.0/24 | 198.51.100.0/24 | https",
        "deny-b | 10.20.3.7 | 198.51.100.0/24 | https | log: true",
        "c | 10.20.0.0/16 | 198.51.100.0/24 | https",
    ];
    assert_eq!(redundant(&between), [] as [&str; 0]);
    let logged = [
        "a | 10.20.3.0/24 | 198.51.100.0/24 | https | log: true",
        "b | 10.20.0.0/16 | 198.51.100.0/24 | https",
    ];
    assert_eq!(redundant(&logged), [] as [&str; 0]);
}

#[test]
fn refusals_that_document_an_intent_are_needed() {
    let default = ["deny-a | lan | internet | pop3 | log: true"];
    assert_eq!(redundant(&default), [] as [&str; 0]);
    let last = ["deny-a | lan | internet | pop3 | log: true", "deny-b | any | any | any | log: true"];
    assert_eq!(redundant(&last), [] as [&str; 0]);
    let wider = [
        "deny-a | 10.20.3.0/24 | 198.51.100.0/24 | pop3",
        "deny-b | 10.20.0.0/16 | 198.51.100.0/24 | [pop3, imap]",
    ];
    assert_eq!(redundant(&wider), ["deny-a"]);
}

#[test]
fn an_element_that_never_matches() {
    let contradicted =
        ["a | lan | internet | [https, http]", "reject-b | lan | internet | [http, pop3] | log: true"];
    assert_eq!(
        partly(&contradicted),
        [(Severity::Medium, "a part of rule `reject-b` never matches: TCP 80 (http)".to_owned())]
    );
    let repeated = ["a | lan | internet | [https, http]", "b | lan | internet | [http, imaps]"];
    assert_eq!(
        partly(&repeated),
        [(Severity::Low, "a part of rule `b` never matches: TCP 80 (http)".to_owned())]
    );
    let addresses = [
        "deny-a | 10.20.3.0/24 | 198.51.100.0/24 | any | log: true",
        "b | [10.20.3.0/24, 10.20.9.0/24] | 198.51.100.0/24 | https",
    ];
    assert_eq!(
        partly(&addresses),
        [(Severity::Medium, "a part of rule `b` never matches: from 10.20.3.0/24".to_owned())]
    );
}

#[test]
fn a_part_of_a_range_that_never_matches() {
    let range =
        ["deny-a | lan | internet | { tcp: 110-119 } | log: true", "b | lan | internet | { tcp: 100-200 }"];
    let title = "a part of rule `b` never matches: TCP 110-119";
    assert_eq!(partly(&range), [(Severity::Info, title.to_owned())]);
    let by_two = [
        "deny-a | 10.20.0.0/17 | 198.51.100.0/24 | { tcp: 110-119 } | log: true",
        "deny-b | 10.20.128.0/17 | 198.51.100.0/24 | { tcp: 112-200 } | log: true",
        "c | 10.20.0.0/16 | 198.51.100.0/24 | { tcp: 100-200 }",
    ];
    let title = "a part of rule `c` never matches: TCP 112-119";
    assert_eq!(partly(&by_two), [(Severity::Info, title.to_owned())], "no single rule holds them");
}

#[test]
fn exceptions_and_what_is_left_are_whole() {
    let exception =
        ["a | 10.20.3.7 | 198.51.100.7 | pop3", "deny-b | 10.20.0.0/16 | 198.51.100.0/24 | pop3 | log: true"];
    assert_eq!(partly(&exception), []);
    let rest = ["deny-a | lan | internet | pop3 | log: true", "b | lan | internet | { tcp: any }"];
    assert_eq!(partly(&rest), []);
    let some = ["deny-a | 10.20.3.7 | internet | http | log: true", "b | lan | internet | [http, https]"];
    assert_eq!(partly(&some), [], "others may still use it");
}

#[test]
fn rules_whose_order_decides() {
    let crossing = [
        "a | 10.20.3.0/24 | 198.51.0.0/16 | https",
        "deny-b | 10.20.0.0/16 | 198.51.100.0/24 | https | log: true",
    ];
    let title = "rule `deny-b` and rule `a` disagree about packets they share: their order decides";
    assert_eq!(titles(CORRELATED, &office(&crossing)), [title]);
    let agreeing = ["a | 10.20.3.0/24 | 198.51.0.0/16 | https", "b | 10.20.0.0/16 | 198.51.100.0/24 | https"];
    assert_eq!(of(CORRELATED, &agreeing), []);
    let exception =
        ["a | 10.20.3.0/24 | 198.51.100.0/25 | https", "deny-b | lan | internet | https | log: true"];
    assert_eq!(of(CORRELATED, &exception), [], "an exception, whatever the interface");
    let decided = ["deny-0 | 10.20.3.0/24 | 198.51.100.0/24 | https | log: true", crossing[0], crossing[1]];
    assert_eq!(of(CORRELATED, &decided), [], "nothing is left for the order to decide");
}

#[test]
fn a_refusal_in_front_that_is_open_on_one_side_is_meant() {
    let open = [
        "deny-a | any | 198.51.100.0/24 | any",
        "deny-b | 10.20.0.0/16 | any | smtp",
        "c | lan | internet | any",
    ];
    assert_eq!(of(CORRELATED, &open), []);
    let closed =
        ["deny-a | 10.20.3.0/24 | 198.51.0.0/16 | https", "b | 10.20.0.0/16 | 198.51.100.0/24 | https"];
    assert_eq!(of(CORRELATED, &closed).len(), 1);
}

#[test]
fn a_default_that_nothing_comes_to() {
    let open = ["a | any | any | any"];
    let found = of(UNREACHABLE, &open);
    assert_eq!(found.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::Medium; 3]);
    let same = ["a | lan | internet | https", "deny-b | any | any | any | log: true"];
    assert_eq!(of(UNREACHABLE, &same), []);
    let closed = ["a | lan | internet | https", "reject-b | any | any | any | log: true"];
    let found = of(UNREACHABLE, &closed);
    assert_eq!(found.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [Severity::Info; 3]);
    assert_eq!(of(UNREACHABLE, &["a | lan | internet | any"]), []);
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
