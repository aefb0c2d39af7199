//! Answers about sets of packets, against first match tried packet by packet.

use proptest::prelude::*;

use super::sample::{self, Draft};
use super::*;
use crate::model::{AddressSet, Addresses, Match, Origin, Policy, RuleAction, Stage, Term, Traffic, Verdict};
use crate::packet::{Hook, IntervalSet, Packet, States, TCP, Unknowns};

fn policies() -> impl Strategy<Value = Policy> {
    sample::drafts().prop_map(|drafts| sample::policy(&drafts))
}

/// The packets that an entry of the rule speaks about.
fn packets_of<'a>(policy: &Policy, rule: usize, packets: &'a [Packet]) -> Vec<&'a Packet> {
    let own: Vec<_> = policy.entries.iter().filter(|entry| entry.origin == Origin::Rule(rule)).collect();
    packets.iter().filter(|packet| own.iter().any(|entry| sample::speaks_of(entry, packet))).collect()
}

/// Whether an entry of the rule decides the packet, or sees it while observing.
fn is_reached(policy: &Policy, rule: usize, packet: &Packet) -> bool {
    let decider = sample::first_match(policy, packet).unwrap();
    let own = |index: usize| policy.entries[index].origin == Origin::Rule(rule);
    (0..=decider).any(|index| own(index) && sample::speaks_of(&policy.entries[index], packet))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_packet_is_decided_by_the_first_match(policy in policies()) {
        let decisions = Decisions::new(&policy);
        for packet in sample::packets() {
            let hit = decisions.decide(&packet).unwrap();
            prop_assert_eq!(Some(hit.index), sample::first_match(&policy, &packet));
        }
    }

    #[test]
    fn questions_about_sets_agree_with_packets(policy in policies(), question in sample::question()) {
        let decisions = Decisions::new(&policy);
        let asked: Vec<Packet> =
            sample::packets().into_iter().filter(|packet| question.contains(packet)).collect();
        let decider = |packet: &Packet| sample::first_match(&policy, packet).unwrap();
        let mut deciders: Vec<usize> = asked.iter().map(decider).collect();
        deciders.sort_unstable();
        deciders.dedup();
        let hits: Vec<Hit<'_>> = decisions.deciding(&question).collect();
        prop_assert_eq!(hits.iter().map(|hit| hit.index).collect::<Vec<_>>(), deciders.clone());
        for hit in hits {
            prop_assert_eq!(hit.certainty, Certainty::Proven);
            prop_assert!(question.contains(&hit.packet) && hit.part.contains(&hit.packet));
            prop_assert_eq!(decider(&hit.packet), hit.index);
            prop_assert!(hit.part.is_subset(&question));
            prop_assert!(asked.iter().all(|packet| !hit.part.contains(packet) || decider(packet) == hit.index));
        }
        let accepts = |index: &usize| policy.entries[*index].verdict == Verdict::Accept;
        let (accepting, refusing): (Vec<usize>, Vec<usize>) = deciders.into_iter().partition(accepts);
        let found: Vec<usize> = decisions.accepting(&question).map(|hit| hit.index).collect();
        prop_assert_eq!(found, accepting);
        prop_assert_eq!(decisions.refusing(&question).map(|hit| hit.index), refusing.first().copied());
    }

    #[test]
    fn a_shadowed_rule_is_reached_by_no_packet(policy in policies()) {
        let packets = sample::packets();
        let shadowed = Decisions::new(&policy).shadowed_rules().to_vec();
        let expected: Vec<usize> = (0..policy.rules.len())
            .filter(|&rule| !packets.iter().any(|packet| is_reached(&policy, rule, packet)))
            .collect();
        prop_assert_eq!(shadowed.iter().map(|found| found.rule).collect::<Vec<_>>(), expected);
        for Shadowed { rule, by, effect } in shadowed {
            let entries = |origin: Origin| policy.entries.iter().filter(move |entry| entry.origin == origin);
            let speaks = |blocker: &Origin, packet: &Packet| {
                entries(*blocker).any(|entry| sample::speaks_of(entry, packet))
            };
            let packets = packets_of(&policy, rule, &packets);
            let blockers = |packet: &Packet| by.iter().filter(|blocker| speaks(blocker, packet)).count();
            prop_assert!(packets.iter().all(|packet| blockers(packet) > 0), "the blockers are enough");
            let needed = |blocker: &Origin| packets.iter().any(|packet| blockers(packet) == 1 && speaks(blocker, packet));
            prop_assert!(by.iter().all(needed), "no blocker can be left out");
            prop_assert!(by.iter().all(|&blocker| entries(blocker).all(|entry| entry.verdict != Verdict::Observe)));
            let allows = policy.rules[rule].action.value == RuleAction::Allow;
            let accepts = |blocker: &Origin| entries(*blocker).all(|entry| entry.verdict == Verdict::Accept);
            let same = by.iter().all(|blocker| accepts(blocker) == allows);
            prop_assert_eq!(effect == Effect::Redundant, same);
        }
    }

    #[test]
    fn a_conflict_is_about_the_same_packets(policy in policies()) {
        let packets = sample::packets();
        let of = |rule: usize| packets_of(&policy, rule, &packets);
        let conflicts = |earlier: usize, later: usize| {
            let (first, second) = (&policy.rules[earlier], &policy.rules[later]);
            first.stage == Stage::Enforce && first.action.value != second.action.value && of(earlier) == of(later)
        };
        let mut expected = Vec::new();
        for later in 0..policy.rules.len() {
            let earlier = (0..later).find(|&earlier| conflicts(earlier, later));
            expected.extend(earlier.map(|earlier| Conflict { earlier, later }));
        }
        prop_assert_eq!(Decisions::new(&policy).conflicts(), expected);
    }
}

