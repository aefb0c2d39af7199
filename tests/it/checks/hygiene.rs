//! What a policy says about itself: owners, tickets, reviews, and nothing twice or for nothing.

use mailward::lint::{Plan, lint};
use mailward::lower::lower;
use mailward::parse;
use mailward::source::{Safety, Severity, Sources};

use super::findings::{TODAY, findings, office, titles};

fn found(check: &str, rules: &[&str]) -> Vec<String> {
    titles(check, &office(rules))
}

/// What the check finds where a profile asks for it.
fn asked(check: &str, profile: &str, policy: &str) -> Vec<String> {
    assert_eq!(titles(check, policy), [""; 0], "{check} is not for everybody");
    titles(check, &format!("{policy}profiles: [{profile}]\n"))
}

#[test]
fn the_owner_of_the_policy_or_of_the_exception_answers_for_a_rule() {
    let owners = |policy: &str| asked("rule-no-owner", "bsi-grundschutz", policy);
    let rules = office(&[
        "a | lan | internet | https",
        "b | lan | internet | imaps | owner: mail@example.net",
        "c | lan | internet | ntp | owner: TBD",
        "d | lan | internet | pop3 | exception: { owner: a@example.net, ticket: N-1, expires: 2027-01-01 }, log: true",
    ]);
    assert_eq!(
        owners(&rules),
        ["nobody answers for rule `a`", "the owner of rule `c` is a placeholder: `TBD`"]
    );
    let owned = format!("{rules}owner: netops@example.net\n");
    assert_eq!(owners(&owned), ["the owner of rule `c` is a placeholder: `TBD`"]);
}

#[test]
fn every_rule_cites_a_ticket_where_that_is_asked() {
    let rules = office(&[
        "a | lan | internet | https",
        "b | lan | internet | imaps | ticket: NET-1",
        "c | lan | internet | ntp | ticket: n/a",
        "d | lan | internet | pop3 | exception: { owner: a, ticket: N-1, expires: 2027-01-01 }, log: true",
    ]);
    let expected = ["rule `a` cites no ticket", "the ticket of rule `c` is a placeholder: `n/a`"];
    assert_eq!(asked("rule-no-ticket", "pci-dss-4.0.1", &rules), expected);
    assert_eq!(asked("rule-no-ticket", "nist-800-53r5", &rules), expected);
}

fn excepted(exception: &str) -> Vec<(Severity, String)> {
    let rule = format!("x | lan | internet | pop3 | log: true, exception: {exception}");
    let all = findings(&office(&[&rule])).into_iter();
    let own = all.filter(|finding| ["exception-no-owner", "exception-too-long"].contains(&finding.code));
    own.map(|finding| (finding.severity, finding.title)).collect()
}

#[test]
fn an_exception_names_who_answers_and_what_granted_it() {
    let title = |what: &str| format!("the exception of rule `x` names {what}");
    assert_eq!(excepted("{ expires: 2027-01-01 }"), [(Severity::Medium, title("neither owner nor ticket"))]);
    assert_eq!(excepted("{ ticket: N-1, expires: 2027-01-01 }"), [(Severity::Medium, title("no owner"))]);
    assert_eq!(
        excepted("{ owner: ortega, ticket: todo, expires: 2027-01-01 }"),
        [(Severity::Low, title("no ticket"))]
    );
    assert_eq!(excepted("{ ticket: N-1, expires: 2027-01-01 }, owner: ortega"), [], "the rule names one");
}

#[test]
fn an_exception_is_granted_for_a_year_at_most() {
    let title = |text: &str| [(Severity::Low, format!("the exception of rule `x` {text}"))];
    let dated = |dates: &str| excepted(&format!("{{ owner: ortega, ticket: N-1, {dates} }}"));
    assert_eq!(dated("granted: 2026-01-01, expires: 2027-01-01"), []);
    assert_eq!(dated("granted: 2026-01-01, expires: 2027-01-02"), title("was granted for 366 days"));
    assert_eq!(dated("expires: 2027-11-15"), []);
    assert_eq!(dated("expires: 2027-11-16"), title("holds for 366 days more"));
    assert_eq!(
        dated("granted: 2020-01-01, expires: 2026-11-14"),
        [],
        "it has ended, which another check says"
    );
}

