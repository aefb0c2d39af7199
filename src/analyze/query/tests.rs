//! Questions about sets of packets, against first match tried packet by packet.

use insta::assert_snapshot;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::analyze::{Vocabulary, sample};
use crate::lower::lower_with;
use crate::model::{Policy, Verdict};
use crate::parse;
use crate::source::Sources;

/// Policies in which the first rule is a part of the baseline.
fn policies() -> impl Strategy<Value = Policy> {
    sample::drafts().prop_map(|drafts| {
        let mut policy = sample::policy(&drafts);
        let first = policy.entries.iter_mut().filter(|entry| entry.origin == Origin::Rule(0));
        first.for_each(|entry| entry.origin = Origin::Baseline(BaselinePart::Echo));
        policy
    })
}

fn holds(parts: &[Share<'_>], packet: &Packet) -> usize {
    let is_in = |cubes: &[Cube]| cubes.iter().any(|cube| cube.contains(packet));
    let own = parts
        .iter()
        .filter(|part| is_in(&part.cubes) && !part.except.iter().any(|except| is_in(&except.cubes)));
    own.count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_parts_hold_exactly_what_passes_and_what_is_refused(
        policy in policies(),
        question in vec(sample::question(), 1..3),
        scope in prop_oneof![Just(Scope::Rules), Just(Scope::Flows)],
    ) {
        let decisions = Decisions::new(&policy);
        let answer = decisions.query(&question, scope);
        let asked = |packet: &Packet| question.iter().any(|cube| cube.contains(packet));
        let (mut passes, mut refused) = (false, false);
        for packet in sample::packets().into_iter().filter(asked) {
            let decider = &policy.entries[sample::first_match(&policy, &packet).unwrap()];
            let is_baseline = matches!(decider.origin, Origin::Baseline(_));
            let is_accepted = decider.verdict == Verdict::Accept;
            let is_counted = !is_baseline || (is_accepted && scope == Scope::Flows);
            prop_assert_eq!(holds(&answer.allowed, &packet) > 0, is_counted && is_accepted, "{:?}", packet);
            prop_assert_eq!(holds(&answer.refused, &packet) > 0, is_counted && !is_accepted, "{:?}", packet);
            passes |= is_counted && is_accepted;
            refused |= is_counted && !is_accepted;
            prop_assert!(!is_baseline || is_accepted || answer.barred == [BaselinePart::Echo]);
        }
        prop_assert_eq!(answer.some_pass(), Some(passes));
        prop_assert_eq!(answer.all_pass(), Some(passes && !refused));
        for (parts, verdict) in [(&answer.allowed, true), (&answer.refused, false)] {
            for part in parts {
                prop_assert_eq!(holds(std::slice::from_ref(part), &part.packet), 1);
                let decider = &policy.entries[sample::first_match(&policy, &part.packet).unwrap()];
                prop_assert_eq!(decider.verdict == Verdict::Accept, verdict);
                prop_assert_eq!(Subject::of(&policy, decider), part.subject);
            }
        }
    }

    #[test]
    fn every_rule_is_one_part(policy in policies(), question in vec(sample::question(), 1..3)) {
        let answer = Decisions::new(&policy).query(&question, Scope::Flows);
        for parts in [answer.allowed, answer.refused] {
            let mut subjects: Vec<Subject<'_>> = parts.iter().map(|part| part.subject).collect();
            subjects.sort_unstable();
            subjects.dedup();
            prop_assert_eq!(subjects.len(), parts.len());
        }
    }
}

const POLICY: &str = "version: 1
name: branch
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16, '2001:db8:20::/48'], trust: internal }
  dmz: { interfaces: [dmz0], networks: [192.0.2.0/27], trust: internal }
  net: { interfaces: [wan0] }
networks:
  relay: 192.0.2.10
  scanners: 10.20.9.0/28
rules:
  - { id: no-scans, action: deny, from: scanners, to: any, services: any }
  - { id: no-telnet, action: reject, from: any, to: dmz, services: [telnet] }
  - { id: watched, action: deny, from: any, to: net, services: [pop3], stage: observe }
  - { id: mail, action: allow, from: [lan, net], to: relay, services: [smtp] }
  - { id: web, action: allow, from: lan, to: [net, dmz], services: { tcp: [23, 80] } }
  - { id: ssh, action: allow, from: lan, to: host, services: [ssh] }
";

