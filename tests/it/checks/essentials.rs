//! Defaults, and what networks cannot do without: answers, loopback, ICMP, neighbours.

use mailward::readback::Language;

use super::findings::{findings, findings_in_ruleset, office, titles};

const GAP: &str = "default-deny-family-gap";
const RETURN: &str = "return-traffic-missing";
const MTU: &str = "icmp-fragneeded-blocked";
const NDP: &str = "icmp6-ndp-blocked";
const LOOPBACK: &str = "loopback-not-accepted";

/// How much a check finds in an office with these rules and more keys; without rules it only refuses something.
fn with(check: &str, extra: &str, rules: &[&str]) -> usize {
    let refusal = ["deny-something | lan | servers | any | log: true"];
    let rules = if rules.is_empty() { &refusal } else { rules };
    titles(check, &(office(rules) + extra + "\n")).len()
}

#[test]
fn an_accepting_default() {
    let forward = "defaults: { forward: allow }";
    assert_eq!(with("default-accept-forward", forward, &[]), 1);
    assert_eq!(with("default-accept-input", forward, &[]), 0);
    assert_eq!(with("default-accept-input", "defaults: { input: allow }", &[]), 1);
    assert_eq!(with("default-accept-input", "defaults: { input: reject, output: allow }", &[]), 0);
}

#[test]
fn an_accepting_default_that_rules_leave_nothing() {
    let input = "defaults: { input: allow }";
    assert_eq!(with("default-accept-input", input, &["deny-all | any | host | any | log: true"]), 0);
    assert_eq!(with("default-accept-input", input, &["deny-all | internet | host | any | log: true"]), 1);
    let halves = ["deny-a | 0.0.0.0/0 | host | any | log: true", "deny-b | '::/0' | host | any | log: true"];
    assert_eq!(with("default-accept-input", input, &halves), 0);
}

#[test]
fn a_catch_all_for_one_family() {
    assert_eq!(with(GAP, "", &["a | '::/0' | host | any"]), 1);
    assert_eq!(with(GAP, "", &["a | '2000::/3' | servers | any"]), 1);
    assert_eq!(with(GAP, "", &["a | 0.0.0.0/0 | host | any"]), 1);
    assert_eq!(with(GAP, "", &["a | '::/0' | host | { tcp: any, udp: any }"]), 1);
    assert_eq!(with(GAP, "", &["a | host | '::/0' | any"]), 1);
    let open = "defaults: { output: allow }";
    assert_eq!(with(GAP, open, &["deny-all | host | 0.0.0.0/0 | any | log: true"]), 1);
}

#[test]
fn both_families_alike_or_a_few_addresses_are_no_gap() {
    assert_eq!(with(GAP, "", &["a | internet | host | any"]), 0);
    assert_eq!(with(GAP, "", &["a | '::/0' | host | any", "b | 0.0.0.0/0 | host | any"]), 0);
    assert_eq!(with(GAP, "", &["a | '2001:db8:77::/64' | host | any"]), 0);
    assert_eq!(with(GAP, "", &["a | '::/0' | host | https"]), 0);
    assert_eq!(with(GAP, "", &["a | '2001:db8:20::/48' | servers | any"]), 0);
    assert_eq!(with(GAP, "defaults: { input: allow }", &[]), 0);
}

#[test]
fn a_site_without_ipv6_has_no_gap_there() {
    let policy = |networks: &str| {
        format!(
            "version: 1\nname: office\nzones:
  lan: {{ interfaces: [lan0], networks: [{networks}], trust: internal }}
  internet: {{ interfaces: [wan0], trust: untrusted }}
rules:
  - {{ id: a, action: allow, from: 10.20.0.0/16, to: internet, services: any, reason: Everything may leave }}
"
        )
    };
    assert!(titles(GAP, &policy("10.20.0.0/16")).is_empty());
    assert_eq!(titles(GAP, &policy("10.20.0.0/16, '2001:db8:20::/48'")).len(), 1);
}

#[test]
fn answers_need_known_flows() {
    let off = "baseline: { established: false }";
    assert_eq!(with(RETURN, off, &["a | lan | internet | https"]), 1);
    assert_eq!(with(RETURN, off, &["a | internet | host | smtp", "b | host | internet | dns"]), 1);
    assert_eq!(
        with(RETURN, "", &["a | lan | internet | https", "b | host | internet | { protocol: [47] }"]),
        0
    );
    let silent = "baseline: { established: false, echo: false }";
    assert_eq!(with(RETURN, silent, &["deny-all | any | any | any | log: true"]), 0, "nothing to answer");
    assert_eq!(with(RETURN, off, &[]), 1, "echo requests are answered too");
}

#[test]
fn a_refused_answer_is_shown_with_what_opens_the_flow() {
    let policy = office(&["a | lan | internet | https"]) + "baseline: { established: false, echo: false }\n";
    let found = findings(&policy);
    let finding = found.iter().find(|finding| finding.code == RETURN).unwrap();
    assert_eq!(
        finding.notes[..2],
        [
            "for example: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:443",
            "refused answer: forward, wan0 → lan0: TCP 198.51.100.1:443 → 10.20.0.1:49152 (established)",
        ]
    );
}