#[test]
fn an_exception_of_its_own_is_held_to_a_year_too() {
    let exception = "exceptions:
  - { checks: [mail-pop3-cleartext-egress], from: lan, to: 198.51.100.25, services: [pop3], owner: ortega,
      granted: 2026-01-01, expires: 2030-01-01, reason: Scanners. }
";
    let policy = office(&["a | lan | 198.51.100.25 | pop3"]) + exception;
    assert_eq!(titles("exception-too-long", &policy), ["the exception was granted for 1461 days"]);
}

#[test]
fn a_review_lasts_six_months_to_the_day() {
    let reviewed = |day: &str| {
        titles("review-overdue", &(office(&["a | lan | internet | https"]) + &format!("reviewed: {day}\n")))
    };
    assert_eq!(reviewed("2026-05-15"), [""; 0]);
    assert_eq!(reviewed("2026-05-14"), ["the last review of the policy was more than 6 months ago"]);
    assert_eq!(reviewed("2026-11-15"), [""; 0]);
    assert_eq!(reviewed("2026-11-16"), ["the policy was reviewed on a day that has not come: 2026-11-16"]);
    assert_eq!(found("review-overdue", &["a | lan | internet | https"]), [""; 0]);
}

#[test]
fn a_review_and_expectations_are_missed_where_a_standard_asks() {
    let policy = office(&["a | lan | internet | https"]);
    for profile in ["pci-dss-4.0.1", "nist-800-53r5"] {
        assert_eq!(asked("review-missing", profile, &policy).len(), 1);
    }
    assert_eq!(asked("expectation-missing", "nist-800-53r5", &policy).len(), 1);
    let tested = policy.clone() + "expect: [{ allow: { from: lan, to: internet, services: https } }]\n";
    assert_eq!(asked("expectation-missing", "nist-800-53r5", &tested), [""; 0]);
    let idle = office(&["a | lan | internet | https | disabled: not yet"]);
    assert_eq!(asked("expectation-missing", "nist-800-53r5", &idle), [""; 0], "nothing to hold");
}

#[test]
fn a_rule_that_is_there_twice_in_other_words() {
    let rules =
        ["a | 10.0.0.0/8 | internet | https", "b | [10.0.0.0/9, 10.128.0.0/9] | internet | { tcp: [443] }"];
    assert_eq!(
        found("rule-duplicate", &rules),
        ["rule `b` does the same as rule `a`, to exactly its packets"]
    );
    assert_eq!(found("rule-redundant", &rules), [""; 0], "one finding says it");
    let policy = office(&rules);
    let finding = findings(&policy).into_iter().find(|finding| finding.code == "rule-duplicate").unwrap();
    assert_eq!(finding.fix.unwrap().safety(), Safety::Safe);
}

#[test]
fn a_duplicate_may_log_otherwise() {
    let notes = |first: &str, second: &str| {
        let rules =
            [format!("a | lan | internet | https{first}"), format!("b | lan | internet | https{second}")];
        let policy = office(&[&rules[0], &rules[1]]);
        let found = findings(&policy).into_iter().find(|finding| finding.code == "rule-duplicate").unwrap();
        assert_eq!(titles("log-unreachable", &policy), [""; 0]);
        found.notes.into_iter().filter(|note| note.contains("log")).collect::<Vec<_>>()
    };
    assert_eq!(notes("", " | log: true"), ["the one that acts does not log, so that nothing is logged"]);
    assert_eq!(notes(" | log: true", ""), ["only how the first one logs counts"]);
    assert_eq!(notes("", ""), [""; 0]);
}

#[test]
fn rules_that_differ_in_packets_action_or_stage_are_no_duplicates() {
    let a = "a | lan | internet | https";
    for other in [
        "b | lan | internet | { tcp: [443, 444] }",
        "b | 10.20.0.0/16 | internet | https",
        "reject-b | lan | internet | https | log: true",
        "b | lan | internet | https | disabled: not now",
    ] {
        assert_eq!(found("rule-duplicate", &[a, other]), [""; 0], "{other}");
    }
    let observing = "reject-a | lan | internet | pop3 | stage: { observe-until: 2027-01-31 }";
    assert_eq!(
        found("rule-duplicate", &[observing, "reject-b | lan | internet | pop3 | log: true"]),
        [""; 0]
    );
}