/// The answer to a question, one part a line.
fn answered(text: &str, scope: Scope) -> String {
    let mut sources = Sources::default();
    let bundle = parse::text("policy.yaml", POLICY, &mut sources);
    let question = parse::question("<question>", text, &mut sources).unwrap();
    let (lowered, mut asked) = lower_with(bundle, &[question]);
    let (policy, packets) = (lowered.policy.unwrap(), asked.remove(0).unwrap());
    let (decisions, vocabulary) = (Decisions::new(&policy), Vocabulary::of(&policy));
    let answer = decisions.query(&in_scope(&packets, scope), scope);
    let boxes = |cubes: &[Cube]| {
        let said: Vec<Cube> = cubes.iter().map(as_said).collect();
        vocabulary.portraits(&said).iter().map(ToString::to_string).collect::<Vec<_>>().join(" & ")
    };
    let part = |verdict: &str, part: &Share<'_>| {
        let except =
            part.except.iter().map(|except| format!(" except {}: {}", except.subject, boxes(&except.cubes)));
        format!("{verdict} {}: {}{}\n", part.subject, boxes(&part.cubes), except.collect::<String>())
    };
    let parts = answer.allowed.iter().map(|one| part("+", one));
    let parts = parts.chain(answer.refused.iter().map(|one| part("-", one))).collect::<String>();
    let names = |parts: &[BaselinePart]| parts.iter().map(|part| part.name()).collect::<Vec<_>>().join(" ");
    format!("{parts}barred {} | besides {}", names(&answer.barred), names(&answer.besides))
}

