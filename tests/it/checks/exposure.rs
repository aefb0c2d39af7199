//! What the outside, or too many inside, may reach: administration, data stores, the inner ports of mail systems.

use mailward::source::{Diagnostic, Severity};

use super::findings::{findings, office, titles};

const MGMT: &str = "mgmt-from-any";
const STORE: &str = "datastore-from-any";
const INNER: &str = "mail-internals-exposed";

fn mgmt(rules: &[&str]) -> usize {
    titles(MGMT, &office(rules)).len()
}

fn of(check: &str, policy: &str) -> Vec<Diagnostic> {
    findings(policy).into_iter().filter(|finding| finding.code == check).collect()
}

fn with_hosts(hosts: &str, rules: &[&str]) -> String {
    office(rules) + &format!("hosts: [{hosts}]\n")
}

#[test]
fn administration_for_everybody_and_its_weight() {
    let severity = |services| of(MGMT, &office(&[&format!("a | internet | host | {services}")]))[0].severity;
    assert_eq!(severity("{ tcp: 22 }"), Severity::High);
    assert_eq!(severity("{ udp: 161 }"), Severity::High);
    assert_eq!(severity("{ tcp: 23 }"), Severity::Critical);
    assert_eq!(severity("{ tcp: 3000-4000 }"), Severity::Critical);
    assert_eq!(severity("{ udp: 623 }"), Severity::Critical);
    assert_eq!(severity("any"), Severity::Critical);
}

#[test]
fn administration_by_any_spelling_of_everybody() {
    assert_eq!(mgmt(&["a | [0.0.0.0/1, 128.0.0.0/1] | host | { tcp: 22 }"]), 1);
    assert_eq!(mgmt(&["a | 0.0.0.0/1 | host | { tcp: 22 }", "b | 128.0.0.0/1 | host | { tcp: 22 }"]), 2);
    assert_eq!(mgmt(&["a | '2000::/3' | servers | { tcp: 22 }"]), 1);
    assert_eq!(mgmt(&["a | any | any | { tcp: 22 }"]), 1);
    assert_eq!(mgmt(&["a | [100.0.0.0/17, 101.0.0.0/17, 102.0.0.0/17] | host | { tcp: 22 }"]), 1);
}

#[test]
fn administration_from_known_networks() {
    assert_eq!(mgmt(&["a | 198.51.100.7 | host | { tcp: 22 }"]), 0);
    assert_eq!(mgmt(&["a | [198.51.0.0/16, '2001:db8:9::/56'] | host | { tcp: [22, 5986] }"]), 0);
    assert_eq!(mgmt(&["a | lan | servers | { tcp: [22, 23, 3389] }"]), 0);
    assert_eq!(mgmt(&["a | lan | internet | { tcp: [22, 23] }"]), 0);
}

#[test]
fn administration_that_earlier_rules_narrow() {
    let others = "networks: { others: { addresses: [0.0.0.0/0, '::/0'], except: [198.51.100.0/28] } }\n";
    let narrowed =
        ["deny-ssh | others | host | { tcp: 22 } | log: true", "a | internet | host | { tcp: 22 }"];
    assert_eq!(titles(MGMT, &(office(&narrowed) + others)), Vec::<String>::new());
    let wider =
        ["deny-ssh | others | host | { tcp: 22 } | log: true", "a | internet | host | { tcp: [22, 23] }"];
    let found = of(MGMT, &(office(&wider) + others));
    assert_eq!(found.len(), 1);
    assert!(found[0].title.ends_with("(TCP 23)"), "{}", found[0].title);
}

#[test]
fn a_bastion_is_for_ssh_and_nothing_else() {
    let bastion = "{ networks: [10.30.0.5], roles: [bastion] }";
    assert!(titles(MGMT, &with_hosts(bastion, &["a | internet | 10.30.0.5 | { tcp: 22 }"])).is_empty());
    assert_eq!(titles(MGMT, &with_hosts(bastion, &["a | internet | 10.30.0.5 | { tcp: 3389 }"])).len(), 1);
    assert_eq!(titles(MGMT, &with_hosts(bastion, &["a | internet | servers | { tcp: 22 }"])).len(), 1);
    let itself = "{ networks: [host], roles: [bastion] }";
    assert!(titles(MGMT, &with_hosts(itself, &["a | internet | host | { tcp: 22 }"])).is_empty());
    assert_eq!(titles(MGMT, &with_hosts(itself, &["a | internet | servers | { tcp: 22 }"])).len(), 1);
}