/// A rule about new TCP connections through the machine.
fn tcp(action: RuleAction, sources: (u128, u128), ports: (u16, u16)) -> Draft {
    let v4 = IntervalSet::range(sources.0, sources.1);
    let addresses = Addresses { v4, v6: IntervalSet::empty() };
    let destination = IntervalSet::range(ports.0, ports.1);
    let traffic = Traffic::one(Term::Ports { protocol: TCP, source: IntervalSet::full(), destination });
    Draft {
        action,
        stage: Stage::Enforce,
        hooks: vec![Hook::Forward],
        when: Match { source: AddressSet { addresses, name: None }, traffic, ..Match::every(States::NEW) },
    }
}

#[test]
fn two_halves_shadow_the_whole_and_a_bystander_is_not_blamed() {
    let (allow, deny) = (RuleAction::Allow, RuleAction::Deny);
    let rules = [
        tcp(allow, (0, 255), (1, 600)),
        tcp(allow, (0, 255), (1, 1023)),
        tcp(deny, (0, 255), (1024, 65535)),
        tcp(allow, (0, 255), (1, 65535)),
    ];
    let policy = sample::policy(&rules);
    let by = vec![Origin::Rule(2), Origin::Rule(1)];
    let expected = Shadowed { rule: 3, by, effect: Effect::Contradicted };
    assert_eq!(Decisions::new(&policy).shadowed_rules(), [expected]);
}

#[test]
fn an_observing_rule_shadows_nothing_and_can_be_shadowed() {
    let everybody = tcp(RuleAction::Deny, (0, 255), (110, 110));
    let observing = Draft { stage: Stage::Observe { until: None }, ..everybody.clone() };
    let first = sample::policy(&[observing.clone(), everybody.clone()]);
    assert_eq!(Decisions::new(&first).shadowed_rules(), []);
    assert_eq!(Decisions::new(&first).conflicts(), []);
    let last = sample::policy(&[everybody, observing]);
    let shadowed = Shadowed { rule: 1, by: vec![Origin::Rule(0)], effect: Effect::Redundant };
    assert_eq!(Decisions::new(&last).shadowed_rules(), [shadowed]);
}

