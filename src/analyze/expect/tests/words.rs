//! What is said about expectations in policies as people write them.

use crate::analyze::{Decisions, Trial, Trials};
use crate::lower::lower;
use crate::model::Policy;
use crate::parse;
use crate::source::{Diagnostic, Sources};

/// An office with a DMZ.
const HEAD: &str = "version: 1
name: office
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16, \"2001:db8:20::/48\"], trust: internal }
  dmz: { interfaces: [dmz0], networks: [192.0.2.0/27, \"2001:db8:25::/64\"], trust: internal }
  internet: { interfaces: [wan0] }
networks: { relay: [192.0.2.10, \"2001:db8:25::10\"] }
";

/// The policy that begins with [`HEAD`].
fn policy(rest: &str) -> Policy {
    read(rest, &mut Sources::default())
}

fn read(rest: &str, sources: &mut Sources) -> Policy {
    let lowered = lower(parse::text("p.yaml", format!("{HEAD}{rest}"), sources));
    lowered.policy.unwrap_or_else(|| panic!("{:#?}", lowered.diagnostics))
}

/// What became of the expectations of a policy: one word for each, then what was said.
fn tried(rest: &str) -> String {
    let mut sources = Sources::default();
    let policy = read(rest, &mut sources);
    let decisions = Decisions::new(&policy);
    let trials = Trials::of(&decisions);
    let outcomes: Vec<&str> = trials.trials.iter().map(|trial| trial.outcome.name()).collect();
    let said: Vec<String> = trials.findings().iter().map(|finding| told(finding, &sources)).collect();
    format!("{}\n{}", outcomes.join(" "), said.concat())
}

fn told(finding: &Diagnostic, sources: &Sources) -> String {
    let line = |site| sources.position(site).line;
    let title = format!("{}: {}\n", line(finding.primary.site), finding.title);
    let related = finding.related.iter().map(|label| format!("  {}: {}\n", line(label.site), label.text));
    let notes = finding.notes.iter().map(|note| format!("  note: {note}\n"));
    let help = finding.help.iter().map(|help| format!("  help: {help}\n"));
    [title].into_iter().chain(related).chain(notes).chain(help).collect()
}

/// The rules of most of the tests.
const RULES: &str = "rules:
  - { id: block, action: deny, from: lan, to: 198.51.100.0/24, services: any }
  - { id: mail, action: allow, from: lan, to: internet, services: [imaps] }
  - { id: cleartext, action: reject, from: lan, to: internet, services: [imap] }
  - { id: mx, action: allow, from: internet, to: relay, services: [smtp] }
";

#[test]
fn hosts_are_where_their_zones_are() {
    insta::assert_snapshot!(tried(&format!("{RULES}expect:
  - {{ allow: {{ from: 10.20.1.1, to: 203.0.113.7, services: [imaps] }}, by: mail }}
  - {{ allow: {{ from: 203.0.113.7, to: relay, services: [smtp] }}, by: mx }}
  - {{ reject: {{ from: 10.20.0.0/24, to: 203.0.113.0/24, services: [imap] }}, by: cleartext }}
  - {{ deny: {{ from: 203.0.113.7, to: 10.20.1.1, services: any }} }}
  - {{ deny: {{ from: lan, to: dmz, services: [imaps] }} }}
  - {{ deny: {{ from: dmz, to: internet, services: [smtp] }} }}
")), @"holds holds holds holds holds holds");
}

#[test]
fn a_rule_that_stands_too_low() {
    insta::assert_snapshot!(tried(&format!("{RULES}expect:
  - {{ allow: {{ from: lan, to: internet, services: [imaps] }} }}
  - {{ allow: {{ from: lan, to: internet, services: [imaps] }}, by: mail }}
")), @"
    failed failed
    14: expected `allow`, but rule `block` denies some of these packets
      9: denies some of them
      10: would allow them, but stands below
      note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:993
      help: move rule `mail` above rule `block`, or narrow rule `block`
    15: expected `allow`, but rule `block` denies some of these packets
      9: denies some of them
      10: would allow them, but stands below
      note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:993
      help: move rule `mail` above rule `block`, or narrow rule `block`
    ");
}

#[test]
fn rules_that_only_observe_or_are_disabled() {
    insta::assert_snapshot!(tried("rules:
  - { id: watch, action: reject, from: lan, to: internet, services: [imap], stage: observe }
  - { id: old, action: deny, from: lan, to: internet, services: [pop3], disabled: not yet }
  - { id: web, action: allow, from: lan, to: internet, services: any }
  - { id: late, action: reject, from: lan, to: internet, services: [smtp], stage: observe }
  - { id: gone, action: deny, from: lan, to: internet, services: [telnet], disabled: by mistake }
expect:
  - { reject: { from: lan, to: internet, services: [imap] } }
  - { deny: { from: lan, to: internet, services: [pop3] } }
  - { reject: { from: lan, to: internet, services: [smtp] } }
  - { deny: { from: lan, to: internet, services: [telnet] } }
  - { deny: { from: lan, to: internet, services: [telnet] }, by: gone }
  - { deny: { from: lan, to: internet, services: [imap] }, by: watch }
"), @"
    failed failed failed failed failed failed
    15: expected `reject`, but rule `web` allows some of these packets
      11: allows some of them
      9: would reject them, but only observes
      note: rule `web` allows: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:143
      help: let rule `watch` enforce what it only observes so far
    16: expected `deny`, but rule `web` allows some of these packets
      11: allows some of them
      10: would deny them, but is disabled
      note: rule `web` allows: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110
      help: enable rule `old`
    17: expected `reject`, but rule `web` allows some of these packets
      11: allows some of them
      12: would reject them, but only observes
      note: rule `web` allows: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:25
      help: let rule `late` enforce what it only observes so far, and move it above rule `web`
    18: expected `deny`, but rule `web` allows some of these packets
      11: allows some of them
      13: would deny them, but is disabled
      note: rule `web` allows: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:23
      help: enable rule `gone`, and move it above rule `web`
    19: expected `deny`, but rule `web` allows some of these packets
      11: allows some of them
      13: would deny them, but is disabled
      note: rule `web` allows: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:23
      help: enable rule `gone`, and move it above rule `web`
    20: expected `deny`, but rule `web` allows some of these packets
      11: allows some of them
      9: would reject them, but only observes
      note: rule `web` allows: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:143
      help: let rule `watch` enforce what it only observes so far
    ");
}

#[test]
fn the_rule_that_must_decide_cannot() {
    insta::assert_snapshot!(tried(&format!("{RULES}expect:
  - {{ allow: {{ from: lan, to: internet, services: [imap] }}, by: cleartext }}
  - {{ deny: {{ from: lan, to: internet, services: [pop3] }}, by: cleartext }}
  - {{ deny: {{ from: dmz, to: internet, services: [pop3] }}, by: cleartext }}
  - {{ deny: {{ from: lan, to: host, services: [imap] }}, by: cleartext }}
  - {{ deny: {{ from: host, to: internet, services: [imap] }}, by: cleartext }}
")), @"
    failed failed failed failed failed
    14: expected `allow`, but rule `block` and another decide otherwise
      9: denies some of them
      11: rejects some of them
      note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:143
      note: rule `cleartext` rejects: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 203.0.113.1:143
      help: rule `cleartext` says `reject`: expect that, or change its `action`
    15: expected `deny` by rule `cleartext`, but rule `block` and another decide otherwise
      9: denies some of them
      11: is not about all of them
      2: the default of the forward hook denies some of them
      note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110
      note: the default of the forward hook denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 203.0.113.1:110
      help: widen `services` of rule `cleartext`, or narrow the expectation
    16: expected `deny` by rule `cleartext`, but the default of the forward hook denies some of these packets
      2: the default of the forward hook denies some of them
      11: is not about all of them
      note: the default of the forward hook denies: forward, dmz0 → wan0: TCP 192.0.2.10:49152 → 198.51.100.1:110
      help: widen `from` and `services` of rule `cleartext`, or narrow the expectation
    17: expected `deny` by rule `cleartext`, but the default of the input hook denies some of these packets
      2: the default of the input hook denies some of them
      11: is not about all of them
      note: the default of the input hook denies: input, lan0: TCP 10.20.0.1:49152 → 198.51.100.1:143
      help: widen `to` of rule `cleartext`, or narrow the expectation
    18: expected `deny` by rule `cleartext`, but the default of the output hook denies some of these packets
      2: the default of the output hook denies some of them
      11: is not about all of them
      note: the default of the output hook denies: output, wan0: TCP 203.0.113.1:49152 → 198.51.100.1:143
      help: widen `from` of rule `cleartext`, or narrow the expectation
    ");
}

#[test]
fn nobody_decides_as_expected() {
    insta::assert_snapshot!(tried(&format!("{RULES}expect:
  - {{ allow: {{ from: lan, to: dmz, services: [smtp] }} }}
  - {{ allow: {{ from: lan, to: 198.51.100.1, services: [smtp] }} }}
  - {{ reject: {{ from: lan, to: 198.51.100.1, services: [smtp] }} }}
  - {{ reject: {{ from: lan, to: dmz, services: [smtp] }} }}
  - {{ deny: {{ from: internet, to: dmz, services: {{ tcp: any }} }} }}
  - {{ reject: {{ from: internet, to: relay, services: [smtp] }} }}
")), @"
    failed failed failed failed failed failed
    14: expected `allow`, but the default of the forward hook denies some of these packets
      2: the default of the forward hook denies some of them
      note: the default of the forward hook denies: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.10:25
      help: no rule allows them: add one, or expect `deny`
    15: expected `allow`, but rule `block` denies some of these packets
      9: denies some of them
      note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:25
      help: no rule allows them: add one above rule `block`
    16: expected `reject`, but rule `block` denies some of these packets
      9: denies some of them
      note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:25
      help: let rule `block` reject them, or expect `deny`
    17: expected `reject`, but the default of the forward hook denies some of these packets
      2: the default of the forward hook denies some of them
      note: the default of the forward hook denies: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.10:25
      help: add a rule that rejects them, set `defaults.forward` to `reject`, or expect `deny`
    18: expected `deny`, but rule `mx` allows some of these packets
      12: allows some of them
      note: rule `mx` allows: forward, wan0 → dmz0: TCP 203.0.113.1:49152 → 192.0.2.10:25
      help: narrow rule `mx`, since the default denies what it leaves, or deny them in a rule above it
    19: expected `reject`, but rule `mx` allows some of these packets
      12: allows some of them
      note: rule `mx` allows: forward, wan0 → dmz0: TCP 203.0.113.1:49152 → 192.0.2.10:25
      help: no rule rejects them: add one above rule `mx`
    ");
    insta::assert_snapshot!(tried(&format!("defaults: {{ forward: allow }}
{RULES}expect:
  - {{ deny: {{ from: lan, to: dmz, services: [smtp] }} }}
  - {{ allow: {{ from: lan, to: 198.51.100.1, services: [smtp] }} }}
  - {{ deny: {{ from: internet, to: relay, services: [smtp] }} }}
")), @"
    failed failed failed
    15: expected `deny`, but the default of the forward hook allows some of these packets
      8: the default of the forward hook allows some of them
      note: the default of the forward hook allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.10:25
      help: no rule denies them: add one, or set `defaults.forward` to `deny`
    16: expected `allow`, but rule `block` denies some of these packets
      10: denies some of them
      note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:25
      help: narrow rule `block`, since the default allows what it leaves, or allow them in a rule above it
    17: expected `deny`, but rule `mx` allows some of these packets
      13: allows some of them
      note: rule `mx` allows: forward, wan0 → dmz0: TCP 203.0.113.1:49152 → 192.0.2.10:25
      help: no rule denies them: add one above rule `mx`
    ");
}

#[test]
fn what_the_baseline_decides_alone_is_held_against_it() {
    insta::assert_snapshot!(tried(&format!("baseline: {{ dhcp-client: [wan0] }}
{RULES}expect:
  - {{ allow: {{ from: internet, to: host, services: [ping] }} }}
  - {{ allow: {{ from: lan, to: dmz, services: {{ icmp: destination-unreachable }} }} }}
  - {{ deny: {{ from: loopback, to: any, services: any }} }}
  - {{ deny: {{ from: internet, to: host, services: [ssh, ping] }} }}
  - {{ deny: {{ from: internet, to: lan, services: [ping] }} }}
  - {{ deny: {{ from: lan, to: dmz, services: {{ icmp: destination-unreachable }} }} }}
  - {{ reject: {{ from: host, to: internet, services: {{ udp: 67, source-ports: 68 }} }} }}
  - {{ allow: {{ from: loopback, to: dmz, services: [smtp] }} }}
  - {{ reject: {{ from: loopback, to: dmz, services: [smtp] }} }}
  - {{ allow: {{ from: internet, to: host, services: [ping] }}, by: mail }}
")), @"
    holds holds holds failed failed failed failed failed failed failed
    18: expected `deny`, but the baseline's `echo` allows some of these packets
      8: the baseline's `echo` allows some of them
      note: the baseline's `echo` allows: input, wan0: ICMP echo-request 203.0.113.1 → 198.51.100.1
      help: set `baseline.echo` to `false`, so that rules decide them, or expect `allow`
    19: expected `deny`, but the baseline's `echo` allows some of these packets
      8: the baseline's `echo` allows some of them
      note: the baseline's `echo` allows: forward, wan0 → lan0: ICMPv6 echo-request 2001:db8:aa::1 → 2001:db8:20::1
      help: set `baseline.echo` to `false`, so that rules decide them, or expect `allow`
    20: expected `deny`, but the baseline's `icmp-errors` allows some of these packets
      8: the baseline's `icmp-errors` allows some of them
      note: the baseline's `icmp-errors` allows: forward, lan0 → dmz0: ICMP network-unreachable 10.20.0.1 → 192.0.2.10
      help: expect `allow`: hosts depend on these packets
    21: expected `reject`, but the baseline's `dhcp-client` and another decide otherwise
      8: the baseline's `dhcp-client` allows some of them
      2: the default of the output hook denies some of them
      note: the baseline's `dhcp-client` allows: output, wan0: UDP 203.0.113.1:68 → 198.51.100.1:67
      note: the default of the output hook denies: output, wan0: UDP [2001:db8:aa::1]:68 → [2001:db8:bb::1]:67
      help: take the interface out of `baseline.dhcp-client`, or expect `allow`; add a rule that rejects them, set `defaults.output` to `reject`, or expect `deny`
    22: expected `allow`, but the baseline's `anti-spoofing` denies some of these packets
      8: the baseline's `anti-spoofing` denies some of them
      note: the baseline's `anti-spoofing` denies: forward, lan0 → dmz0: TCP 127.0.0.1:49152 → 192.0.2.10:25
      help: correct the `networks` of the zones, if such packets can come from there
    23: expected `reject`, but the baseline's `anti-spoofing` denies some of these packets
      8: the baseline's `anti-spoofing` denies some of them
      note: the baseline's `anti-spoofing` denies: forward, lan0 → dmz0: TCP 127.0.0.1:49152 → 192.0.2.10:25
      help: expect `deny`: forged sources are dropped silently
    24: expected `allow` by rule `mail`, but the baseline's `echo` allows some of these packets
      8: the baseline's `echo` allows some of them
      note: the baseline's `echo` allows: input, wan0: ICMP echo-request 203.0.113.1 → 198.51.100.1
      help: leave `by` out: the baseline comes before every rule
    ");
}

#[test]
fn whoever_claims_a_source_must_be_refused_too() {
    insta::assert_snapshot!(tried(&format!("baseline: {{ anti-spoofing: false }}
{RULES}expect:
  - {{ reject: {{ from: 10.20.1.1, to: 203.0.113.7, services: [imap] }}, by: cleartext }}
  - {{ deny: {{ from: 10.20.1.1, to: relay, services: [smtp] }} }}
")), @"
    holds failed
    16: expected `deny`, but rule `mx` allows some of these packets
      13: allows some of them
      note: rule `mx` allows: forward, wan0 → dmz0: TCP 10.20.1.1:49152 → 192.0.2.10:25
      help: switch `baseline.anti-spoofing` on: the source of such packets is elsewhere
    ");
}

#[test]
fn many_objections_are_counted() {
    let port = |n: u32| {
        format!("  - {{ id: r{n}, action: allow, from: lan, to: dmz, services: {{ tcp: {} }} }}\n", 100 + n)
    };
    let rules = (0..8).map(port).collect::<Vec<_>>().concat();
    let expect = "expect:\n  - { deny: { from: lan, to: dmz, services: { tcp: 100-200 } } }
  - { reject: { from: lan, to: dmz, services: { tcp: 102-107 } } }\n";
    insta::assert_snapshot!(tried(&format!("rules:\n{rules}{expect}")), @"
    failed failed
    18: expected `deny`, but rule `r0` and 7 others decide otherwise
      9: allows some of them
      10: allows some of them
      11: allows some of them
      12: allows some of them
      13: allows some of them
      note: rule `r0` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:100
      note: rule `r1` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:101
      note: rule `r2` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:102
      note: rule `r3` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:103
      note: rule `r4` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:104
      note: and 3 more decide some of these packets otherwise
      help: narrow rule `r0`, since the default denies what it leaves, or deny them in a rule above it; narrow rule `r1`, since the default denies what it leaves, or deny them in a rule above it; and likewise for the others
    19: expected `reject`, but rule `r2` and 5 others decide otherwise
      11: allows some of them
      12: allows some of them
      13: allows some of them
      14: allows some of them
      15: allows some of them
      note: rule `r2` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:102
      note: rule `r3` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:103
      note: rule `r4` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:104
      note: rule `r5` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:105
      note: rule `r6` allows: forward, lan0 → dmz0: TCP 10.20.0.1:49152 → 192.0.2.1:106
      note: and one more decides some of these packets otherwise
      help: no rule rejects them: add one above rule `r2`; no rule rejects them: add one above rule `r3`; and likewise for the others
    ");
}

#[test]
fn what_the_baseline_decides_beside_rules_is_set_aside() {
    let policy = policy(&format!(
        "{RULES}expect:
  - {{ deny: {{ from: internet, to: host, services: any }} }}
  - {{ deny: {{ from: internet, to: lan, services: {{ icmp: any, icmpv6: any }} }} }}
  - {{ allow: {{ from: internet, to: relay, services: [smtp] }}, by: mx }}
  - {{ deny: {{ from: any, to: host, services: [ssh] }} }}
"
    ));
    let decisions = Decisions::new(&policy);
    let aside = |trial: &Trial<'_>| {
        let names = trial.set_aside.iter().map(|part| part.name());
        format!("{} {}", trial.outcome.name(), names.collect::<Vec<_>>().join(" "))
    };
    let all: Vec<String> = Trials::of(&decisions).trials.iter().map(aside).collect();
    insta::assert_snapshot!(all.join("\n"), @"
    holds neighbour-discovery icmp-errors echo
    holds icmp-errors echo
    holds anti-spoofing
    holds loopback
    ");
}

#[test]
fn rules_that_no_expectation_exercises() {
    let policy = policy(&format!(
        "{RULES}  - {{ id: again, action: allow, from: lan, to: internet, services: [imaps] }}
  - {{ id: off, action: allow, from: lan, to: dmz, services: [ssh], disabled: not yet }}
  - {{ id: trial, action: deny, from: lan, to: dmz, services: [ssh], stage: observe }}
expect:
  - {{ allow: {{ from: lan, to: 203.0.113.7, services: [imaps] }} }}
  - {{ allow: {{ from: lan, to: 198.51.100.1, services: [imap] }} }}
  - {{ deny: {{ from: lan, to: dmz, services: any }} }}
"
    ));
    let decisions = Decisions::new(&policy);
    let trials = Trials::of(&decisions);
    assert_eq!((trials.coverage.exercised(), trials.coverage.rules()), (2, 5));
    let said = trials.uncovered(&decisions).into_iter().map(|finding| {
        format!("{} ({}; {})", finding.title, finding.notes.join(" "), finding.help.unwrap_or_default())
    });
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"), @"
    no expectation exercises rule `cleartext` (; expect what the rule decides, and name it in `by`)
    no expectation exercises rule `mx` (; expect what the rule decides, and name it in `by`)
    no expectation exercises rule `again` (none can: earlier rules decide all its packets; move the rule up, or delete it)
    ");
}
