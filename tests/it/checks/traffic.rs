//! DNS over both transports, trust in source ports, refusals that leave no trace.

use super::findings::{findings, office, titles};

const DNS: &str = "dns-udp-without-tcp";
const PORT: &str = "source-port-trust";
const LOG: &str = "deny-not-logged";

fn count(check: &str, rules: &[&str]) -> usize {
    titles(check, &office(rules)).len()
}

#[test]
fn dns_over_one_transport() {
    assert_eq!(count(DNS, &["a | lan | internet | { udp: 53 }"]), 1);
    assert_eq!(count(DNS, &["a | internet | host | { udp: 53 }"]), 1);
    assert_eq!(count(DNS, &["a | host | 198.51.100.53 | { udp: [53, 123] }"]), 1);
    assert_eq!(count(DNS, &["deny-t | lan | any | { tcp: 53 } | log: true", "a | lan | internet | any"]), 1);
}

#[test]
fn dns_over_both_however_it_is_written() {
    assert_eq!(count(DNS, &["a | lan | internet | dns"]), 0);
    assert_eq!(count(DNS, &["a | lan | internet | { udp: 53 }", "b | lan | internet | { tcp: 1-100 }"]), 0);
    let halves = [
        "a | lan | internet | { udp: 53 }",
        "b | lan | 0.0.0.0/1 | { tcp: 53 }",
        "c | lan | 128.0.0.0/1 | { tcp: 53 }",
        "d | lan | '::/0' | { tcp: 53 }",
    ];
    assert_eq!(count(DNS, &halves), 0);
    assert_eq!(count(DNS, &["a | lan | internet | { tcp: 53 }"]), 0, "only UDP needs the other");
}

#[test]
fn dns_that_is_one_sided_for_some_addresses_only() {
    let rules = [
        "a | lan | internet | { udp: 53 }",
        "b | 10.20.0.0/17 | internet | { tcp: 53 }",
        "c | '2001:db8:20::/48' | internet | { tcp: 53 }",
    ];
    let found = findings(&office(&rules));
    let finding = found.iter().find(|finding| finding.code == DNS).unwrap();
    assert_eq!(
        finding.notes[0],
        "for example: forward, lan0 → wan0: UDP 10.20.128.1:49152 → 198.51.100.1:53"
    );
}

#[test]
fn high_ports_by_source_port() {
    assert_eq!(count(PORT, &["a | internet | lan | { udp: 1024-65535, source-ports: 53 }"]), 1);
    assert_eq!(count(PORT, &["a | internet | host | { tcp: any, source-ports: [20, 8080] }"]), 1);
    assert_eq!(count(PORT, &["a | lan | internet | { tcp: 30000-31000, source-ports: 25 }"]), 1);
}

#[test]
fn source_ports_that_open_nothing() {
    assert_eq!(count(PORT, &["a | internet | host | { udp: 68, source-ports: 67 }"]), 0);
    assert_eq!(count(PORT, &["a | internet | host | { udp: 123, source-ports: 123 }"]), 0);
    assert_eq!(count(PORT, &["a | lan | servers | { udp: 5000, source-ports: 123 }"]), 0);
    assert_eq!(count(PORT, &["a | lan | internet | { tcp: 1024-65535, source-ports: 1024-65535 }"]), 0);
    assert_eq!(count(PORT, &["a | lan | internet | any"]), 0);
    let both = ["a | lan | internet | { tcp: 1024-65535, source-ports: 20 }", "b | lan | internet | any"];
    assert_eq!(count(PORT, &both), 0, "it is open to everybody anyway");
    let dhcp = office(&["a | lan | internet | https"]) + "baseline: { dhcp-client: [wan0] }\n";
    assert!(titles(PORT, &dhcp).is_empty());
}

#[test]
fn refusals_at_the_border_are_logged() {
    assert_eq!(count(LOG, &["reject-a | lan | internet | pop3"]), 1);
    assert_eq!(count(LOG, &["deny-a | internet | servers | any"]), 1);
    assert_eq!(count(LOG, &["deny-a | lan | servers | smtp"]), 0, "nothing crosses the border");
    assert_eq!(count(LOG, &["reject-a | lan | internet | pop3 | log: { rate: 10/minute }"]), 0);
    let shadowed = ["a | lan | internet | any", "deny-b | lan | internet | pop3"];
    assert_eq!(count(LOG, &shadowed), 0, "it never refuses anything");
}

#[test]
fn cleartext_mail_is_named() {
    let found =
        titles(LOG, &office(&["deny-a | lan | internet | any", "deny-b | internet | host | { tcp: 8080 }"]));
    assert_eq!(
        found,
        [
            "rule `deny-a` refuses cleartext mail without logging it",
            "rule `deny-b` refuses packets at the border without logging them"
        ]
    );
}

#[test]
fn silent_defaults_are_one_finding() {
    let silent = office(&["a | lan | internet | https"]) + "defaults: { log: false }\n";
    assert_eq!(titles(LOG, &silent).len(), 1);
}

#[test]
fn noise_may_be_refused_silently() {
    assert_eq!(count(LOG, &["deny-a | any | [224.0.0.0/4, 255.255.255.255, 'ff00::/8'] | any"]), 0);
}

#[test]
fn an_observing_rule_in_front_logs_for_the_silent_one() {
    let observing = "reject-o | lan | internet | pop3 | stage: { observe-until: 2027-01-31 }";
    assert_eq!(count(LOG, &[observing, "deny-a | lan | internet | pop3"]), 0);
    assert_eq!(count(LOG, &["deny-a | lan | internet | pop3", observing]), 1, "too late");
    assert_eq!(count(LOG, &[observing, "deny-a | lan | internet | [pop3, imap]"]), 1);
}
