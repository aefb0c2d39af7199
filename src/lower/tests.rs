//! Policies in, entries and diagnostics out.

use std::fmt::Write as _;

use super::{lower, lower_with};
use crate::model::{AddressSet, Addresses, Entry, Origin, Policy, Term, address};
use crate::packet::{Family, IntervalSet};
use crate::parse;
use crate::source::{Diagnostic, Sources};

/// The smallest head of a policy that has a zone of each kind.
const HEAD: &str = "version: 1
name: test
zones:
  lan: { interfaces: [lan0], networks: [10.0.0.0/8, \"2001:db8::/32\"], trust: internal }
  net: { interfaces: [wan0] }
";

/// The policy of a text; panics with the diagnostics if there is none.
fn policy(text: &str) -> Policy {
    let mut sources = Sources::default();
    let lowered = lower(parse::text("policy.yaml", text, &mut sources));
    let shown = show(&lowered.diagnostics, &sources);
    lowered.policy.unwrap_or_else(|| panic!("no policy:\n{shown}"))
}

/// The diagnostics of a text that is no policy, one a line.
fn errors(text: &str) -> String {
    let mut sources = Sources::default();
    let lowered = lower(parse::text("policy.yaml", text, &mut sources));
    assert!(lowered.policy.is_none(), "a policy came out");
    show(&lowered.diagnostics, &sources)
}

/// The diagnostics of a policy that consists of the head and this.
fn errors_in(rest: &str) -> String {
    errors(&format!("{HEAD}{rest}"))
}

/// The diagnostics of one rule in a policy with the head.
fn errors_in_rule(from: &str, to: &str, services: &str) -> String {
    errors_in(&format!(
        "rules:\n  - {{ id: r, action: allow, from: {from}, to: {to}, services: {services}, reason: Test. }}\n"
    ))
}

fn show(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let at = sources.position(diagnostic.primary.site);
        let _ = write!(text, "{}:{} {}: {}", at.line, at.column, diagnostic.code, diagnostic.title);
        if !diagnostic.primary.text.is_empty() {
            let _ = write!(text, " [{}]", diagnostic.primary.text);
        }
        let _ = writeln!(text);
    }
    text
}

/// The entries of a hook that come from rules, one a line.
fn rule_entries(policy: &Policy) -> String {
    let rules = policy.entries.iter().filter(|entry| matches!(entry.origin, Origin::Rule(_)));
    rules.map(|entry| line(policy, entry)).collect::<Vec<_>>().concat()
}

fn line(policy: &Policy, entry: &Entry) -> String {
    let when = &entry.when;
    let origin =
        policy.rule_of(entry).map_or_else(|| format!("{:?}", entry.origin), |r| r.id.value.to_string());
    format!(
        "{} {origin} {:?} {}{} -> {}{}: {}\n",
        entry.hook.name(),
        entry.verdict,
        interfaces(policy, &when.incoming),
        addresses(&when.source),
        interfaces(policy, &when.outgoing),
        addresses(&when.destination),
        when.traffic.terms().iter().map(term).collect::<Vec<_>>().join(" "),
    )
}

fn interfaces(policy: &Policy, set: &IntervalSet<u16>) -> String {
    let name = |number| policy.interfaces.name(number).unwrap_or("other").to_owned();
    match set.intervals() {
        [(0, u16::MAX)] => "*".to_owned(),
        intervals => {
            let range = |&(a, b): &(u16, u16)| format!("{}..{}", name(a), name(b));
            intervals.iter().map(range).collect::<Vec<_>>().join(",")
        }
    }
}

fn addresses(set: &AddressSet) -> String {
    let name = set.name.as_ref().map_or(String::new(), |name| format!("{name}="));
    let families = Family::ALL.map(|family| match set.addresses.of(family).intervals() {
        [] => "-".to_owned(),
        _ if set.addresses.is_every(family) => "*".to_owned(),
        intervals => {
            let range = |&(a, b): &(u128, u128)| format!("{}-{}", address(family, a), address(family, b));
            intervals.iter().map(range).collect::<Vec<_>>().join(",")
        }
    });
    format!("({name}{})", families.join(" "))
}

fn term(term: &Term) -> String {
    match term {
        Term::Any => "any".to_owned(),
        Term::Ports { protocol, source, destination } if source.is_full() => {
            format!("{protocol}:{:?}", destination.intervals())
        }
        Term::Ports { protocol, source, destination } => {
            format!("{protocol}:{:?}>{:?}", source.intervals(), destination.intervals())
        }
        Term::Icmp(kinds) => format!("icmp:{:x?}", kinds.intervals()),
        Term::Icmpv6(kinds) => format!("icmpv6:{:x?}", kinds.intervals()),
        Term::Protocol(number) => format!("protocol:{number}"),
    }
}

/// The rule entries of a policy with the head and one rule.
fn entries_of_rule(from: &str, to: &str, services: &str) -> String {
    rule_entries(&policy(&format!(
        "{HEAD}rules:\n  - {{ id: r, action: allow, from: {from}, to: {to}, services: {services}, reason: Test. }}\n"
    )))
}

#[test]
fn zones_give_the_hook() {
    let forward = entries_of_rule("lan", "net", "[imaps]");
    let input = entries_of_rule("lan", "host", "[ssh]");
    let output = entries_of_rule("host", "net", "[ntp]");
    insta::assert_snapshot!(format!("{forward}{input}{output}"), @"
    forward r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> wan0..wan0(* *): 6:[(993, 993)]
    input r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): 6:[(22, 22)]
    output r Accept *(* *) -> wan0..wan0(* *): 17:[(123, 123)]
    ");
}

#[test]
fn any_is_every_zone_and_this_machine() {
    insta::assert_snapshot!(entries_of_rule("any", "any", "any"), @"
    input r Accept *(* *) -> *(* *): any
    forward r Accept *(* *) -> *(* *): any
    output r Accept *(* *) -> *(* *): any
    ");
    insta::assert_snapshot!(entries_of_rule("any", "lan", "[smtp]"), @"
    forward r Accept *(* *) -> lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff): 6:[(25, 25)]
    output r Accept *(* *) -> lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff): 6:[(25, 25)]
    ");
    insta::assert_snapshot!(entries_of_rule("lan", "any", "[smtp]"), @"
    input r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): 6:[(25, 25)]
    forward r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): 6:[(25, 25)]
    ");
}