#[test]
fn path_mtu_messages_pass_as_errors_or_as_related() {
    let rule = ["a | lan | internet | https"];
    assert_eq!(with(MTU, "baseline: { icmp-errors: false }", &rule), 0, "related covers them");
    assert_eq!(with(MTU, "baseline: { established: false }", &rule), 0, "the errors themselves do");
    let neither = "baseline: { icmp-errors: false, established: false }";
    assert_eq!(with(MTU, neither, &rule), 1);
    assert_eq!(with(MTU, neither, &["a | internet | host | smtp"]), 1);
    assert_eq!(with(MTU, neither, &["a | host | internet | dns"]), 1);
    assert_eq!(with(MTU, neither, &[]), 0, "no flow depends on them");
}

#[test]
fn neighbours_matter_where_ipv6_does() {
    let off = "baseline: { neighbour-discovery: false }";
    assert_eq!(with(NDP, off, &["a | internet | host | smtp"]), 1);
    assert_eq!(with(NDP, off, &["a | lan | internet | https"]), 1);
    assert_eq!(with(NDP, off, &["a | 10.20.0.0/16 | host | ntp"]), 0);
    assert_eq!(with(NDP, "baseline: { icmp-errors: false }", &["a | internet | host | smtp"]), 0);
    let rules = ["a | internet | host | smtp", "nd | any | host | { icmpv6: [133, 134, 135, 136] }"];
    assert_eq!(with(NDP, off, &rules), 1, "rules see new flows only, and discovery is untracked");
}

#[test]
fn a_forged_source_is_refused_rightly_and_never_the_witness() {
    let policy = office(&["a | internet | host | smtp"]) + "baseline: { neighbour-discovery: false }\n";
    let found = findings(&policy);
    let finding = found.iter().find(|finding| finding.code == NDP).unwrap();
    assert!(!finding.notes[0].contains(" ::1 "), "{:?}", finding.notes);
    assert!(finding.notes[0].ends_with("(untracked)"), "{:?}", finding.notes);
}

/// How much a check finds in a ruleset for nft with these rules for what comes in.
fn arriving(check: &str, rules: &[&str]) -> usize {
    let text = format!(
        "table inet filter {{\n chain input {{\n type filter hook input priority filter; policy drop;\n{}\n }}\n}}\n",
        rules.join("\n")
    );
    let found = findings_in_ruleset(Language::Nftables, &text);
    found.iter().filter(|finding| finding.code == check).count()
}

const WEB: [&str; 3] = [
    "ct state established,related accept",
    "meta l4proto { icmp, ipv6-icmp } accept",
    "tcp dport 443 ct state new accept",
];

#[test]
fn lists_of_sources_refuse_nothing_that_is_needed() {
    let lists = [
        "ip saddr 203.0.113.0/24 drop",
        "ip saddr { 10.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, 224.0.0.0/3 } drop",
        "ip6 saddr ::1 drop",
        "ip6 saddr { ::1, 2001:db8::/32, fc00::/7, ff00::/8 } drop",
        "ip6 saddr fe80::bad drop",
    ];
    for list in lists {
        let rules = [&[list][..], &WEB].concat();
        assert_eq!(arriving(MTU, &rules), 0, "{list}");
        assert_eq!(arriving(NDP, &rules), 0, "{list}");
    }
}

#[test]
fn refusals_of_everybody_are_no_lists() {
    let found = |check: &str, rule: &str| arriving(check, &[&[rule][..], &WEB].concat());
    assert_eq!(found(MTU, "icmp type destination-unreachable drop"), 1);
    assert_eq!(found(MTU, "icmpv6 type packet-too-big drop"), 1);
    assert_eq!(found(MTU, "ip saddr 0.0.0.0/1 icmp type destination-unreachable drop"), 1, "half of all");
    assert_eq!(found(MTU, "ip saddr != 203.0.113.0/24 ip protocol icmp drop"), 1, "all but a few");
    let quarters = "ip saddr 0.0.0.0/2 ip protocol icmp drop\nip saddr 64.0.0.0/2 ip protocol icmp drop\n\
                    ip saddr 128.0.0.0/1 ip protocol icmp drop";
    assert!(found(MTU, quarters) > 0, "everybody, in pieces");
    assert_eq!(found(NDP, "meta l4proto ipv6-icmp drop"), 1);
    assert_eq!(found(NDP, "ip6 saddr fe80::/10 drop"), 1, "routers speak from there only");
    assert_eq!(
        found(NDP, "ip6 saddr 2000::/3 icmpv6 type nd-neighbor-solicit drop"),
        0,
        "a part of them is heard"
    );
    assert_eq!(arriving(MTU, &["ip saddr 10.0.0.0/8 accept", WEB[2]]), 1, "routers outside are not heard");
    let of_link = ["ct state established,related accept", "ip6 saddr fe80::/10 accept", WEB[2]];
    assert_eq!(arriving(NDP, &of_link), 1, "neighbours with other addresses are not heard");
    let networks =
        ["ct state established,related accept", "ip6 saddr { fe80::/10, 2001:db8:20::/64 } accept", WEB[2]];
    assert_eq!(arriving(NDP, &networks), 0, "the networks of the link are known");
}

#[test]
fn the_loopback_as_a_whole() {
    let off = "baseline: { loopback: false }";
    assert_eq!(with(LOOPBACK, off, &[]), 1);
    assert_eq!(with(LOOPBACK, off, &["a | any | any | { tcp: any }"]), 1);
    assert_eq!(with(LOOPBACK, off, &["a | any | any | any"]), 0, "a rule for everything is one for lo");
    assert_eq!(with(LOOPBACK, "", &[]), 0);
}
