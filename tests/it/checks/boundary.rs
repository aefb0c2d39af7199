//! What counts as inside and outside.

use super::findings::{rule, titles};

const POP3: &str = "mail-pop3-cleartext-egress";

fn policy(zones: &str, rules: &[&str]) -> String {
    let rules: String = rules.iter().map(|line| rule(line)).collect();
    format!("version: 1\nname: site\n{zones}rules:\n{rules}")
}

fn leaves(zones: &str, line: &str) -> bool {
    !titles(POP3, &policy(zones, &[line])).is_empty()
}

const LAN: &str = "zones:\n  lan: { interfaces: [lan0], networks: [10.0.0.0/8], trust: internal }\n";

#[test]
fn what_no_zone_declares_is_outside() {
    assert!(leaves(LAN, "x | lan | 198.51.100.1 | pop3"));
    assert!(leaves(LAN, "x | host | any | pop3"));
}

#[test]
fn an_internal_zone_in_a_zone_for_everything_stays_inside() {
    let zones = format!("{LAN}  internet: {{ networks: [0.0.0.0/0, '::/0'], trust: untrusted }}\n");
    assert!(!leaves(&zones, "x | lan | lan | pop3"));
    assert!(leaves(&zones, "x | lan | internet | pop3"));
}

#[test]
fn an_untrusted_part_of_an_internal_network_is_outside() {
    let zones = format!("{LAN}  guests: {{ networks: [10.99.0.0/16], trust: untrusted }}\n");
    assert!(leaves(&zones, "x | lan | guests | pop3"));
}

#[test]
fn an_internal_network_seen_through_an_untrusted_interface_is_outside() {
    let zones =
        "zones:\n  corp: { networks: [10.0.0.0/8], trust: internal }\n  wan: { interfaces: [wan0] }\n";
    assert!(leaves(zones, "x | corp | wan | pop3"));
}

#[test]
fn link_local_addresses_belong_to_the_zone_of_their_interface() {
    let line = "x | host | fe80::/10 | pop3";
    let zones = |trust: &str| {
        format!("zones:\n  lan: {{ interfaces: [lan0], networks: [10.0.0.0/8], trust: {trust} }}\n")
    };
    let rules = |trust: &str| {
        let policy = policy(&zones(trust), &["deny-unknown | host | any | pop3 | disabled: later", line]);
        titles("mail-cleartext-internal-unexcepted", &policy).len()
    };
    assert_eq!((rules("internal"), rules("untrusted")), (1, 0));
}

#[test]
fn without_an_internal_zone_every_forwarded_packet_counts() {
    assert!(leaves("zones:\n  a: { interfaces: [eth0] }\n  b: { interfaces: [eth1] }\n", "x | a | b | pop3"));
    assert!(leaves("networks:\n  clients: [10.0.0.0/8]\n", "x | clients | 198.51.100.1 | pop3"));
}

#[test]
fn between_untrusted_zones_nothing_leaves_a_site_that_is_declared() {
    let zones = format!("{LAN}  a: {{ interfaces: [eth0] }}\n  b: {{ interfaces: [eth1] }}\n");
    assert!(!leaves(&zones, "x | a | b | pop3"));
}