#[test]
fn an_exception_covers_until_its_last_day() {
    let until = |day: &str| {
        let exception = format!("exception: {{ owner: a, ticket: T-1, expires: {day} }}");
        mgmt(&[&format!("a | internet | host | {{ tcp: 22 }} | {exception}, log: true")])
    };
    assert_eq!((until("2026-11-14"), until("2026-11-15")), (1, 0));
}

#[test]
fn the_default_counts_as_permission() {
    let open = office(&["a | lan | internet | https"]) + "defaults: { input: allow }\n";
    let found = of(MGMT, &open);
    assert_eq!(found.len(), 1);
    assert!(found[0].title.starts_with("the default of the input hook"), "{}", found[0].title);
}

#[test]
fn declared_hosts_in_an_untrusted_zone_are_the_sites_own() {
    let policy = |hosts: &str| {
        format!(
            "version: 1\nname: edge\nzones:
  customers: {{ interfaces: [cust0], networks: [198.51.100.0/25], trust: untrusted }}
  internet: {{ interfaces: [wan0], trust: untrusted }}
  platform: {{ interfaces: [srv0], networks: [10.1.0.0/24], trust: internal }}
{hosts}
rules:
  - {{ id: a, action: allow, from: internet, to: customers, services: {{ tcp: 22 }}, reason: Transit }}
"
        )
    };
    assert!(titles(MGMT, &policy("")).is_empty(), "what customers open is theirs to decide");
    assert_eq!(titles(MGMT, &policy("hosts: [{ networks: [198.51.100.10], roles: [mx] }]")).len(), 1);
    assert!(
        titles(MGMT, &policy("hosts: [{ networks: [192.0.2.1], roles: [mx] }]")).is_empty(),
        "it stands elsewhere"
    );
}

#[test]
fn data_stores_for_a_single_address_outside() {
    let store = |rule| of(STORE, &office(&[rule])).len();
    assert_eq!(store("a | 198.51.100.7 | servers | { tcp: 5432 }"), 1);
    assert_eq!(store("a | internet | host | { udp: 11211 }"), 1);
    assert_eq!(store("a | internet | host | { tcp: 11000-12000 }"), 1);
    assert_eq!(store("a | lan | servers | { tcp: [5432, 6379, 389] }"), 0);
    assert_eq!(store("a | lan | internet | { tcp: 3306 }"), 0);
    assert_eq!(store("a | internet | servers | { udp: 5432 }"), 0);
}

#[test]
fn inner_ports_for_others_than_their_peers() {
    let hosts = "{ networks: [10.20.0.25], roles: [mx] }, { networks: [10.30.0.20], roles: [filter] }, \
                 { networks: [10.20.0.30], roles: [mailbox] }";
    let inner = |rule| titles(INNER, &with_hosts(hosts, &[rule])).len();
    assert_eq!(inner("a | 10.20.0.25 | 10.30.0.20 | { tcp: [783, 3310, 11332] }"), 0);
    assert_eq!(inner("a | 10.30.0.20 | 10.20.0.25 | { tcp: 10025 }"), 0);
    assert_eq!(inner("a | lan | 10.30.0.20 | { tcp: 783 }"), 1);
    assert_eq!(inner("a | 10.20.0.30 | 10.30.0.20 | { tcp: 11334 }"), 1);
    assert_eq!(inner("a | lan | 10.30.0.20 | { udp: 11335 }"), 1);
    assert_eq!(inner("a | lan | internet | { tcp: [24, 6379] }"), 0);
    assert_eq!(inner("a | host | servers | { tcp: 783 }"), 0);
    assert_eq!(inner("a | lan | host | { tcp: 10020-10030 }"), 1);
}

#[test]
fn the_worst_inner_ports_weigh_more() {
    let severity =
        |port| of(INNER, &office(&[&format!("a | lan | servers | {{ tcp: {port} }}")]))[0].severity;
    assert_eq!((severity(10024), severity(10025)), (Severity::High, Severity::Critical));
    assert_eq!((severity(11333), severity(11334)), (Severity::High, Severity::Critical));
}

#[test]
fn a_rule_is_reported_once_with_a_witness() {
    let found = of(MGMT, &office(&["a | any | any | any"]));
    assert_eq!(found.len(), 1);
    assert!(found[0].title.contains("more)"), "{}", found[0].title);
    assert!(found[0].notes[0].starts_with("for example: "), "{:?}", found[0].notes);
}
