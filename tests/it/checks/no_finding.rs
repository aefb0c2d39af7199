//! What must never be reported, whichever check is added: the twelve guard rails against false alarms, in their order, each with
//! a test, and then others.

use mailward::readback::Language;

use super::findings::{findings, findings_in_ruleset, office, titles};

fn quiet(policy: &str) {
    assert_eq!(findings(policy), [], "{policy}");
}

/// Nothing is found in a ruleset for nft with these rules for what comes in, among those of every good ruleset.
fn quiet_ruleset(rules: &str) {
    let text = format!(
        "table inet filter {{
    chain input {{
        type filter hook input priority filter; policy drop;
        iif \"lo\" accept
        ct state established,related accept
        icmpv6 type {{ 1, 2, 3, 4, 128, 130, 131, 132, 133, 134, 135, 136, 141, 142, 143, 148, 149, 151, 152, 153 }} accept
        meta l4proto {{ tcp, udp }} ct state invalid drop
        tcp flags & (fin | syn | rst | ack) != syn ct state new drop
        {rules}
        limit rate 5/second log prefix \"input: \"
    }}
    chain forward {{
        type filter hook forward priority filter; policy drop;
        limit rate 5/second log prefix \"forward: \"
    }}
    chain output {{
        type filter hook output priority filter; policy drop;
        oif \"lo\" accept
        ct state established,related accept
        meta l4proto {{ icmp, ipv6-icmp }} accept
        limit rate 5/second log prefix \"output: \"
    }}
}}
"
    );
    assert_eq!(findings_in_ruleset(Language::Nftables, &text), [], "{text}");
}

#[test]
fn rail_1_port_25_of_an_mx_without_tls() {
    let mx = "hosts: [{ networks: [10.30.0.10], roles: [mx] }]\n";
    let rules = ["a | internet | 10.30.0.10 | smtp", "b | 10.30.0.10 | internet | dns"];
    quiet(&(office(&rules) + mx));
    quiet_ruleset("tcp dport 25 accept");
}

#[test]
fn rail_2_port_80_of_a_host_that_answers_acme_challenges() {
    let hosts = "hosts: [{ networks: [10.30.0.10], roles: [acme] }]\n";
    quiet(&(office(&["a | internet | 10.30.0.10 | http"]) + hosts));
    quiet_ruleset("tcp dport { 80, 443 } accept");
}

#[test]
fn rail_3_port_80_to_certification_authorities() {
    quiet(&office(&["a | lan | 198.51.100.80 | http"]));
    quiet(&office(&["a | host | [198.51.100.80, \"2001:db8:ca::80\"] | http"]));
}

#[test]
fn rail_4_cleartext_on_the_loopback_and_on_one_host() {
    let one = "hosts: [{ networks: [10.30.0.11], roles: [mailbox, webmail] }]\n";
    let rules =
        ["a | host | [127.0.0.1, \"::1\"] | [imap, pop3]", "b | internet | 10.30.0.11 | [imaps, https]"];
    quiet(&(office(&rules) + one));
    quiet(&(office(&[rules[1], "c | 10.30.0.11 | 10.30.0.11 | [imap, pop3]"]) + one));
}

#[test]
fn rail_5_file_sharing_and_directories_inside() {
    quiet(&office(&["a | lan | servers | { tcp: [445, 389], udp: [389] }"]));
    quiet(&office(&["a | lan | host | { tcp: [445, 389], udp: [389] }"]));
}

#[test]
fn rail_6_private_and_link_local_addresses_inside() {
    quiet(&office(&["a | 10.20.0.0/24 | 10.30.0.5 | https", "b | 'fe80::/10' | host | ntp"]));
    let ula = office(&["a | lan | servers | https", "b | lan | internet | https"])
        .replace("2001:db8:20::/48", "fd20:20::/48")
        .replace("2001:db8:30::/64", "fd20:30::/64");
    quiet(&ula);
}

#[test]
fn rail_7_echo_of_ipv4_that_is_blocked() {
    let ipv4 = office(&["a | lan | internet | https"])
        .replace(", \"2001:db8:20::/48\"", "")
        .replace(", \"2001:db8:30::/64\"", "");
    quiet(&(ipv4 + "baseline: { echo: false }\n"));
    let ipv6 = ["a | lan | internet | [https, { icmpv6: [128] }]", "b | any | host | { icmpv6: [128] }"];
    let both = office(&ipv6) + "baseline: { echo: false }\n";
    quiet(&both);
    quiet_ruleset("tcp dport 993 accept");
}

#[test]
fn rail_8_both_submission_ports_of_an_msa() {
    let hosts = "hosts: [{ networks: [10.30.0.10], roles: [msa] }]\n";
    quiet(&(office(&["a | internet | 10.30.0.10 | [submission, submissions]"]) + hosts));
    quiet_ruleset("tcp dport { 465, 587 } accept");
}

#[test]
fn rail_9_explicit_denials_that_the_default_would_do() {
    quiet(&office(&["reject-cleartext | lan | internet | [pop3, imap, smtp] | log: true"]));
    quiet(&office(&["a | lan | internet | https", "deny-b | internet | lan | { tcp: [445] } | log: true"]));
}

#[test]
fn rail_10_ssh_from_a_few_addresses() {
    quiet(&office(&["a | [198.51.100.0/28, \"2001:db8:ad::/64\"] | host | ssh"]));
    quiet(&office(&["a | 198.51.100.7 | servers | ssh", "b | lan | host | ssh"]));
    quiet_ruleset("ip saddr 198.51.100.0/28 tcp dport 22 accept");
}

#[test]
fn rail_11_link_local_next_hops() {
    quiet(&office(&["a | 'fe80::/10' | host | { udp: [521], protocol: [ospf] }"]));
    quiet(&office(&["a | 'fe80::1' | host | { tcp: [179] }", "b | host | 'fe80::1' | { tcp: [179] }"]));
    quiet_ruleset("ip6 saddr fe80::/10 meta l4proto 89 accept");
}

#[test]
fn rail_12_port_25_of_an_mx_behind_one_provider() {
    let hosts = "hosts: [{ networks: [10.30.0.10], roles: [mx], relay-via: [198.51.100.0/28] }]\n";
    quiet(&(office(&["a | 198.51.100.0/28 | 10.30.0.10 | smtp"]) + hosts));
}

#[test]
fn a_policy_without_rules_for_mail() {
    let checks = ["mail-pop3-cleartext-egress", "egress-any-any", "smtp-in-on-non-mx"];
    assert!(checks.iter().all(|check| titles(check, &office(&["a | lan | internet | dns"])).is_empty()));
}

#[test]
fn checks_that_no_profile_asks_for() {
    let rules = office(&["a | lan | internet | [pop3, smtp]"]);
    let codes = |profiles: &str| -> Vec<&str> {
        findings(&format!("{rules}profiles: {profiles}\n")).iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes("[hygiene]"), [""; 0]);
    assert_eq!(codes("[cis-controls-8.1]"), ["mail-pop3-cleartext-egress"]);
    assert_eq!(codes("[hygiene, mail]"), ["mail-pop3-cleartext-egress", "egress-smtp-from-clients"]);
}