#[test]
fn a_rule_that_acts_in_one_hook_is_not_shadowed() {
    let forwarded = tcp(RuleAction::Allow, (0, 255), (25, 25));
    let both = Draft { hooks: vec![Hook::Input, Hook::Forward], ..forwarded.clone() };
    let policy = sample::policy(&[forwarded, both]);
    assert_eq!(Decisions::new(&policy).shadowed_rules(), []);
}

#[test]
fn the_same_packets_and_another_action_are_a_conflict() {
    let allow = tcp(RuleAction::Allow, (0, 255), (25, 25));
    let reject = Draft { action: RuleAction::Reject, ..allow.clone() };
    let policy = sample::policy(&[allow.clone(), allow, reject]);
    let decisions = Decisions::new(&policy);
    assert_eq!(decisions.conflicts(), [Conflict { earlier: 0, later: 2 }]);
    assert_eq!(decisions.shadowed_rules().iter().map(|found| found.rule).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn rules_that_look_alike_field_by_field_are_no_conflict() {
    let base = tcp(RuleAction::Allow, (0, 255), (0, 0));
    let pair = |source, port| Term::Ports {
        protocol: TCP,
        source: IntervalSet::single(source),
        destination: IntervalSet::single(port),
    };
    let of = |action, terms: &[Term]| Draft {
        action,
        when: Match { traffic: Traffic::of(terms.to_vec()).unwrap(), ..base.when.clone() },
        ..base.clone()
    };
    let corner = of(RuleAction::Allow, &[pair(1, 25), pair(1, 26), pair(2, 26)]);
    let ends = of(RuleAction::Deny, &[pair(1, 25), pair(2, 26)]);
    let policy = sample::policy(&[corner, ends]);
    assert_eq!(Decisions::new(&policy).shadowed_rules().len(), 1);
    assert_eq!(Decisions::new(&policy).conflicts(), []);
}

/// Whether a box and a value go together: deterministic, and without any pattern that a search could use.
fn dice(seed: u64) -> u64 {
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A rule about three fifths of the sixteen values in each of six fields.
fn scattered(number: u64) -> Draft {
    let chosen = |field: u64| {
        (0..16_u8).filter(move |&value| dice(number << 16 | field << 8 | u64::from(value)) % 5 < 3)
    };
    six_fields(|field| chosen(field).map(|value| (value.into(), value.into())).collect())
}

/// A rule with these values in the fields from 0 to 5.
fn six_fields(values: impl Fn(u64) -> Vec<(u16, u16)>) -> Draft {
    let ports = |field| IntervalSet::from_intervals(values(field));
    let addresses = |field| {
        let wide = values(field).into_iter().map(|(first, last)| (first.into(), last.into()));
        let addresses = Addresses { v4: IntervalSet::from_intervals(wide), v6: IntervalSet::empty() };
        AddressSet { addresses, name: None }
    };
    let term = Term::Ports { protocol: TCP, source: ports(0), destination: ports(1) };
    let when = Match {
        states: States::NEW,
        incoming: ports(2),
        outgoing: ports(3),
        source: addresses(4),
        destination: addresses(5),
        traffic: Traffic::one(term),
        unknowns: Unknowns::none(),
    };
    Draft { action: RuleAction::Allow, stage: Stage::Enforce, hooks: vec![Hook::Forward], when }
}

/// A policy of 401 rules, of which nobody can tell whether the others leave the last one anything.
pub(super) fn hard_policy() -> Policy {
    let mut rules: Vec<Draft> = (0..400).map(scattered).collect();
    rules.push(six_fields(|_| vec![(0, 15)]));
    sample::policy(&rules)
}

#[test]
fn a_question_too_hard_to_decide_is_said_to_be_so() {
    let policy = hard_policy();
    let hit = Decisions::new(&policy).hit(400, &policy.entries[400].cubes()[0]);
    assert_eq!(hit.unwrap().certainty, Certainty::Possible);
}
