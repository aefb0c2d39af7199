use crate::render::Target;
use crate::render::sample::{PLAIN, rendered, rule, text};

/// The rules of the probe without indentation and comment.
fn probe(fields: &str) -> Vec<String> {
    rules_of("probe", &rule(fields))
}

fn rules_of(id: &str, yaml: &str) -> Vec<String> {
    let text = text(yaml, Target::Nftables);
    let of_id = |line: &str| {
        let (said, comment) = line.trim().rsplit_once(" comment ")?;
        comment.starts_with(&format!("\"{id} ")).then(|| said.to_owned())
    };
    text.lines().filter_map(of_id).collect()
}

#[test]
fn one_rule_does_for_both_families_where_nothing_depends_on_them() {
    assert_eq!(
        probe("action: allow, from: wan, to: host, services: [smtp]"),
        ["iifname { \"wan0\", \"wan1\" } tcp dport 25 counter accept"]
    );
    assert_eq!(probe("action: allow, from: any, to: host, services: any"), ["counter accept"]);
}

#[test]
fn addresses_make_one_rule_per_family() {
    assert_eq!(
        probe("action: allow, from: lan, to: wan, services: [pop3s]"),
        [
            "iifname \"lan0\" oifname { \"wan0\", \"wan1\" } ip saddr 10.20.0.0/16 tcp dport 995 counter accept",
            "iifname \"lan0\" oifname { \"wan0\", \"wan1\" } ip6 saddr 2001:db8:20::/48 tcp dport 995 counter accept",
        ]
    );
    assert_eq!(
        probe("action: allow, from: 10.0.0.1-10.0.0.9, to: host, services: [pop3s]"),
        ["ip saddr 10.0.0.1-10.0.0.9 tcp dport 995 counter accept"]
    );
}

#[test]
fn several_prefixes_are_a_set_named_as_in_the_policy() {
    let networks = "networks: { mx: [192.0.2.1, 192.0.2.7], list: [192.0.2.1, 192.0.2.7] }\n";
    let yaml = format!("{networks}{}", rule("action: allow, from: any, to: mx, services: [smtp]"));
    assert_eq!(rules_of("probe", &yaml)[0], "ip daddr @mx_v4 tcp dport 25 counter accept");
    let text = text(&yaml, Target::Nftables);
    let whole = "\tset mx_v4 {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\tauto-merge\n\t\telements = {\n\
                 \t\t\t192.0.2.1,\n\t\t\t192.0.2.7,\n\t\t}\n\t}\n";
    assert!(text.contains(whole), "{text}");
    assert!(text.contains("\nflush set inet mailward_sample mx_v4\n"), "{text}");
    assert!(!text.contains("list_v4"), "same content, same set: {text}");
}

#[test]
fn a_list_without_a_name_is_named_after_its_rule() {
    let said = probe("action: allow, from: [192.0.2.1, 192.0.2.7], to: host, services: [smtp]");
    assert_eq!(said, ["ip saddr @rule_probe_from_v4 tcp dport 25 counter accept"]);
}

#[test]
fn icmp_brings_its_family() {
    let services = "{ icmp: [8], icmpv6: [128], udp: [123] }";
    assert_eq!(
        probe(&format!("action: allow, from: wan, to: host, services: {services}")),
        [
            "iifname { \"wan0\", \"wan1\" } udp dport 123 counter accept",
            "iifname { \"wan0\", \"wan1\" } icmp type 8 counter accept",
            "iifname { \"wan0\", \"wan1\" } icmpv6 type 128 counter accept",
        ]
    );
}

#[test]
fn a_family_without_addresses_to_show_is_asked_for() {
    let yaml = format!("baseline: {{ dhcp-client: [wan0] }}\n{PLAIN}");
    let said = rules_of("baseline:dhcp-client", &yaml);
    assert_eq!(said[0], "iifname \"wan0\" meta nfproto ipv4 udp sport 67 udp dport 68 counter accept");
    assert_eq!(said[1], "iifname \"wan0\" ip6 saddr fe80::/10 udp sport 547 udp dport 546 counter accept");
}

