//! Packets as written in, packets and diagnostics out.

use insta::assert_snapshot;

use super::*;
use crate::analyze::spell;
use crate::lower::lower;
use crate::parse;
use crate::source::Sources;

const POLICY: &str = "version: 1
name: branch
zones:
  lan:      { interfaces: [lan0], networks: [10.20.0.0/16, '2001:db8:20::/48'], trust: internal }
  wifi:     { interfaces: [wlan0, wlan1], networks: [10.30.0.0/16], trust: internal }
  internet: { interfaces: [wan0] }
rules:
  - { id: mail, action: allow, from: lan, to: internet, services: [pop3s] }
";

/// What a packet is in a policy and what was assumed, or what is wrong with it.
fn asked_in(policy: &str, text: &str) -> String {
    let mut sources = Sources::default();
    let policy = lower(parse::text("policy.yaml", policy, &mut sources)).policy.expect("a policy");
    let parsed = parse::packets("<packet>", text, &mut sources);
    let decl = parsed.packets.first().unwrap_or_else(|| panic!("{:?}", parsed.diagnostics));
    match packet(decl, &policy) {
        Ok(asked) => format!("{} [{}]", spell(&policy, &asked.packet), asked.assumed.join("; ")),
        Err(problems) => {
            let word = |problem: &Diagnostic| {
                let (site, column) = (&problem.primary, sources.position(problem.primary.site).column);
                format!("{column} {}: {} [{}]", problem.code, problem.title, site.text)
            };
            problems.iter().map(word).collect::<Vec<_>>().join("\n")
        }
    }
}

fn asked(text: &str) -> String {
    asked_in(POLICY, text)
}

#[test]
fn interfaces_give_the_hook() {
    assert_snapshot!(asked("tcp 10.20.1.5:1 > 10.0.0.1:22 in lan0"), @"tcp 10.20.1.5:1 > 10.0.0.1:22 in lan0 []");
    assert_snapshot!(asked("tcp 10.20.1.5:1 > 10.0.0.1:22 out wan0"), @"tcp 10.20.1.5:1 > 10.0.0.1:22 out wan0 []");
    assert_snapshot!(asked("tcp 10.20.1.5:1 > 10.0.0.1:22 out wan0 in other"), @"tcp 10.20.1.5:1 > 10.0.0.1:22 in other out wan0 []");
}

#[test]
fn zones_give_the_interfaces_that_are_not_written() {
    assert_snapshot!(asked("tcp 10.20.1.5:1 > 198.51.100.7:110"), @"tcp 10.20.1.5:1 > 198.51.100.7:110 in lan0 out wan0 [in lan0: 10.20.1.5 is in zone `lan`; out wan0: 198.51.100.7 is in zone `internet`]");
    assert_snapshot!(asked("tcp [2001:db8:20::5]:1 > [2001:db8::7]:110"), @"tcp [2001:db8:20::5]:1 > [2001:db8::7]:110 in lan0 out wan0 [in lan0: 2001:db8:20::5 is in zone `lan`; out wan0: 2001:db8::7 is in zone `internet`]");
    assert_snapshot!(asked("tcp 10.30.1.5:1 > 198.51.100.7:110"), @"5 missing-interface: which interface? zone `wifi`, which holds `10.30.1.5`, has not exactly one []");
}

