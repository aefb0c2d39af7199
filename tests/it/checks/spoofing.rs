//! Sources that cannot be where they are seen.

use mailward::lint::Plan;
use mailward::model::Profile;
use mailward::readback::Language;

use super::findings::{findings, findings_in_ruleset_by, office, titles};

const LOOPBACK: &str = "loopback-spoof";
const OWN: &str = "inbound-own-source";
const MARTIAN: &str = "inbound-martian";
const GROUP: &str = "multicast-source";
const OFF: &str = "baseline: { anti-spoofing: false }\n";
const PCI: &str = "profiles: [rfc, pci-dss-4.0.1]\n";

/// More keys, and the profile that asks.
fn asked(extra: &str) -> String {
    format!("{PCI}{extra}")
}

/// How much a check finds in an office with these rules and more keys.
fn with(check: &str, extra: &str, rules: &[&str]) -> usize {
    titles(check, &(office(rules) + extra)).len()
}

#[test]
fn loopback_addresses_from_the_network() {
    assert_eq!(with(LOOPBACK, &asked(""), &["a | internet | host | smtp"]), 0, "the baseline drops them");
    assert_eq!(with(LOOPBACK, &asked(OFF), &["a | internet | host | smtp"]), 1);
    assert_eq!(with(LOOPBACK, &asked(OFF), &["a | internet | servers | smtp"]), 1);
    assert_eq!(with(LOOPBACK, &asked(OFF), &["a | '::/64' | host | smtp"]), 1, "one family only");
    assert_eq!(with(LOOPBACK, &asked(OFF), &["a | [0.0.0.0/1, 128.0.0.0/1] | host | smtp"]), 1);
    assert_eq!(with(LOOPBACK, &asked(OFF), &["a | 127.128.0.0/9 | host | smtp"]), 1);
}

#[test]
fn loopback_addresses_that_pass_no_rule() {
    assert_eq!(with(LOOPBACK, &asked(OFF), &["a | lan | host | smtp"]), 0);
    assert_eq!(
        with(LOOPBACK, &asked(OFF), &["a | 127.0.0.1 | 127.0.0.1 | smtp"]),
        1,
        "no interface is named"
    );
    let denied = ["deny-lo | loopback | any | any | log: true", "a | internet | host | smtp"];
    assert_eq!(with(LOOPBACK, &asked(OFF), &denied), 0, "a rule drops them as well");
    let half = ["deny-lo | 127.0.0.0/8 | any | any | log: true", "a | internet | host | smtp"];
    assert_eq!(with(LOOPBACK, &asked(OFF), &half), 1, "and the other family passes");
}

#[test]
fn loopback_addresses_in_rulesets_are_asked_about_by_profile() {
    let found = |profiles: &[Profile], rules: &str| {
        let text = format!(
            "table inet f {{ chain input {{ type filter hook input priority filter; policy drop;\n\
             iif lo accept\n{rules}\ntcp dport 25 accept\n }} }}\n"
        );
        let found = findings_in_ruleset_by(&Plan::of_profiles(profiles), Language::Nftables, &text);
        found.iter().filter(|finding| finding.code == LOOPBACK).count()
    };
    assert_eq!(found(&[], ""), 0, "the kernel drops them");
    assert_eq!(found(&[Profile::CisDebian12], ""), 1);
    assert_eq!(found(&[Profile::CisDebian12], "ip saddr 127.0.0.0/8 drop"), 1, "one family");
    assert_eq!(found(&[Profile::CisDebian12], "ip saddr 127.0.0.0/8 drop\nip6 saddr ::1 drop"), 0);
}

#[test]
fn several_rules_are_one_finding() {
    let rules = ["a | internet | host | smtp", "b | internet | servers | https"];
    assert_eq!(with(LOOPBACK, &asked(OFF), &rules), 1);
    assert_eq!(with(OWN, OFF, &rules), 1);
}

#[test]
fn addresses_of_the_inside_from_outside() {
    assert_eq!(with(OWN, "", &["a | 10.20.0.0/16 | host | ssh"]), 0, "the baseline drops them");
    assert_eq!(with(OWN, OFF, &["a | 10.20.0.0/16 | host | ssh"]), 1);
    assert_eq!(with(OWN, OFF, &["a | 10.0.0.0-10.255.255.255 | host | ssh"]), 1);
    assert_eq!(with(OWN, OFF, &["a | '2001:db8:30::1' | host | ssh"]), 1);
    assert_eq!(with(OWN, OFF, &["a | internet | servers | smtp"]), 1);
}

#[test]
fn addresses_of_the_inside_where_they_belong() {
    assert_eq!(with(OWN, OFF, &["a | lan | host | ssh", "b | servers | internet | https"]), 0);
    assert_eq!(with(OWN, OFF, &["a | 10.40.0.0/16 | host | ssh"]), 0);
    let denied = [
        "deny-own | [lan, servers] | any | any",
        "deny-b | 10.20.0.0/16 | any | any",
        "a | 10.20.0.0/16 | host | ssh",
    ];
    assert_eq!(with(OWN, OFF, &denied), 0);
    let hairpin = "version: 1\nname: hairpin
baseline: { anti-spoofing: false }
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }
  internet: { interfaces: [wan0], networks: [0.0.0.0/0, '::/0'], trust: untrusted }
