//! Ways out and ways in: roles, unions of rules, and what is no finding.

use super::findings::{office, titles};

const ANY: &str = "egress-any-any";
const SMTP_OUT: &str = "egress-smtp-from-clients";
const SMTP_IN: &str = "smtp-in-on-non-mx";
const SUBMISSION: &str = "submission-on-non-msa";

fn any(rules: &[&str]) -> usize {
    titles(ANY, &office(rules)).len()
}

/// An office with hosts in roles.
fn with_hosts(hosts: &str, rules: &[&str]) -> String {
    office(rules) + &format!("hosts: [{hosts}]\n")
}

#[test]
fn everything_may_leave_by_several_rules_together() {
    assert_eq!(any(&["a | lan | [0.0.0.0/1] | any", "b | lan | [128.0.0.0/1] | any"]), 1);
    assert_eq!(any(&["a | lan | internet | { tcp: any, udp: any }", "b | lan | internet | any"]), 1);
    assert_eq!(any(&["a | lan | [0.0.0.0/1] | any"]), 0);
}

#[test]
fn every_port_is_everything_whatever_else_is_left_out() {
    assert_eq!(any(&["a | lan | internet | { tcp: any, udp: any }"]), 1);
    assert_eq!(any(&["a | lan | internet | { tcp: any }", "b | lan | internet | { udp: any }"]), 1);
}

#[test]
fn one_host_or_one_family_is_enough() {
    assert_eq!(any(&["a | 10.20.7.7 | internet | any"]), 1);
    assert_eq!(any(&["a | lan | '::/0' | any"]), 1);
    assert_eq!(any(&["a | lan | '2000::/3' | any"]), 1);
}

#[test]
fn a_denied_port_or_destination_is_a_policy() {
    assert_eq!(any(&["deny-smtp | lan | internet | smtp", "a | lan | internet | any"]), 0);
    assert_eq!(any(&["deny-one | lan | 8.8.8.8 | any", "a | lan | 0.0.0.0/0 | any"]), 0);
    assert_eq!(any(&["deny-smtp | 10.20.0.0/17 | internet | smtp", "a | lan | internet | any"]), 1);
}

#[test]
fn leaving_out_private_blocks_is_still_everything() {
    let networks = "networks: { world: { addresses: [0.0.0.0/0], except: [bogons] } }\n";
    assert_eq!(titles(ANY, &(office(&["a | lan | world | any"]) + networks)).len(), 1);
}

#[test]
fn listed_services_and_inside_destinations_are_not_everything() {
    assert_eq!(any(&["a | lan | internet | { tcp: any, icmp: any }"]), 0);
    assert_eq!(any(&["a | lan | internet | { tcp: [1-1023, 1025-65535], udp: any }"]), 0);
    assert_eq!(any(&["a | lan | servers | any"]), 0);
    assert_eq!(any(&["a | internet | lan | any"]), 0);
}

#[test]
fn an_exception_covers_a_way_out_for_everything() {
    let excepted = "a | 10.20.7.7 | internet | any | log: true, exception: { owner: a, expires: 2027-01-01 }";
    assert_eq!(any(&[excepted]), 0);
    assert_eq!(any(&[excepted, "b | lan | internet | any"]), 1);
}

#[test]
fn a_default_that_allows_is_a_way_out_for_everything() {
    let policy = office(&["a | lan | internet | https"]) + "defaults: { forward: allow }\n";
    let expected = "the default of the forward hook leaves a way out to every port of every destination";
    assert_eq!(titles(ANY, &policy), [expected]);
}

#[test]
fn only_relays_deliver_mail() {
    let relay = "{ networks: [10.30.0.10], roles: [mta-out] }";
    let smtp = |line: &str| titles(SMTP_OUT, &with_hosts(relay, &[line])).len();
    assert_eq!(smtp("a | 10.30.0.10 | internet | smtp"), 0);
    assert_eq!(smtp("a | 10.30.0.0/28 | internet | smtp"), 1);
    assert_eq!(smtp("a | host | internet | smtp"), 1);
    assert_eq!(smtp("a | lan | 10.30.0.10 | smtp"), 0);
    assert_eq!(smtp("a | lan | internet | { tcp: [24, 26], udp: [25] }"), 0);
    let this = with_hosts("{ networks: [host], roles: [mta-out] }", &["a | host | internet | smtp"]);
    assert_eq!(titles(SMTP_OUT, &this).len(), 0);
}

#[test]
fn only_an_mx_takes_mail_from_outside() {
    let mx =
        "{ networks: [10.30.0.10, host], roles: [mx] }, { networks: [198.51.100.0/28], roles: [filter] }";
    let smtp = |line: &str| titles(SMTP_IN, &with_hosts(mx, &[line])).len();
    assert_eq!(smtp("a | internet | 10.30.0.10 | smtp"), 0);
    assert_eq!(smtp("a | internet | host | smtp"), 0);
    assert_eq!(smtp("a | internet | servers | smtp"), 1);
    assert_eq!(smtp("a | lan | servers | smtp"), 0);
    assert_eq!(smtp("a | 198.51.100.0/28 | servers | smtp"), 0);
    assert_eq!(smtp("a | 198.51.100.0/27 | servers | smtp"), 1);
    assert_eq!(titles(SMTP_IN, &office(&["a | internet | host | smtp"])).len(), 1);
}

#[test]
fn only_an_msa_takes_submissions_from_outside() {
    let msa = "{ networks: [10.30.0.10], roles: [msa] }";
    let submission = |line: &str| titles(SUBMISSION, &with_hosts(msa, &[line])).len();
    assert_eq!(submission("a | internet | 10.30.0.10 | [submission, submissions]"), 0);
    assert_eq!(submission("a | internet | 10.30.0.11 | [submission]"), 1);
    assert_eq!(submission("a | internet | host | [submissions]"), 1);
    assert_eq!(submission("a | lan | 10.30.0.11 | [submissions]"), 0);
}
