//! Expectations about sets of packets, against first match tried packet by packet, and in words.

mod oracle;
mod words;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Outcome, Trial, Trials};
use crate::analyze::tests::hard_policy;
use crate::analyze::{Decider, Decisions, sample};
use crate::model::{
    AddressSet, Addresses, BaselinePart, Comment, Expectation, Match, Name, Origin, Policy, RuleAction,
    Trust, Verdict, Zone,
};
use crate::packet::{Family, Hook, IntervalSet, States};
use crate::source::Spanned;

/// A random policy: some of its entries are the baseline's, and zones say where some addresses are.
fn policies() -> impl Strategy<Value = Policy> {
    (sample::drafts(), 0..4_usize, vec(zone(), 0..4)).prop_flat_map(|(drafts, baseline, zones)| {
        let policy = with_zones(with_baseline(sample::policy(&drafts), baseline), &zones);
        let rules = policy.rules.len();
        vec(expectation(rules), 1..4).prop_map(move |drafts| with_expectations(policy.clone(), &drafts))
    })
}

/// What a zone has: interfaces, addresses, and whether it lists the latter.
type ZoneDraft = (IntervalSet<u16>, IntervalSet<u128>, bool);

fn zone() -> impl Strategy<Value = ZoneDraft> {
    let interfaces = sample::interfaces();
    let networks =
        prop_oneof![Just((IntervalSet::full(), false)), sample::addresses().prop_map(|set| (set, true))];
    (interfaces, networks).prop_map(|(interfaces, (addresses, listed))| (interfaces, addresses, listed))
}

/// Verdict, rule that must decide, packets.
type ExpectationDraft = (Verdict, Option<usize>, Vec<(Hook, Match)>);

fn expectation(rules: usize) -> impl Strategy<Value = ExpectationDraft> {
    let verdict = select(vec![Verdict::Accept, Verdict::Drop, Verdict::Reject]);
    let by = prop_oneof![3 => Just(None), 1 => (0..rules.max(1)).prop_map(move |rule| (rule < rules).then_some(rule))];
    let hook = select(vec![Hook::Input, Hook::Forward]);
    let packets = (hook, sample::matches(), sample::interfaces()).prop_map(|(hook, when, outgoing)| {
        let outgoing = if hook == Hook::Input { IntervalSet::full() } else { outgoing };
        (hook, Match { states: States::NEW, outgoing, ..when })
    });
    (verdict, by, vec(packets, 1..3))
}

/// The entries of the first rules as if the baseline had them.
fn with_baseline(mut policy: Policy, rules: usize) -> Policy {
    for entry in &mut policy.entries {
        let Origin::Rule(rule) = entry.origin else { continue };
        if rule >= rules || entry.verdict == Verdict::Observe {
            continue;
        }
        entry.origin = Origin::Baseline(match entry.verdict {
            Verdict::Accept if rule == 0 => BaselinePart::Echo,
            Verdict::Accept if rule == 1 => BaselinePart::NeighbourDiscovery,
            Verdict::Accept => BaselinePart::Loopback,
            _ => BaselinePart::AntiSpoofing,
        });
    }
    for rule in policy.rules.iter_mut().take(rules) {
        rule.disabled = Comment::new("the baseline has it").ok();
    }
    policy
}

fn with_zones(mut policy: Policy, zones: &[ZoneDraft]) -> Policy {
    let zone = |(number, (interfaces, v6, has_networks)): (usize, &ZoneDraft)| Zone {
        name: Spanned { value: Name::new(&format!("zone-{number}")).unwrap(), site: policy.site },
        interfaces: interfaces.clone(),
        addresses: Addresses { v4: v6.intersect(&Family::V4.every_address()), v6: v6.clone() },
        has_networks: *has_networks,
        trust: Trust::Internal,
        has_guests: false,
    };
    policy.zones = zones.iter().enumerate().map(zone).collect();
    policy
}