#[test]
fn rules_are_named_with_what_comes_before_them() {
    assert_snapshot!(answered("who may reach dmz on smtp", Scope::Flows), @"
    + rule `mail`: TCP 25 (smtp) from lan (10.20.0.0/16) to relay (192.0.2.10) via dmz0 & TCP 25 (smtp) from net to relay (192.0.2.10) via dmz0 except rule `no-scans`: TCP 25 (smtp) from scanners (10.20.9.0/28) via lan0 to relay (192.0.2.10) via dmz0 except the baseline's `anti-spoofing`: TCP 25 (smtp) from 10.20.0.0/16, 127.0.0.0/8, 192.0.2.0/27 via wan0 to relay (192.0.2.10) via dmz0
    - rule `no-scans`: TCP 25 (smtp) from scanners (10.20.9.0/28) to dmz (192.0.2.0/27) except the baseline's `anti-spoofing`: TCP 25 (smtp) from scanners (10.20.9.0/28) via any interface but lan0 to dmz (192.0.2.0/27)
    - the default of the forward hook: TCP 25 (smtp) from anywhere to dmz (192.0.2.0/27) except rule `mail`: TCP 25 (smtp) from lan (10.20.0.0/16) to relay (192.0.2.10) via dmz0 & TCP 25 (smtp) from net to relay (192.0.2.10) via dmz0 except the baseline's `anti-spoofing`: TCP 25 (smtp) from loopback (127.0.0.0/8) to dmz (192.0.2.0/27) & TCP 25 (smtp) from 10.20.0.0/16 via any interface but lan0 to dmz (192.0.2.0/27) & TCP 25 (smtp) from 192.0.2.0/27 via any interface but dmz0 to dmz (192.0.2.0/27) & TCP 25 (smtp) from anywhere except 10.20.0.0/16 via lan0 to dmz (192.0.2.0/27) & TCP 25 (smtp) from anywhere except 192.0.2.0/27 via dmz0 to dmz (192.0.2.0/27)
    - the default of the output hook: TCP 25 (smtp) from this machine to dmz (192.0.2.0/27)
    barred anti-spoofing | besides established
    ");
    assert_snapshot!(answered("what may lan send to dmz", Scope::Rules), @"
    + rule `mail`: TCP 25 (smtp) from lan (10.20.0.0/16) to relay (192.0.2.10) via dmz0 except rule `no-scans`: TCP 25 (smtp) from scanners (10.20.9.0/28) via lan0 to relay (192.0.2.10) via dmz0
    + rule `web`: TCP 23 (telnet), TCP 80 (http) from lan (10.20.0.0/16) to dmz (192.0.2.0/27) except rule `no-scans`: TCP 23 (telnet), TCP 80 (http) from scanners (10.20.9.0/28) via lan0 to dmz (192.0.2.0/27) except rule `no-telnet`: TCP 23 (telnet) from lan (10.20.0.0/16) to dmz (192.0.2.0/27)
    - rule `no-scans`: every protocol from scanners (10.20.9.0/28) via lan0 to dmz (192.0.2.0/27) except the baseline's `icmp-errors`: icmp-errors (ICMP destination-unreachable, ICMP time-exceeded, ICMP parameter-problem) from scanners (10.20.9.0/28) via lan0 to dmz (192.0.2.0/27)
    - rule `no-telnet`: TCP 23 (telnet) from lan (10.20.0.0/16) to dmz (192.0.2.0/27)
    - the default of the forward hook: every protocol from lan (10.20.0.0/16) to dmz (192.0.2.0/27) except rule `mail`: TCP 25 (smtp) from lan (10.20.0.0/16) to relay (192.0.2.10) via dmz0 except rule `web`: TCP 23 (telnet), TCP 80 (http) from lan (10.20.0.0/16) to dmz (192.0.2.0/27) except the baseline's `icmp-errors`: icmp-errors (ICMP destination-unreachable, ICMP time-exceeded, ICMP parameter-problem) from lan (10.20.0.0/16) to dmz (192.0.2.0/27)
    barred  | besides established icmp-errors
    ");
    assert_snapshot!(answered("may scanners reach net", Scope::Rules), @"
    - rule `no-scans`: every protocol from scanners (10.20.9.0/28) to net except the baseline's `anti-spoofing`: every protocol from scanners (10.20.9.0/28) via any interface but lan0 to net except the baseline's `icmp-errors`: icmp-errors (ICMP destination-unreachable, ICMP time-exceeded, ICMP parameter-problem) from scanners (10.20.9.0/28) to net
    barred anti-spoofing | besides established icmp-errors
    ");
    assert_snapshot!(answered("from lan to net on pop3", Scope::Flows), @"
    - rule `no-scans`: TCP 110 (pop3) from scanners (10.20.9.0/28) via lan0 to net
    - the default of the forward hook: TCP 110 (pop3) from lan (10.20.0.0/16, 2001:db8:20::/48) to net
    barred  | besides established
    ");
}

#[test]
fn the_baseline_counts_where_it_is_asked_about() {
    assert_snapshot!(answered("from lan to host on ping", Scope::Flows), @"
    + the baseline's `echo`: ping (ICMP echo-request, ICMPv6 echo-request) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine
    barred  | besides established
    ");
    assert_snapshot!(answered("from lan to host", Scope::Rules), @"
    + rule `ssh`: TCP 22 (ssh) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine except rule `no-scans`: TCP 22 (ssh) from scanners (10.20.9.0/28) via lan0 to this machine
    - rule `no-scans`: every protocol from scanners (10.20.9.0/28) via lan0 to this machine except the baseline's `icmp-errors`: icmp-errors (ICMP destination-unreachable, ICMP time-exceeded, ICMP parameter-problem) from scanners (10.20.9.0/28) via lan0 to this machine except the baseline's `echo`: ping (ICMP echo-request) from scanners (10.20.9.0/28) via lan0 to this machine
    - the default of the input hook: every protocol from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine except rule `ssh`: TCP 22 (ssh) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine except the baseline's `neighbour-discovery`: ICMPv6 nd-router-solicit, ICMPv6 nd-router-advert, ICMPv6 nd-neighbor-solicit, ICMPv6 nd-neighbor-advert, ICMPv6 ind-neighbor-solicit and 3 more ranges from lan (2001:db8:20::/48) to this machine except the baseline's `icmp-errors`: icmp-errors (ICMP destination-unreachable, ICMP time-exceeded, ICMP parameter-problem, ICMPv6 destination-unreachable, ICMPv6 packet-too-big and 2 more ranges) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine except the baseline's `echo`: ping (ICMP echo-request, ICMPv6 echo-request) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine
    barred  | besides established neighbour-discovery icmp-errors echo
    ");
    assert_snapshot!(answered("from lan to host on ssh", Scope::Everything), @"
    + rule `ssh`: TCP 22 (ssh) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine except rule `no-scans`: TCP 22 (ssh) from scanners (10.20.9.0/28) via lan0 to this machine
    + the baseline's `established`: TCP 22 (ssh) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine, established or related
    - rule `no-scans`: TCP 22 (ssh) from scanners (10.20.9.0/28) via lan0 to this machine
    barred invalid not-new | besides
    ");
}

#[test]
fn what_is_not_proven_is_undecided() {
    let policy = sample::policy(&[]);
    let answer = Decisions::new(&policy)
        .query(&[Cube::every(crate::packet::Hook::Input, crate::packet::Family::V4)], Scope::Rules);
    let [refusal] = answer.refused.as_slice() else { panic!("one default") };
    let with = |certainty| Share { certainty, ..refusal.clone() };
    let (proven, possible) = (with(Certainty::Proven), with(Certainty::Possible));
    let decide = |allowed: &[&Share<'_>], refused: &[&Share<'_>]| {
        let allowed = allowed.iter().map(|&part| part.clone()).collect();
        let refused = refused.iter().map(|&part| part.clone()).collect();
        let answer = Answer { allowed, refused, barred: Vec::new(), besides: Vec::new() };
        (answer.some_pass(), answer.all_pass())
    };
    assert_eq!(decide(&[], &[]), (Some(false), Some(false)));
    assert_eq!(decide(&[&proven], &[]), (Some(true), Some(true)));
    assert_eq!(decide(&[&proven], &[&possible]), (Some(true), None));
    assert_eq!(decide(&[&proven], &[&possible, &proven]), (Some(true), Some(false)));
    assert_eq!(decide(&[&possible], &[]), (None, None));
    assert_eq!(decide(&[&possible], &[&proven]), (None, Some(false)));
    assert_eq!(decide(&[&possible, &proven], &[]), (Some(true), Some(true)));
    assert_eq!(decide(&[], &[&possible]), (Some(false), Some(false)));
}