#[test]
fn lists_give_one_entry_for_each_pair_of_interfaces() {
    insta::assert_snapshot!(entries_of_rule("[lan, 192.0.2.1, 192.0.2.2]", "[net, host]", "[smtp]"), @"
    input r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): 6:[(25, 25)]
    input r Accept *(192.0.2.1-192.0.2.2 -) -> *(* *): 6:[(25, 25)]
    forward r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> wan0..wan0(* *): 6:[(25, 25)]
    forward r Accept *(192.0.2.1-192.0.2.2 -) -> wan0..wan0(* *): 6:[(25, 25)]
    ");
}

#[test]
fn an_entry_of_one_family_stays_in_it() {
    insta::assert_snapshot!(entries_of_rule("lan", "192.0.2.1", "[smtp, ping]"), @"forward r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> *(192.0.2.1-192.0.2.1 -): 6:[(25, 25)] icmp:[(800, 8ff)] icmpv6:[(8000, 80ff)]");
}

#[test]
fn inline_services_and_source_ports() {
    let services =
        "[{ tcp: [8080, 9000-9010, smtp], udp: any }, { udp: 123, source-ports: 123 }, { icmp: 3/4 }]";
    insta::assert_snapshot!(entries_of_rule("lan", "net", services), @"forward r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> wan0..wan0(* *): 6:[(25, 25), (8080, 8080), (9000, 9010)] 17:[(0, 65535)] 17:[(123, 123)]>[(123, 123)] icmp:[(304, 304)]");
}