#[test]
fn interfaces_that_cannot_be_told_are_asked_for() {
    let two = POLICY.replace("rules:", "  abroad:   { interfaces: [tun0] }\nrules:");
    assert_snapshot!(asked_in(&two, "tcp 10.20.1.5:1 > 198.51.100.7:110"), @"19 missing-interface: which interface? zones `internet`, `abroad` hold `198.51.100.7` []");
    let none = POLICY.replace("[wan0] }", "[wan0], networks: [203.0.113.0/24] }");
    assert_snapshot!(asked_in(&none, "tcp 8.8.8.8:1 > 198.51.100.7:110"), @"
    5 missing-interface: which interface? no zone holds `8.8.8.8` []
    17 missing-interface: which interface? no zone holds `198.51.100.7` []
    ");
    let unnamed = "version: 1
name: host
zones: { lan: { networks: [10.20.0.0/16] } }
rules: [ { id: ssh, action: allow, from: lan, to: host, services: [ssh] } ]
";
    assert_snapshot!(asked_in(unnamed, "tcp 10.20.1.5:1 > 198.51.100.7:110"), @"tcp 10.20.1.5:1 > 198.51.100.7:110 in other out other []");
}

#[test]
fn what_is_not_written_is_said() {
    assert_snapshot!(asked("10.20.1.5 > 198.51.100.7:110 in lan0"), @"tcp 10.20.1.5:49152 > 198.51.100.7:110 in lan0 [TCP: no protocol is written; source port 49152: none is written]");
    assert_snapshot!(asked("icmp destination-unreachable 10.20.1.5 > 198.51.100.7 in lan0"), @"icmp network-unreachable 10.20.1.5 > 198.51.100.7 in lan0 [code 0: none is written]");
    assert_snapshot!(asked("icmp echo-request 10.20.1.5 > 198.51.100.7 in lan0"), @"icmp echo-request 10.20.1.5 > 198.51.100.7 in lan0 []");
}

#[test]
fn names_are_looked_up() {
    assert_snapshot!(asked("udp 10.20.1.5:dns > 198.51.100.7:ntp in lan0"), @"udp 10.20.1.5:53 > 198.51.100.7:123 in lan0 []");
    assert_snapshot!(asked("tcp 10.20.1.5:1 > 198.51.100.7:smtps in lan0"), @"tcp 10.20.1.5:1 > 198.51.100.7:465 in lan0 []");
    assert_snapshot!(asked("udp 10.20.1.5:1 > 198.51.100.7:smtp in lan0"), @"32 undefined-port: there is no UDP port named `smtp` [not declared here, not included, not built in]");
    assert_snapshot!(asked("tcp 10.20.1.5:1 > 198.51.100.7:smtp-alternate in lan0"), @"32 not-one-port: `smtp-alternate` is more than one port []");
    assert_snapshot!(asked("tpc 10.20.1.5 > 198.51.100.7 in lan1"), @"
    1 undefined-protocol: there is no protocol named `tpc` [did you mean `tcp`?]
    33 undefined-interface: the policy names no interface `lan1` [did you mean `lan0`?]
    ");
    assert_snapshot!(asked("icmpv6 fragmentation-needed 2001:db8::1 > 2001:db8::2 in eth7"), @"
    8 undefined-icmp-type: there is no ICMPv6 type named `fragmentation-needed` [not declared here, not included, not built in]
    58 undefined-interface: the policy names no interface `eth7` []
    ");
}

#[test]
fn parts_that_a_protocol_does_not_have_are_refused() {
    assert_snapshot!(asked("tcp 10.20.1.5 > 198.51.100.7 in lan0"), @"17 missing-port: a TCP packet goes to a port []");
    assert_snapshot!(asked("icmp echo-request 10.20.1.5:1 > 198.51.100.7:2 in lan0"), @"
    29 odd-port: a message of ICMP has no ports []
    46 odd-port: a message of ICMP has no ports []
    ");
    assert_snapshot!(asked("gre 10.20.1.5 > 198.51.100.7:47 in lan0 mid-stream"), @"
    30 odd-port: only TCP and UDP packets have ports here []
    41 odd-state: only TCP packets are `mid-stream` []
    ");
    assert_snapshot!(asked("icmp 10.20.1.5 > 198.51.100.7 in lan0"), @"1 missing-message: which message? []");
    assert_snapshot!(asked("icmp any 10.20.1.5 > 198.51.100.7 in lan0"), @"6 not-one-message: `any` is not one message []");
    assert_snapshot!(asked("10.20.1.5 > 198.51.100.7 in lan0"), @"1 missing-protocol: a packet without protocol and ports []");
}

#[test]
fn families_that_do_not_meet_are_refused() {
    assert_snapshot!(asked("tcp 10.20.1.5:1 > [2001:db8::1]:22 in lan0"), @"19 family-mismatch: a packet from an IPv4 address goes to an IPv6 address []");
    assert_snapshot!(asked("icmpv6 128 10.20.1.5 > 198.51.100.7 in lan0"), @"1 family-mismatch: `icmpv6` is not spoken over IPv4 []");
    assert_snapshot!(asked("icmp 8 2001:db8::1 > 2001:db8::2 in lan0"), @"1 family-mismatch: `icmp` is not spoken over IPv6 []");
    assert_snapshot!(asked("ah 2001:db8::1 > 2001:db8::2 in lan0"), @"1 family-mismatch: `ah` is no protocol of an IPv6 packet []");
}
