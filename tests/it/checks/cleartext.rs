//! Cleartext mail: the checks speak about packets, however a policy spells them.

use insta::assert_snapshot;

use super::findings::{findings, office, titles};

const POP3: &str = "mail-pop3-cleartext-egress";
const INTERNAL: &str = "mail-cleartext-internal-unexcepted";
const DOWNGRADE: &str = "mail-pop3s-allowed-pop3-open";
const FOUND: [&str; 1] = ["rule `x` lets POP3 without TLS leave the site"];

fn pop3(rules: &[&str]) -> Vec<String> {
    titles(POP3, &office(rules))
}

#[test]
fn a_finding_says_what_where_why_and_what_to_do() {
    let findings = findings(&office(&["x | lan | internet | pop3"]));
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    let text = [&finding.title, &finding.notes.join("\n"), finding.help.as_deref().unwrap()].join("\n");
    assert_snapshot!(text, @r"
    rule `x` lets POP3 without TLS leave the site
    for example: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110
    passwords and mail can be read on the way, and STLS can be stripped from the session
    see RFC 8314 §3.1, RFC 8314 §4.1, PCI DSS 4.0.1 2.2.5, PCI DSS 4.0.1 4.2.1, NIST SP 800-53r5 SC-8(1), CIS Controls v8.1 3.10, BSI APP.5.3.A1, ISO/IEC 27001:2022 A.8.21, 45 CFR 164.312(e)(1)
    allow `pop3s` (995) instead and reject `pop3`, or put the hosts that cannot do TLS on an `exception` with an expiry date
    ");
}

#[test]
fn the_spelling_does_not_matter() {
    assert_eq!(pop3(&["x | lan | internet | { tcp: [100-120] }"]), FOUND);
    assert_eq!(pop3(&["x | lan | internet | any"]), FOUND);
    assert_eq!(pop3(&["x | any | any | { protocol: 6 }"]), FOUND);
    assert_eq!(pop3(&["x | 10.20.3.4 | 198.51.100.1 | pop3"]), FOUND);
    assert_eq!(pop3(&["x | lan | [0.0.0.0/1, 128.0.0.0/1] | pop3"]), FOUND);
}

#[test]
fn one_rule_gives_one_finding_over_all_hooks_and_families() {
    assert_eq!(pop3(&["x | any | [internet, lan] | pop3"]), FOUND);
}

#[test]
fn other_transports_and_ports_are_not_pop3() {
    assert_eq!(pop3(&["x | lan | internet | { udp: [110], tcp: [109, 111], icmp: any }"]), [""; 0]);
}

#[test]
fn earlier_rules_decide() {
    assert_eq!(pop3(&["deny-it | lan | any | pop3", "x | lan | internet | any"]), [""; 0]);
    assert_eq!(pop3(&["deny-half | 10.20.0.0/17 | any | pop3", "x | lan | internet | any"]), FOUND);
    assert_eq!(pop3(&["deny-v4 | lan | 0.0.0.0/0 | pop3", "x | lan | internet | any"]), FOUND);
    assert_eq!(pop3(&["x | lan | internet | pop3", "y | lan | internet | pop3"]), FOUND);
}

#[test]
fn a_rule_in_observation_decides_nothing() {
    let rules = ["deny-soon | lan | any | pop3 | stage: observe, log: true", "x | lan | internet | any"];
    assert_eq!(pop3(&rules), FOUND);
}

#[test]
fn a_rule_that_is_off_lets_nothing_pass() {
    assert_eq!(pop3(&["x | lan | internet | pop3 | disabled: not needed for now"]), [""; 0]);
}

#[test]
fn an_exception_covers_until_its_last_day() {
    let with =
        |exception: &str| pop3(&[&format!("x | lan | internet | pop3 | log: true, exception: {exception}")]);
    assert_eq!(with("{ owner: a, ticket: b, expires: 2026-11-15 }"), [""; 0]);
    assert_eq!(with("{ owner: a, ticket: b, expires: 2026-11-14 }"), FOUND);
    assert_eq!(with("{ owner: a, ticket: b }"), FOUND);
}

#[test]
fn an_exception_covers_only_what_its_own_rule_decides() {
    let excepted =
        "legacy | 10.20.9.0/28 | internet | pop3 | log: true, exception: { owner: a, expires: 2027-01-01 }";
    assert_eq!(pop3(&[excepted, "x | lan | internet | any"]), FOUND);
    assert_eq!(pop3(&[excepted, "deny-rest | lan | internet | pop3"]), [""; 0]);
}

#[test]
fn a_default_that_allows_is_named() {
    let policy = office(&["y | lan | internet | https"]) + "defaults: { forward: allow, output: allow }\n";
    assert_eq!(
        titles(POP3, &policy),
        [
            "the default of the forward hook lets POP3 without TLS leave the site",
            "the default of the output hook lets POP3 without TLS leave the site",
        ]
    );
}

#[test]
fn traffic_inside_is_not_egress() {
    let rules = ["x | lan | servers | pop3"];
    assert_eq!(pop3(&rules), [""; 0]);
    assert_eq!(titles(INTERNAL, &office(&rules)).len(), 1);
}

#[test]
fn this_machine_is_part_of_the_inside() {
    assert_eq!(titles(INTERNAL, &office(&["x | lan | host | imap"])).len(), 1);
    assert_eq!(titles(INTERNAL, &office(&["x | host | servers | imap"])).len(), 1);
    assert_eq!(pop3(&["x | host | internet | pop3"]), FOUND);
}

#[test]
fn downgrades_need_the_same_two_hosts() {
    let pair = |rules: &[&str]| titles(DOWNGRADE, &office(rules)).len();
    assert_eq!(pair(&["a | lan | 198.51.100.1 | pop3s", "b | lan | 198.51.100.2 | pop3"]), 0);
    assert_eq!(pair(&["a | 10.20.1.0/24 | internet | pop3s", "b | 10.20.2.0/24 | internet | pop3"]), 0);
    assert_eq!(pair(&["a | lan | 198.51.100.0/24 | pop3s", "b | 10.20.2.1 | internet | pop3"]), 1);
}

#[test]
fn downgrades_look_through_holes() {
    let rules = |hole: &str| {
        let hole = format!("deny-hole | lan | {hole} | pop3");
        titles(DOWNGRADE, &office(&[&hole, "a | lan | 198.51.100.0/31 | pop3s", "b | lan | internet | pop3"]))
            .len()
    };
    assert_eq!(rules("198.51.100.0/31"), 0);
    assert_eq!(rules("198.51.100.0"), 1);
}

#[test]
fn downgrades_do_not_depend_on_source_ports() {
    let rules = [
        "a | lan | internet | { tcp: [995], source-ports: [1024-2000] }",
        "b | lan | internet | { tcp: [110], source-ports: [3000-4000] }",
    ];
    assert_eq!(titles(DOWNGRADE, &office(&rules)).len(), 1);
}

#[test]
fn a_covered_downgrade_is_not_reported() {
    let rules = [
        "a | lan | internet | pop3s",
        "b | lan | internet | pop3 | log: true, exception: { owner: a, expires: 2027-01-01 }",
    ];
    assert_eq!(titles(DOWNGRADE, &office(&rules)), [""; 0]);
}