#[test]
fn names_that_mean_nothing() {
    insta::assert_snapshot!(errors_in_rule("lna", "net", "[smtp]"), @"7:35 undefined-name: there is no zone or network named `lna` [did you mean `lan`?]");
    insta::assert_snapshot!(errors_in_rule("lan", "nowhere", "[pop3x, { tcp: sntp }, { icmp: echo-requets }]"), @"
    7:44 undefined-name: there is no zone or network named `nowhere` [not declared here, not included, not built in]
    7:64 undefined-service: there is no service named `pop3x` [did you mean `pop3`?]
    7:78 undefined-port: there is no TCP port named `sntp` [did you mean `nntp`?]
    7:94 undefined-icmp-type: there is no ICMP type named `echo-requets` [did you mean `echo-request`?]
    ");
    insta::assert_snapshot!(errors_in_rule("lan", "net", "[{ protocol: grr }, { protocol: 3/4 }]"), @"
    7:91 not-a-protocol: `3/4` is not a protocol
    7:72 undefined-protocol: there is no protocol named `grr` [did you mean `gre`?]
    ");
}

#[test]
fn cycles() {
    let rest = "networks: { a: [b, 10.0.0.1], b: [c], c: [a] }
services: { x: [y], y: [x, smtp] }
rules:
  - { id: r, action: allow, from: a, to: net, services: [x], reason: Test. }
";
    insta::assert_snapshot!(errors_in(rest), @"
    6:43 cyclic-name: network `a` contains itself [leads back to where it began]
    7:25 cyclic-name: service `x` contains itself [leads back to where it began]
    ");
}

#[test]
fn a_network_that_except_empties() {
    let rest = "networks: { a: { addresses: [10.0.0.0/24], except: [10.0.0.0/8] } }
rules:
  - { id: r, action: allow, from: a, to: net, services: [smtp], reason: Test. }
";
    insta::assert_snapshot!(errors_in(rest), @"6:13 empty-network: network `a` is empty after `except`");
}

#[test]
fn an_except_that_takes_nothing_out() {
    let rest = "networks:
  a: { addresses: [10.0.0.0/8], except: [11.1.0.0/16, 10.1.0.0/16] }
  b: { addresses: [10.0.0.0/8], except: [\"2001:db8::/32\", legacy] }
  legacy: [192.0.2.1]
rules:
  - { id: r, action: allow, from: [a, b], to: net, services: [smtp], reason: Test. }
";
    insta::assert_snapshot!(errors_in(rest), @"
    7:42 idle-except: this takes nothing out of the network [no address of it is in `addresses`]
    8:42 idle-except: this takes nothing out of the network [no address of it is in `addresses`]
    8:59 idle-except: this takes nothing out of the network [no address of it is in `addresses`]
    ");
}

#[test]
fn an_unused_network_is_checked_too() {
    let rest = "networks: { a: [b] }
rules:
  - { id: r, action: allow, from: lan, to: net, services: [smtp], reason: Test. }
";
    insta::assert_snapshot!(errors_in(rest), @"6:17 undefined-network: there is no network named `b` [did you mean `a`?]");
}

#[test]
fn families_that_never_meet() {
    insta::assert_snapshot!(errors_in_rule("10.0.0.1", "\"2001:db8::1\"", "[smtp]"), @"7:49 family-mismatch: this can never match: the address families do not meet [IPv6 only; the other side is IPv4 only]");
    insta::assert_snapshot!(errors_in_rule("10.0.0.1", "net", "[smtp, { icmpv6: 128 }]"), @"7:71 family-mismatch: this can never match: the address families do not meet [IPv6 only; the other side is IPv4 only]");
    insta::assert_snapshot!(errors_in_rule("[10.0.0.1, \"2001:db8::1\"]", "192.0.2.1", "[smtp]"), @"7:46 family-mismatch: this can never match: the address families do not meet [IPv6 only; the other side is IPv4 only]");
}

#[test]
fn any_among_others() {
    insta::assert_snapshot!(errors_in_rule("[any, lan]", "net", "[any, smtp]"), @"
    7:36 any-among-others: `any` stands among other elements
    7:67 any-among-others: `any` stands among other services
    ");
}

#[test]
fn host_to_host() {
    insta::assert_snapshot!(errors_in_rule("host", "host", "[smtp]"), @"7:5 host-to-host: `host` to `host` is loopback traffic, which no rule decides");
}

#[test]
fn names_that_mean_two_things() {
    let rest = "networks: { lan: [10.1.0.0/16], private: [10.0.0.0/8] }
services: { smtp: { tcp: 2525 } }
rules:
  - { id: r, action: allow, from: lan, to: net, services: [smtp], reason: Test. }
  - { id: r, action: deny, from: lan, to: net, services: [pop3], reason: Test. }
";
    insta::assert_snapshot!(errors_in(rest), @"
    6:13 duplicate-name: `lan` is declared twice
    6:33 built-in-name: `private` is a built-in network
    7:13 built-in-name: `smtp` is a built-in service
    10:11 duplicate-rule: there are two rules with the id `r`
    ");
}

#[test]
fn zones_that_claim_the_same_packets() {
    let text = "version: 1
name: test
zones:
  a: { interfaces: [lan0], networks: [10.0.0.0/8] }
  b: { interfaces: [lan0], networks: [10.1.0.0/16] }
  c: { interfaces: [lan0] }
rules:
  - { id: r, action: allow, from: a, to: host, services: [smtp], reason: Test. }
";
    insta::assert_snapshot!(errors(text), @"
    5:21 overlapping-zones: zones `b` and `a` share `lan0` [and packets of this interface could be in either zone]
    6:21 overlapping-zones: zones `c` and `a` share `lan0` [and packets of this interface could be in either zone]
    6:21 overlapping-zones: zones `c` and `b` share `lan0` [and packets of this interface could be in either zone]
    ");
}

#[test]
fn expectations_are_checked_by_name() {
    let rest = "rules:
  - { id: smtp-out, action: allow, from: lan, to: net, services: [smtp], reason: Test. }
expect:
  - { allow: { from: lna, to: net, services: [smpt] }, by: smtp-uot }
";
    insta::assert_snapshot!(errors_in(rest), @"
    9:22 undefined-name: there is no zone or network named `lna` [did you mean `lan`?]
    9:47 undefined-service: there is no service named `smpt` [did you mean `smtp`?]
    9:60 undefined-rule: there is no rule named `smtp-uot` [did you mean `smtp-out`?]
    ");
}

/// What is wrong with a question in a policy with the head, or how many matches it comes to.
fn asked(question: &str) -> String {
    let rest = "networks: { legacy: [10.0.9.0/28] }
services: { helpdesk: { tcp: 8443 } }
rules:
  - { id: r, action: allow, from: lan, to: net, services: [smtp], reason: Test. }
";
    let mut sources = Sources::default();
    let bundle = parse::text("policy.yaml", format!("{HEAD}{rest}"), &mut sources);
    let question = parse::question("<question>", question, &mut sources).expect("a question");
    let (lowered, mut asked) = lower_with(bundle, &[question]);
    assert!(lowered.policy.is_some(), "a question does not break the policy");
    match asked.remove(0) {
        Ok(matches) => format!("{} matches", matches.len()),
        Err(problems) => show(&problems, &sources),
    }
}

#[test]
fn a_question_is_looked_up_like_a_rule() {
    assert_eq!(asked("who may reach lan on helpdesk, smtps"), "2 matches");
    assert_eq!(asked("from legacy, lan to private, host"), "4 matches");
    insta::assert_snapshot!(asked("may lna reach nett on smpt, tcp sntp"), @"
    1:5 undefined-name: there is no zone or network named `lna` [did you mean `lan`?]
    1:15 undefined-name: there is no zone or network named `nett` [did you mean `net`?]
    1:23 undefined-service: there is no service named `smpt` [did you mean `smtp`?]
    1:33 undefined-port: there is no TCP port named `sntp` [did you mean `nntp`?]
    ");
    insta::assert_snapshot!(asked("from 10.0.0.1 to 2001:db8::1"), @"1:18 family-mismatch: this can never match: the address families do not meet [IPv6 only; the other side is IPv4 only]");
    insta::assert_snapshot!(asked("may host reach host"), @"1:1 host-to-host: `host` to `host` is loopback traffic, which no rule decides");
    insta::assert_snapshot!(asked("from any, lan"), @"1:6 any-among-others: `any` stands among other elements");
}

#[test]
fn an_old_name_of_a_service_is_worth_a_word() {
    let text = format!(
        "{HEAD}rules:\n  - {{ id: r, action: allow, from: lan, to: net, services: [smtps], reason: Test. }}\n"
    );
    let mut sources = Sources::default();
    let lowered = lower(parse::text("policy.yaml", text.as_str(), &mut sources));
    assert!(lowered.policy.is_some());
    insta::assert_snapshot!(show(&lowered.diagnostics, &sources), @"7:60 service-alias: `smtps` is another name of `submissions`");
}

#[test]
fn the_baseline_stands_before_the_rules_and_the_default_behind() {
    let text = format!(
        "{HEAD}baseline: {{ dhcp-client: [wan0] }}
rules:
  - {{ id: r, action: allow, from: lan, to: net, services: [smtp], reason: Test. }}
"
    );
    let policy = policy(&text);
    let all: String = policy.entries.iter().map(|entry| line(&policy, entry)).collect();
    insta::assert_snapshot!(all, @"
    input Baseline(Loopback) Accept lo..lo(* *) -> *(* *): any
    input Baseline(Established) Accept *(* *) -> *(* *): any
    input Baseline(NeighbourDiscovery) Accept *(* *) -> *(* *): icmpv6:[(8500, 88ff), (8d00, 8eff), (9400, 95ff)]
    input Baseline(NeighbourDiscovery) Accept *(- ::-::,fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): icmpv6:[(8200, 84ff), (8f00, 8fff), (9700, 99ff)]
    input Baseline(AntiSpoofing) Drop lan0..other(loopback=127.0.0.0-127.255.255.255 ::1-::1) -> *(* *): any
    input Baseline(AntiSpoofing) Drop wan0..other(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): any
    input Baseline(IcmpErrors) Accept *(* *) -> *(* *): icmp:[(300, 3ff), (b00, cff)]
    input Baseline(IcmpErrors) Accept *(* *) -> *(* *): icmpv6:[(100, 4ff)]
    input Baseline(Invalid) Drop *(* *) -> *(* *): any
    input Baseline(NotNew) Drop *(* *) -> *(* *): any
    input Baseline(Echo) Accept *(* *) -> *(* *): icmp:[(800, 8ff)]
    input Baseline(Echo) Accept *(* *) -> *(* *): icmpv6:[(8000, 80ff)]
    input Baseline(DhcpClient) Accept wan0..wan0(* -) -> *(* *): 17:[(67, 67)]>[(68, 68)]
    input Baseline(DhcpClient) Accept wan0..wan0(- fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): 17:[(547, 547)]>[(546, 546)]
    input Default Drop *(* *) -> *(* *): any
    forward Baseline(Established) Accept *(* *) -> *(* *): any
    forward Baseline(AntiSpoofing) Drop *(loopback=127.0.0.0-127.255.255.255 ::1-::1) -> *(* *): any
    forward Baseline(AntiSpoofing) Drop lo..lo,wan0..other(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): any
    forward Baseline(AntiSpoofing) Drop lan0..lan0(not-lan=0.0.0.0-9.255.255.255,11.0.0.0-255.255.255.255 ::-2001:db7:ffff:ffff:ffff:ffff:ffff:ffff,2001:db9::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): any
    forward Baseline(IcmpErrors) Accept *(* *) -> *(* *): icmp:[(300, 3ff), (b00, cff)]
    forward Baseline(IcmpErrors) Accept *(* *) -> *(* *): icmpv6:[(100, 4ff)]
    forward Baseline(Invalid) Drop *(* *) -> *(* *): any
    forward Baseline(NotNew) Drop *(* *) -> *(* *): any
    forward Baseline(Echo) Accept *(* *) -> *(* *): icmpv6:[(8000, 80ff)]
    forward r Accept lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> wan0..wan0(* *): 6:[(25, 25)]
    forward Default Drop *(* *) -> *(* *): any
    output Baseline(Loopback) Accept *(* *) -> lo..lo(* *): any
    output Baseline(Established) Accept *(* *) -> *(* *): any
    output Baseline(NeighbourDiscovery) Accept *(* *) -> *(* *): icmpv6:[(8500, 88ff), (8d00, 8eff), (9400, 95ff)]
    output Baseline(NeighbourDiscovery) Accept *(- ::-::,fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff) -> *(* *): icmpv6:[(8200, 84ff), (8f00, 8fff), (9700, 99ff)]
    output Baseline(IcmpErrors) Accept *(* *) -> *(* *): icmp:[(300, 3ff), (b00, cff)]
    output Baseline(IcmpErrors) Accept *(* *) -> *(* *): icmpv6:[(100, 4ff)]
    output Baseline(Invalid) Drop *(* *) -> *(* *): any
    output Baseline(NotNew) Drop *(* *) -> *(* *): any
    output Baseline(Echo) Accept *(* *) -> *(* *): icmp:[(800, 8ff)]
    output Baseline(Echo) Accept *(* *) -> *(* *): icmpv6:[(8000, 80ff)]
    output Baseline(DhcpClient) Accept *(* -) -> wan0..wan0(* *): 17:[(68, 68)]>[(67, 67)]
    output Baseline(DhcpClient) Accept *(- *) -> wan0..wan0(* *): 17:[(546, 546)]>[(547, 547)]
    output Default Drop *(* *) -> *(* *): any
    ");
}

#[test]
fn switches_take_parts_of_the_baseline_out() {
    let text = format!(
        "{HEAD}baseline:
  loopback: false
  established: false
  neighbour-discovery: false
  anti-spoofing: false
  icmp-errors: false
  invalid: false
  echo: false
rules:
  - {{ id: r, action: deny, from: lan, to: net, services: [smtp], stage: observe, reason: Test. }}
  - {{ id: s, action: allow, from: lan, to: net, services: [smtp], disabled: Not yet., reason: Test. }}
"
    );
    let policy = policy(&text);
    let disabled: String = policy.disabled.iter().map(|entry| line(&policy, entry)).collect();
    assert!(disabled.starts_with("forward s Accept lan0..lan0(lan=") && disabled.ends_with("6:[(25, 25)]\n"));
    let all: String = policy.entries.iter().map(|entry| line(&policy, entry)).collect();
    insta::assert_snapshot!(all, @"
    input Baseline(NotNew) Drop *(* *) -> *(* *): any
    input Default Drop *(* *) -> *(* *): any
    forward Baseline(NotNew) Drop *(* *) -> *(* *): any
    forward r Observe lan0..lan0(lan=10.0.0.0-10.255.255.255 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff) -> wan0..wan0(* *): 6:[(25, 25)]
    forward Default Drop *(* *) -> *(* *): any
    output Baseline(NotNew) Drop *(* *) -> *(* *): any
    output Default Drop *(* *) -> *(* *): any
    ");
}

#[test]
fn a_rule_that_was_not_understood_still_has_its_name() {
    let rest = "rules:
  - { id: odd, action: drop, from: lan, to: net, services: [smtp], reason: Test. }
expect:
  - { deny: { from: lan, to: net, services: [smtp] }, by: odd }
";
    insta::assert_snapshot!(errors_in(rest), @"7:24 unknown-word: `drop` is not an action");
}

#[test]
fn hosts_say_which_way_their_mail_goes() {
    let policy = policy(&format!(
        "{HEAD}  visitors: {{ interfaces: [wlan0], guests: true }}
hosts:
  - {{ networks: [10.0.0.2], roles: [mailbox], relay-via: [10.0.0.3, 10.0.0.4], smarthost: 10.0.0.5, dane: true }}
  - {{ networks: [host], roles: [mx] }}
rules: [{{ id: r, action: deny, from: any, to: any, services: any }}]
"
    ));
    let [mailbox, mx] = policy.hosts.as_slice() else { panic!("two hosts") };
    let addresses = |set: &Option<Addresses>| set.as_ref().map(|set| set.v4.intervals().to_vec());
    assert_eq!(addresses(&mailbox.relay_via), Some(vec![(0x0a00_0003, 0x0a00_0004)]));
    assert_eq!(addresses(&mailbox.smarthost), Some(vec![(0x0a00_0005, 0x0a00_0005)]));
    assert!(mailbox.has_dane && !mx.has_dane);
    assert!(mx.relay_via.is_none() && mx.smarthost.is_none());
    let guests: Vec<bool> = policy.zones.iter().map(|zone| zone.has_guests).collect();
    assert_eq!(guests, [false, false, true]);
}

#[test]
fn flows_are_between_zones_that_exist() {
    let rule = "rules: [{ id: r, action: deny, from: any, to: any, services: any }]\n";
    let policy = policy(&format!("{HEAD}flows: [{{ from: lan, to: [net, lan] }}]\n{rule}"));
    let flows: Vec<_> = policy.flows.unwrap().into_iter().map(|flow| (flow.from, flow.to)).collect();
    assert_eq!(flows, [(vec![0], vec![1, 0])]);
    insta::assert_snapshot!(
        errors_in(&format!("flows: [{{ from: lna, to: [host] }}]\n{rule}")),
        @"
    6:17 undefined-zone: there is no zone named `lna` [did you mean `lan`?]
    6:27 undefined-zone: there is no zone named `host` [not declared here, not included, not built in]
    "
    );
}

#[test]
fn a_name_is_used_if_something_besides_unused_names_leads_to_it() {
    let policy = policy(&format!(
        "{HEAD}networks: {{ a: 10.1.0.0/16, b: [a], c: 10.2.0.0/16, d: [c] }}
services: {{ s: {{ tcp: 1 }}, t: [s], u: {{ tcp: 2 }} }}
rules: [{{ id: r, action: allow, from: b, to: net, services: t }}]
"
    ));
    let used = policy.networks.iter().map(|one| (one.name.value.as_str(), one.is_used));
    assert_eq!(used.collect::<Vec<_>>(), [("a", true), ("b", true), ("c", false), ("d", false)]);
    let used = policy.services.iter().map(|one| (one.name.value.as_str(), one.is_used));
    assert_eq!(used.collect::<Vec<_>>(), [("s", true), ("t", true), ("u", false)]);
}