#[test]
fn names_that_nothing_uses() {
    let policy = office(&["a | lan | used | web | disabled: not yet"])
        + "networks:
  deep: 198.51.100.1
  used: [deep]
  other: 198.51.100.2
  of-other: [other]
services: { web: https, old: pop3 }
";
    let expected = [
        "nothing uses the network `of-other`",
        "nothing uses the network `other`",
        "nothing uses the service `old`",
    ];
    let mut found = titles("object-unused", &policy);
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_name_in_an_exception_or_a_host_is_used() {
    let policy = office(&["a | lan | internet | https"])
        + "networks: { scanners: 10.20.9.0/28, relay: 10.30.0.5, out: 10.30.0.6, peer: 198.51.100.9 }
hosts: [{ networks: [relay], roles: [mailbox], smarthost: [out] }]
exceptions:
  - { checks: [mail-pop3-cleartext-egress], from: scanners, to: peer, services: [pop3], owner: ortega,
      ticket: N-1, expires: 2027-01-01, reason: Scanners. }
";
    assert_eq!(titles("object-unused", &policy), [""; 0]);
}

#[test]
fn names_of_shared_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let main = office(&["a | lan | one | https"]) + "include: [shared.yaml]\n";
    std::fs::write(folder.path().join("policy.yaml"), main).unwrap();
    let shared = "version: 1\nnetworks: { one: 198.51.100.1, two: 198.51.100.2 }\n";
    std::fs::write(folder.path().join("shared.yaml"), shared).unwrap();
    let mut sources = Sources::default();
    let lowered = lower(parse::load(&folder.path().join("policy.yaml"), &mut sources));
    let found = lint(&lowered.policy.unwrap(), &Plan::default(), TODAY);
    assert!(found.iter().all(|finding| finding.code != "object-unused"), "{found:?}");
}

const PARITY: &str = "family-parity";

#[test]
fn a_zone_that_passes_over_one_family() {
    assert_eq!(
        found(PARITY, &["a | 10.20.0.0/16 | internet | https"]),
        ["rule `a` lets `lan` reach `internet` over IPv4 only: TCP 443 (https)"]
    );
    assert_eq!(
        found(PARITY, &["a | lan | '2001:db8:30::/64' | [https, imaps]"]),
        ["rule `a` lets `lan` reach `servers` over IPv6 only: TCP 443 (https), TCP 993 (imaps)"]
    );
}

#[test]
fn a_zone_in_two_halves_is_a_zone() {
    let halves = ["a | 10.20.0.0/17 | internet | https", "b | 10.20.128.0/17 | internet | { tcp: 400-500 }"];
    assert_eq!(found(PARITY, &halves).len(), 1);
    assert_eq!(found(PARITY, &halves[..1]), [""; 0], "half a zone is not a zone");
}

#[test]
fn what_another_rule_lets_pass_or_refuses_is_no_gap() {
    let v4 = "a | 10.20.0.0/16 | internet | [https, imaps]";
    assert_eq!(found(PARITY, &[v4, "b | '2001:db8:20::/48' | internet | { tcp: [443, 993] }"]), [""; 0]);
    assert_eq!(
        found(PARITY, &[v4, "b | '2001:db8:20::/48' | internet | https"]),
        ["rule `a` lets `lan` reach `internet` over IPv4 only: TCP 993 (imaps)"]
    );
    let refused = "deny-b | '2001:db8:20::/48' | any | any | log: true";
    assert_eq!(found(PARITY, &[v4, refused]), [""; 0], "somebody says that it is meant");
}

#[test]
fn hosts_and_zones_of_one_family_are_no_gap() {
    assert_eq!(found(PARITY, &["a | 10.20.3.0/24 | internet | https"]), [""; 0]);
    assert_eq!(found(PARITY, &["a | lan | 198.51.100.25 | imaps"]), [""; 0]);
    assert_eq!(found(PARITY, &["a | lan | internet | { icmp: [echo-request] }"]), [""; 0]);
    let v4_only = office(&["a | lan | internet | https"]).replace(", \"2001:db8:20::/48\"", "");
    assert_eq!(titles(PARITY, &v4_only), [""; 0]);
}
