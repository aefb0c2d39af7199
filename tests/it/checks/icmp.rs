//! Messages of ICMP and ICMPv6 that pass and should not, and the other way round.

use mailward::readback::Language;

use super::findings::{findings_in_ruleset, office, titles};

const REDIRECT: &str = "icmp-redirect-accepted";
const OBSOLETE: &str = "icmp-deprecated-types";
const TRANSIT: &str = "icmp6-should-drop-transit";
const MUST: &str = "icmp6-must-not-drop";
const NORMAL: &str = "icmp6-normally-pass";

/// How much a check finds in an office with these rules and more keys.
fn with(check: &str, extra: &str, rules: &[&str]) -> usize {
    titles(check, &(office(rules) + extra)).len()
}

#[test]
fn redirects_from_outside() {
    assert_eq!(with(REDIRECT, "", &["a | internet | host | { icmp: any }"]), 1);
    assert_eq!(with(REDIRECT, "", &["a | '2000::/3' | host | { icmpv6: [nd-redirect] }"]), 1);
    assert_eq!(with(REDIRECT, "", &["a | any | host | { icmp: [echo-request, redirect] }"]), 1);
    assert_eq!(with(REDIRECT, "", &["a | 'fe80::/10' | host | { icmpv6: [nd-redirect] }"]), 0, "of the link");
    assert_eq!(with(REDIRECT, "", &["a | lan | host | { icmp: any }"]), 0);
    assert_eq!(with(REDIRECT, "", &["a | internet | servers | { icmp: any }"]), 1, "through");
    assert_eq!(
        with(REDIRECT, "", &["a | internet | host | any"]),
        0,
        "a rule for everything is more than that"
    );
    assert_eq!(with(REDIRECT, "", &["a | internet | host | smtp"]), 0, "related ones are of known flows");
}

#[test]
fn obsolete_messages() {
    assert_eq!(with(OBSOLETE, "", &["a | lan | internet | { icmp: any }"]), 1);
    assert_eq!(with(OBSOLETE, "", &["a | internet | host | { icmp: [source-quench] }"]), 1);
    assert_eq!(with(OBSOLETE, "", &["a | internet | host | { icmp: [17], tcp: any, udp: any }"]), 1);
    assert_eq!(
        with(OBSOLETE, "", &["a | internet | host | { icmp: [echo-request, destination-unreachable] }"]),
        0
    );
    assert_eq!(with(OBSOLETE, "", &["a | lan | internet | any"]), 0);
    let denied = |kinds: &str| {
        let deny = format!("deny-a | any | any | {{ icmp: [{kinds}] }} | log: true");
        with(OBSOLETE, "", &[&deny, "b | lan | internet | { icmp: any }"])
    };
    assert_eq!(denied("4, 6, 15, 16, 17, 18, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39"), 0);
    assert_eq!(denied("4, 6, 15, 16, 17, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39"), 1, "all but 18");
    assert_eq!(with(OBSOLETE, "", &["a | internet | host | { icmp: [13, 14] }"]), 0, "timestamps are in use");
}

#[test]
fn messages_that_should_not_cross() {
    assert_eq!(with(TRANSIT, "", &["a | lan | internet | { icmpv6: any }"]), 1);
    assert_eq!(with(TRANSIT, "", &["a | internet | servers | { icmpv6: [139] }"]), 1);
    assert_eq!(with(TRANSIT, "", &["a | lan | internet | { protocol: [47], icmpv6: [255] }"]), 1);
    assert_eq!(with(TRANSIT, "", &["a | lan | host | { icmpv6: any }"]), 0, "not through");
    assert_eq!(with(TRANSIT, "", &["a | lan | internet | { icmpv6: [echo-request, 144] }"]), 0);
}

#[test]
fn echo_of_ipv6_and_never_of_ipv4() {
    let off = "baseline: { echo: false }\n";
    assert_eq!(with(MUST, "", &["a | internet | host | smtp"]), 0);
    assert_eq!(with(MUST, off, &["a | internet | host | smtp"]), 1);
    assert_eq!(with(MUST, off, &["a | 10.20.0.0/16 | host | smtp"]), 0, "no IPv6, and IPv4 need not answer");
    let some = ["a | internet | host | smtp", "b | lan | host | { icmpv6: [128] }"];
    assert_eq!(with(MUST, off, &some), 0, "some may ask");
    let v4 = ["a | internet | host | smtp", "b | internet | host | { icmp: [8] }"];
    assert_eq!(with(MUST, off, &v4), 1, "the other family");
    assert_eq!(with(MUST, off, &["a | lan | internet | https"]), 1, "in transit");
}

#[test]
fn errors_are_told_once() {
    let neither = "baseline: { icmp-errors: false, established: false }\n";
    let rule = ["a | lan | internet | https"];
    assert_eq!(with(MUST, neither, &rule), 0, "the check on path-MTU discovery speaks of the place");
    assert_eq!(with("icmp-fragneeded-blocked", neither, &rule), 1);
    let asked = |baseline: &str| with(NORMAL, &format!("profiles: [rfc]\n{baseline}"), &rule);
    assert_eq!(asked(neither), 1);
    assert_eq!(asked("baseline: { established: false }\n"), 0);
    assert_eq!(asked("baseline: { icmp-errors: false }\n"), 0);
    assert_eq!(with(NORMAL, neither, &rule), 0, "only by profile");
}

#[test]
fn each_error_that_must_pass() {
    let off = "baseline: { icmp-errors: false, established: false }\n";
    let refused = |types: &str| {
        let rules = format!(
            "table inet f {{\n chain input {{\n type filter hook input priority filter; policy accept;\n\
             icmpv6 type {types} drop\n }}\n}}\n"
        );
        let found = findings_in_ruleset(Language::Nftables, &rules);
        found.iter().filter(|finding| finding.code == MUST).count()
    };
    for kind in ["1", "3", "4", "destination-unreachable", "{ 1, 4 }", "parameter-problem"] {
        assert_eq!(refused(kind), 1, "{kind}");
    }
    assert_eq!(refused("2"), 0, "`icmp-fragneeded-blocked` says so");
    assert_eq!(refused("{ 1, 2 }"), 0, "in the same place");
    assert_eq!(refused("3 icmpv6 code 1"), 0, "one that normally passes");
    assert_eq!(refused("{ 138, 139, 100 }"), 0);
    assert_eq!(with(MUST, off, &["a | 10.20.0.0/16 | internet | https"]), 0, "no IPv6");
}

#[test]
fn rulesets_accept_icmp_as_a_whole() {
    let found = |check: &str, rule: &str| {
        let rules = format!(
            "table inet f {{ chain input {{ type filter hook input priority filter; policy drop;\n {rule}\n }} }}\n"
        );
        let found = findings_in_ruleset(Language::Nftables, &rules);
        found.iter().filter(|finding| finding.code == check).count()
    };
    assert_eq!(found(REDIRECT, "meta l4proto { icmp, ipv6-icmp } accept"), 0);
    assert_eq!(found(REDIRECT, "icmp type { echo-request, redirect } accept"), 1);
    assert_eq!(found(OBSOLETE, "icmp type { echo-request, source-quench } accept"), 1);
}