fn with_expectations(mut policy: Policy, drafts: &[ExpectationDraft]) -> Policy {
    let expectation = |(verdict, by, packets): &ExpectationDraft| Expectation {
        verdict: *verdict,
        packets: packets.clone(),
        by: by.map(|rule| policy.rules[rule].id.clone()),
        site: policy.site,
    };
    policy.expectations = drafts.iter().map(expectation).collect();
    policy
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn an_expectation_agrees_with_its_packets(policy in policies()) {
        let decisions = Decisions::new(&policy);
        let trials = Trials::of(&decisions);
        let expected = oracle::trials(&policy);
        for (trial, expected) in trials.trials.iter().zip(&expected.trials) {
            let outcome = if expected.against.is_empty() { Outcome::Holds } else { Outcome::Failed };
            prop_assert_eq!(trial.outcome, outcome);
            let told = trial.objections.iter().map(|one| Decider::key(one.decider.hit.entry));
            let all = expected.against.iter().copied();
            prop_assert_eq!(told.collect::<Vec<_>>(), all.take(Trial::MOST_OBJECTIONS).collect::<Vec<_>>());
            prop_assert_eq!(trial.objections.len() + trial.more, expected.against.len());
            prop_assert_eq!(&trial.set_aside, &expected.set_aside);
            for objection in &trial.objections {
                let hit = &objection.decider.hit;
                prop_assert_eq!(sample::first_match(&policy, &hit.packet), Some(hit.index), "a witness");
            }
        }
        let missing: Vec<usize> = trials.coverage.missing().collect();
        let idle = |rule: &usize| !policy.rules[*rule].is_in_force() || expected.exercised.contains(rule);
        prop_assert_eq!(missing, (0..policy.rules.len()).filter(|rule| !idle(rule)).collect::<Vec<_>>());
    }
}

/// An expectation about the packets of an entry.
fn about(policy: &Policy, entry: usize, verdict: Verdict, by: Option<usize>) -> ExpectationDraft {
    let entry = &policy.entries[entry];
    (verdict, by, vec![(entry.hook, entry.when.clone())])
}

#[test]
fn what_is_too_hard_to_decide_is_not_proven() {
    let mut policy = hard_policy();
    policy.rules[400].action.value = RuleAction::Deny;
    policy.entries[400].verdict = Verdict::Drop;
    for entry in &mut policy.entries[..400] {
        entry.origin = Origin::Rule(0);
    }
    let asked = [about(&policy, 400, Verdict::Accept, None), about(&policy, 0, Verdict::Accept, Some(0))];
    let policy = with_expectations(policy, &asked);
    let decisions = Decisions::new(&policy);
    let trials = Trials::of(&decisions);
    let outcomes: Vec<Outcome> = trials.trials.iter().map(|trial| trial.outcome).collect();
    assert_eq!(outcomes, [Outcome::Undecided, Outcome::Holds]);
    let finding = &trials.findings()[0];
    assert_eq!(finding.code, "expectation-undecided");
    assert_eq!(finding.title, "not proven: `allow`, since too many rules overlap here");
    assert_eq!(finding.related[0].text, "may deny some of them");
    assert!(trials.coverage.missing().any(|rule| rule == 400), "what is not proven exercises nothing");
}

#[test]
fn too_many_places_are_not_proven() {
    let network = |number: u16| 0x0a00_0000 + (u128::from(number) << 8);
    let zone = |number| {
        let addresses = IntervalSet::range(network(number), network(number) + 0xff);
        (IntervalSet::single(number), addresses, true)
    };
    let zones: Vec<ZoneDraft> = (1..300).map(zone).collect();
    let everybody = IntervalSet::range(network(1), network(299));
    let addresses = Addresses { v4: everybody, v6: IntervalSet::empty() };
    let set = AddressSet { addresses, name: None };
    let when = Match { source: set.clone(), destination: set, ..Match::every(States::NEW) };
    let policy = with_zones(sample::policy(&[]), &zones);
    let policy = with_expectations(policy, &[(Verdict::Drop, None, vec![(Hook::Forward, when)])]);
    let decisions = Decisions::new(&policy);
    let trials = Trials::of(&decisions);
    assert_eq!(trials.trials[0].outcome, Outcome::Undecided);
    assert_eq!(trials.findings()[0].title, "not proven: `deny`, since it is about too much at once");
}
