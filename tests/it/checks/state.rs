//! Connection states in rulesets: what a policy's baseline settles.

use mailward::readback::{Language, PfDialect};
use mailward::source::Diagnostic;

use super::findings::{findings_in_ruleset, office, titles};

const INVALID: &str = "invalid-not-dropped";
const DISCOVERY: &str = "invalid-before-nd";
const MIDSTREAM: &str = "new-without-syn";
const RETURN: &str = "return-traffic-missing";

fn nft(check: &str, rules: &str) -> Vec<Diagnostic> {
    let chain = format!(
        "table inet filter {{\n chain input {{\n type filter hook input priority filter; policy drop;\n{rules}\n }}\n \
         chain forward {{ type filter hook forward priority filter; policy drop; }}\n}}\n"
    );
    let found = findings_in_ruleset(Language::Nftables, &chain);
    found.into_iter().filter(|finding| finding.code == check).collect()
}

fn count(check: &str, rules: &[&str]) -> usize {
    nft(check, &rules.join("\n")).len()
}

const KNOWN: &str = "ct state established,related accept";
const DROP: &str = "ct state invalid drop";
const SYN: &str = "ct state new tcp flags & (fin | syn | rst | ack) != syn drop";
const ICMP: &str = "meta l4proto { icmp, ipv6-icmp } accept";

#[test]
fn invalid_packets_that_pass() {
    assert_eq!(count(INVALID, &[KNOWN, "tcp dport 25 accept"]), 1);
    assert_eq!(count(INVALID, &[KNOWN, "ip saddr 10.0.0.0/8 accept", DROP, "tcp dport 25 accept"]), 1);
    assert_eq!(count(INVALID, &[KNOWN, "ip6 daddr 2001:db8::1 tcp dport 25 accept"]), 1);
    assert_eq!(
        count(INVALID, &[KNOWN, "tcp dport 25 accept", "tcp dport 993 accept"]),
        1,
        "one finding is enough"
    );
}

#[test]
fn invalid_packets_that_do_not_pass() {
    assert_eq!(count(INVALID, &[KNOWN, DROP, "tcp dport 25 accept"]), 0);
    assert_eq!(count(INVALID, &[KNOWN, "ct state new tcp dport 25 accept"]), 0);
    assert_eq!(
        count(
            INVALID,
            &[
                "ct state vmap { established : accept, related : accept, invalid : drop }",
                "tcp dport 25 accept"
            ]
        ),
        0
    );
    assert_eq!(count(INVALID, &["iif \"lo\" accept", KNOWN, "udp dport 53 accept", ICMP]), 0);
}

#[test]
fn connections_taken_up_in_the_middle() {
    assert_eq!(count(MIDSTREAM, &[KNOWN, DROP, "tcp dport 25 accept"]), 1);
    assert_eq!(count(MIDSTREAM, &[KNOWN, "ct state new tcp dport 25 accept"]), 1);
    assert_eq!(count(MIDSTREAM, &[KNOWN, SYN, "tcp dport 25 accept"]), 0);
    assert_eq!(
        count(MIDSTREAM, &[KNOWN, "tcp dport 25 tcp flags & (fin | syn | rst | ack) == syn accept"]),
        0
    );
    assert_eq!(count(MIDSTREAM, &[KNOWN, "udp dport 53 accept"]), 0);
}

#[test]
fn pf_asks_for_the_syn_by_itself() {
    let found = |text: &str| {
        let found = findings_in_ruleset(Language::Pf(PfDialect::OpenBsd), text);
        found
            .into_iter()
            .map(|finding| finding.code)
            .filter(|code| [INVALID, MIDSTREAM].contains(code))
            .count()
    };
    assert_eq!(found("block\npass in proto tcp to port 25\n"), 0);
    assert_eq!(found("block\npass in proto tcp to port 25 flags any\n"), 1);
}

#[test]
fn neighbour_discovery_behind_the_drop_of_invalid_packets() {
    assert_eq!(count(DISCOVERY, &[KNOWN, DROP, ICMP]), 1);
    assert_eq!(count(DISCOVERY, &[KNOWN, DROP, "icmpv6 type { 133, 134, 135, 136, 141, 142 } accept"]), 1);
    let found = nft(DISCOVERY, &[KNOWN, DROP, ICMP].join("\n"));
    assert_eq!(found[0].title, "rule `line-5` drops neighbour discovery as invalid");
    assert_eq!(found[0].related.len(), 1);
    assert!(found[0].help.is_some(), "what to do is about rulesets");
}

#[test]
fn neighbour_discovery_that_passes_or_was_never_meant_to() {
    assert_eq!(count(DISCOVERY, &[KNOWN, ICMP, DROP]), 0);
    assert_eq!(count(DISCOVERY, &[KNOWN, DROP, "icmpv6 type { 133, 134, 135, 136 } accept"]), 0);
    assert_eq!(count(DISCOVERY, &[KNOWN, DROP]), 0);
    assert_eq!(count("icmp6-ndp-blocked", &[KNOWN, DROP, ICMP, "ct state new tcp dport 25 accept"]), 0);
}

#[test]
fn answers_of_one_family_only() {
    let text = "table inet filter {
 chain input {
  type filter hook input priority filter; policy drop;
  ip protocol tcp ct state established accept
 }
 chain output {
  type filter hook output priority filter; policy drop;
  tcp dport 25 accept
 }
}
";
    let found = findings_in_ruleset(Language::Nftables, text);
    let finding = found.iter().find(|finding| finding.code == RETURN).unwrap();
    let labels: Vec<&str> = finding.related.iter().map(|label| label.text.as_str()).collect();
    assert!(labels.contains(&"this accepts answers over IPv4 and none over IPv6"), "{labels:?}");
}

#[test]
fn policies_are_not_asked() {
    let policy = office(&["a | internet | host | any"]) + "baseline: { invalid: false }\n";
    for check in [INVALID, DISCOVERY, MIDSTREAM] {
        assert!(titles(check, &policy).is_empty());
    }
}
