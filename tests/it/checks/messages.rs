//! Forged sources, and messages of ICMP.

use super::findings::{office, titles};

/// An office without the baseline's guard against forged sources.
fn unguarded(rules: &[&str]) -> String {
    office(rules) + "baseline: { anti-spoofing: false }\n"
}

#[test]
fn forged_sources_are_found_where_nothing_guards() {
    let rules = ["a | 10.20.0.0/15 | servers | https", "b | internet | servers | smtp"];
    for check in ["inbound-own-source", "loopback-spoof"] {
        assert_eq!(titles(check, &unguarded(&rules)).len(), 1, "{check}");
        assert_eq!(titles(check, &office(&rules)).len(), 0, "{check}: the baseline refuses them");
        let zones = ["a | lan | servers | https"];
        assert_eq!(titles(check, &unguarded(&zones)).len(), 0, "{check}: zones are interfaces too");
    }
    let refused = [
        "deny-f | [10.20.0.0/16, 10.30.0.0/24, \"2001:db8:20::/47\", \"2001:db8:30::/64\"] | any | any | log: true",
        "a | 10.20.0.0/15 | servers | https",
    ];
    assert_eq!(titles("inbound-own-source", &unguarded(&refused)).len(), 0, "an earlier rule refuses them");
}

#[test]
fn own_addresses_are_no_bogons() {
    let found = |rules: &[&str]| titles("bogon-overblock", &office(rules)).len();
    assert_eq!(found(&["deny-a | bogons | any | any | log: true", "b | lan | internet | https"]), 1);
    assert_eq!(found(&["deny-a | rfc1918 | any | any | log: true", "b | lan | internet | https"]), 1);
    assert_eq!(
        found(&["b | lan | internet | any", "deny-a | bogons | any | any | log: true"]),
        1,
        "to the servers it still refuses"
    );
    assert_eq!(
        found(&["deny-a | [multicast, reserved] | any | any | log: true", "b | lan | internet | https"]),
        0
    );
    assert_eq!(found(&["deny-a | any | bogons | any | log: true"]), 0, "destinations");
}

#[test]
fn messages_are_named_with_care() {
    let found = |check: &str, services: &str| {
        titles(check, &office(&[&format!("a | internet | lan | {services}")])).len()
    };
    assert_eq!(found("icmp-redirect-accepted", "{ icmp: [redirect] }"), 1);
    assert_eq!(found("icmp-redirect-accepted", "{ icmpv6: [137] }"), 1);
    assert_eq!(found("icmp-redirect-accepted", "{ icmp: [5/1, 8] }"), 1, "one code of it");
    assert_eq!(found("icmp-redirect-accepted", "ping"), 0);
    assert_eq!(found("icmp-redirect-accepted", "any"), 0, "another finding");
    assert_eq!(found("icmp-deprecated-types", "{ icmp: [source-quench] }"), 1);
    assert_eq!(found("icmp-deprecated-types", "{ icmp: [echo-request, time-exceeded] }"), 0);
    assert_eq!(found("icmp6-should-drop-transit", "{ icmpv6: [router-renumbering] }"), 1);
    assert_eq!(found("icmp6-should-drop-transit", "{ icmpv6: [echo-request] }"), 0);
}

#[test]
fn ipv6_keeps_its_echo() {
    let found =
        |rest: &str| titles("icmp6-must-not-drop", &(office(&["a | lan | internet | https"]) + rest)).len();
    assert_eq!(found(""), 0);
    assert_eq!(found("baseline: { echo: false }\n"), 1);
    let by_rule = office(&["a | lan | internet | [https, ping]", "b | internet | lan | ping"])
        + "baseline: { echo: false }\n";
    assert_eq!(titles("icmp6-must-not-drop", &by_rule).len(), 0);
}