#[test]
fn a_logged_verdict_is_a_chain_of_its_own() {
    let fields = "action: deny, from: wan, to: [host, lan], services: [pop3], log: { rate: 10/minute }";
    assert_eq!(
        probe(fields),
        [
            "iifname { \"wan0\", \"wan1\" } tcp dport 110 counter goto rule_probe",
            "iifname { \"wan0\", \"wan1\" } oifname \"lan0\" ip daddr 10.20.0.0/16 tcp dport 110 counter goto rule_probe",
            "iifname { \"wan0\", \"wan1\" } oifname \"lan0\" ip6 daddr 2001:db8:20::/48 tcp dport 110 counter goto rule_probe",
            "limit rate 10/minute burst 5 packets log prefix \"probe: \" level info",
            "drop",
        ]
    );
}

#[test]
fn an_observed_rule_decides_nothing() {
    assert_eq!(
        probe("action: deny, stage: observe, from: wan, to: host, services: [pop3]"),
        [
            "iifname { \"wan0\", \"wan1\" } tcp dport 110 counter limit rate 5/second burst 10 packets log prefix \
             \"probe: \" level info"
        ]
    );
}

#[test]
fn refusals_fit_the_protocol() {
    let refused =
        |services: &str| probe(&format!("action: reject, from: 10.1.1.1, to: host, services: {services}"));
    assert_eq!(refused("[pop3]"), ["ip saddr 10.1.1.1 tcp dport 110 counter reject with tcp reset"]);
    assert_eq!(
        refused("[ntp]"),
        ["ip saddr 10.1.1.1 udp dport 123 counter reject with icmpx admin-prohibited"]
    );
    assert_eq!(refused("any"), ["ip saddr 10.1.1.1 counter goto refuse"]);
    let text = text(&rule("action: reject, from: 10.1.1.1, to: host, services: any"), Target::Nftables);
    assert!(text.contains("\tchain refuse {\n\t\tmeta l4proto tcp reject with tcp reset comment"), "{text}");
}

#[test]
fn the_state_is_asked_for_once() {
    let text = text(PLAIN, Target::Nftables);
    let input: Vec<&str> = text.lines().filter(|line| line.contains("ct state")).take(4).collect();
    let states = input.iter().filter_map(|line| line.trim().split(" counter ").next()).collect::<Vec<_>>();
    assert_eq!(
        states,
        [
            "ct state established,related",
            "ct state invalid",
            "ct state != new",
            "ct state new tcp flags & (fin|syn|rst|ack) != syn",
        ]
    );
}

#[test]
fn every_chain_ends_in_its_default() {
    let yaml = format!("defaults: {{ input: deny, forward: reject, output: allow, log: false }}\n{PLAIN}");
    let yaml = yaml.as_str();
    assert_eq!(rules_of("default:input", yaml), ["counter drop"]);
    assert_eq!(rules_of("default:forward", yaml), ["counter goto refuse"]);
    assert_eq!(rules_of("default:output", yaml), ["counter accept"]);
    let text = text(yaml, Target::Nftables);
    for (hook, policy) in [("input", "drop"), ("forward", "drop"), ("output", "accept")] {
        let base = format!("type filter hook {hook} priority filter; policy {policy};");
        assert_eq!(text.matches(&base).count(), 2, "in the skeleton and in the table: {base}");
    }
}

#[test]
fn nothing_is_deleted() {
    let text = text(PLAIN, Target::Nftables);
    assert!(!text.contains("delete"), "{text}");
    assert!(!text.contains("flush ruleset"), "{text}");
    assert!(text.contains("\nflush table inet mailward_sample\n"), "{text}");
}

#[test]
fn a_limit_that_the_kernel_cannot_count_is_refused() {
    let fields = "action: deny, from: wan, to: host, services: [pop3], log: { rate: 4000000000/second }";
    let problems = rendered(&rule(fields), Target::Nftables).unwrap_err();
    assert_eq!(problems[0].title, "nftables cannot say what `probe` means");
    assert_eq!(problems[0].primary.text, "its log limit is beyond what the kernel can count");
}
