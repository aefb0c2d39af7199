//! Answers about sets of packets, against first match tried packet by packet.

use proptest::prelude::*;

use super::sample;
use super::*;
use crate::model::{Origin, Policy, RuleAction, Stage, Verdict};
use crate::packet::Packet;

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
        let hits = decisions.deciding(&question);
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
        let found: Vec<usize> = decisions.accepting(&question).iter().map(|hit| hit.index).collect();
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
            let speaks = |blocker: &usize, packet: &Packet| sample::speaks_of(&policy.entries[*blocker], packet);
            let packets = packets_of(&policy, rule, &packets);
            let blockers = |packet: &Packet| by.iter().filter(|blocker| speaks(blocker, packet)).count();
            prop_assert!(packets.iter().all(|packet| blockers(packet) > 0), "the blockers are enough");
            let needed = |blocker| packets.iter().any(|packet| blockers(packet) == 1 && speaks(blocker, packet));
            prop_assert!(by.iter().all(needed), "no blocker can be left out");
            prop_assert!(by.iter().all(|&blocker| policy.entries[blocker].verdict != Verdict::Observe));
            let allows = policy.rules[rule].action.value == RuleAction::Allow;
            let accepts = |blocker: &usize| policy.entries[*blocker].verdict == Verdict::Accept;
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