rules:
  - { id: a, action: allow, from: internet, to: host, services: smtp, reason: Everything is out there }
";
    assert!(titles(OWN, hairpin).is_empty(), "the outside lists them too");
}

#[test]
fn addresses_that_are_not_on_the_internet() {
    assert_eq!(with(MARTIAN, "", &["a | internet | host | smtp"]), 0, "only by profile");
    assert_eq!(with(MARTIAN, PCI, &["a | internet | host | smtp"]), 1);
    assert_eq!(with(MARTIAN, PCI, &["a | [0.0.0.0/1, 128.0.0.0/1] | host | smtp"]), 1);
    assert_eq!(with(MARTIAN, PCI, &["a | '2000::/3' | host | smtp"]), 1);
    let half = ["deny-a | rfc1918 | host | any | log: true", "a | 0.0.0.0/0 | host | smtp"];
    assert_eq!(with(MARTIAN, PCI, &half), 1, "examples and the rest still pass");
    let mixed = ["a | [10.99.0.0/16, 0.0.0.0/4] | host | smtp"];
    assert_eq!(with(MARTIAN, PCI, &mixed), 1, "0/4 holds 10/8");
}

#[test]
fn addresses_that_may_be_right() {
    assert_eq!(
        with(MARTIAN, PCI, &["a | 10.99.0.0/16 | host | ssh"]),
        0,
        "a private network outside is named"
    );
    assert_eq!(with(MARTIAN, PCI, &["a | [203.0.113.0/24, 9.0.0.0/8] | host | ssh"]), 0);
    assert_eq!(with(MARTIAN, PCI, &["a | lan | host | ssh"]), 0, "private addresses inside are right");
    let denied = ["deny-a | bogons | any | any | log: true", "a | internet | host | smtp"];
    assert_eq!(with(MARTIAN, PCI, &denied), 0);
    let shared = "version: 1\nname: shared\nprofiles: [pci-dss-4.0.1]
zones:
  provider: { interfaces: [wan0], networks: [100.64.0.0/10, 9.0.0.0/8], trust: untrusted }
rules:
  - { id: a, action: allow, from: provider, to: host, services: smtp, reason: Behind a provider }
";
    assert!(titles(MARTIAN, shared).is_empty(), "RFC 6598");
}

#[test]
fn groups_never_send() {
    assert_eq!(with(GROUP, PCI, &["a | internet | host | smtp"]), 1);
    assert_eq!(with(GROUP, PCI, &["a | 239.0.0.0/8 | servers | any"]), 1);
    assert_eq!(with(GROUP, PCI, &["a | 'ff02::1' | host | smtp"]), 1);
    assert_eq!(with(GROUP, PCI, &["a | lan | multicast | any"]), 0, "they receive");
    assert_eq!(with(GROUP, PCI, &["deny-a | multicast | any | any | log: true", "a | any | host | smtp"]), 0);
}

#[test]
fn the_fix_switches_the_baseline_on() {
    let policy = office(&["a | internet | host | smtp", "b | 10.20.0.0/16 | servers | https"]) + &asked(OFF);
    let found = findings(&policy);
    for check in [LOOPBACK, OWN] {
        let finding = found.iter().find(|finding| finding.code == check).unwrap();
        let fix = finding.fix.as_ref().unwrap();
        assert_eq!(fix.title, "set `anti-spoofing` of `baseline` to `true`");
    }
}

#[test]
fn addresses_of_examples() {
    let found = |policy: &str| titles("doc-prefix-in-policy", policy).len();
    let profile = "profiles: [pci-dss-4.0.1]\n";
    assert_eq!(found(&(office(&["a | lan | internet | https"]) + profile)), 2, "both zones");
    let real = |rules: &[&str]| {
        let policy = office(rules).replace("2001:db8:20:", "fd20:20:").replace("2001:db8:30:", "fd20:30:");
        found(&(policy + profile))
    };
    assert_eq!(real(&["a | lan | internet | https"]), 0);
    assert_eq!(real(&["a | [9.9.9.9, 203.0.113.7] | host | ssh"]), 1);
    assert_eq!(real(&["a | internet | '2001:db8::1' | https"]), 1);
    assert_eq!(real(&["deny-a | bogons | any | any | log: true", "b | 192.0.0.0/8 | host | ssh"]), 0);
    assert_eq!(found(&office(&["a | 203.0.113.7 | host | ssh"])), 0, "only by profile");
    let networks = "networks:\n  martians: [127.0.0.0/8, 192.0.2.0/24]\n  office: [192.0.2.0/25]\n";
    let rules = ["deny-a | martians | any | any | log: true", "b | office | host | ssh"];
    let policy = office(&rules).replace("2001:db8:20:", "fd20:20:").replace("2001:db8:30:", "fd20:30:");
    assert_eq!(found(&(policy + profile + networks)), 1, "the office, and not the list");
}
