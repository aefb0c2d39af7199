//! Changes, against what happens to every kind of packet in both policies.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::analyze::sample::{self, Draft};
use crate::lower::lower;
use crate::model::{Interface, Interfaces, Rate, RatePer};
use crate::packet::IntervalSet;
use crate::parse;
use crate::source::Sources;

/// What happens to a packet, found by trying one entry after the other.
fn treatment(policy: &Policy, packet: &Packet) -> (Verdict, Option<Log>) {
    let decider = sample::first_match(policy, packet).unwrap();
    let speaks = |index: &usize| sample::speaks_of(&policy.entries[*index], packet);
    let first = (0..=decider).filter(|index| policy.entries[*index].verdict == Verdict::Observe).find(speaks);
    (policy.entries[decider].verdict, policy.entries[first.unwrap_or(decider)].log)
}

fn kind(old: (Verdict, Option<Log>), new: (Verdict, Option<Log>)) -> Option<ChangeKind> {
    match (old.0, new.0) {
        _ if old == new => None,
        (old, new) if old == new => Some(ChangeKind::Logging),
        (_, Verdict::Accept) => Some(ChangeKind::Allowed),
        (Verdict::Accept, _) => Some(ChangeKind::Denied),
        _ => Some(ChangeKind::Refusal),
    }
}

fn policies() -> impl Strategy<Value = Policy> {
    let log = select(vec![None, None, Some(Log::DEFAULT), Some(rare())]);
    (sample::drafts(), vec(log, 24)).prop_map(|(drafts, logs)| logged(&drafts, &logs))
}

/// Two policies that have rules in common, as two versions of one have.
fn versions() -> impl Strategy<Value = (Policy, Policy)> {
    let log = select(vec![None, Some(Log::DEFAULT), Some(rare())]);
    let kept = vec(any::<bool>(), 8);
    (sample::drafts(), sample::drafts(), kept, vec(log, 24)).prop_map(|(old, other, kept, logs)| {
        let rest = old.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(draft, _)| draft.clone());
        let new: Vec<Draft> = rest.chain(other.into_iter().take(2)).collect();
        (logged(&old, &logs), logged(&new, &logs))
    })
}

fn rare() -> Log {
    Log { rate: Rate { count: 1, per: RatePer::Hour, burst: 5 } }
}

/// A policy whose entries log like that; whatever observes logs.
fn logged(drafts: &[Draft], logs: &[Option<Log>]) -> Policy {
    let mut policy = sample::policy(drafts);
    for (entry, log) in policy.entries.iter_mut().zip(logs) {
        entry.log = if entry.verdict == Verdict::Observe { log.or(Some(Log::DEFAULT)) } else { *log };
    }
    policy
}

/// The same policy, its two interfaces named in the other order.
fn renamed(policy: &Policy) -> Policy {
    let swap = |set: &IntervalSet<u16>| {
        let values =
            [(1, 2), (2, 1)].into_iter().filter(|(old, _)| set.contains(*old)).map(|(_, new)| (new, new));
        set.subtract(&IntervalSet::range(1, 2)).union(&IntervalSet::from_intervals(values))
    };
    let mut renamed = policy.clone();
    renamed.interfaces = Interfaces::new(["wan0", "lan0"].map(|name| Interface::new(name).unwrap()).to_vec());
    for entry in &mut renamed.entries {
        entry.when.incoming = swap(&entry.when.incoming);
    }
    renamed
}

/// Fails unless the changes are those of every packet: each in one of its kind, and in none of another.
fn check(old: &Policy, new: &Policy, delta: &Delta<'_>) -> Result<(), TestCaseError> {
    prop_assert_eq!(&delta.undecided, &[]);
    for packet in sample::packets() {
        let kind = kind(treatment(old, &packet), treatment(new, &packet));
        let holds = |change: &&Change<'_>| change.parts.iter().any(|part| part.contains(&packet));
        let told: Vec<ChangeKind> = delta.changes.iter().filter(holds).map(|change| change.kind).collect();
        prop_assert_eq!(told.is_empty(), kind.is_none(), "{:?}: {:?}", packet, told);
        prop_assert!(told.iter().all(|told| Some(*told) == kind), "{:?}: {:?}, not {:?}", packet, told, kind);
    }
    for change in &delta.changes {
        prop_assert!(change.parts.iter().any(|part| part.contains(&change.packet)));
        prop_assert!(!change.words.is_empty() && !change.before.is_empty() && !change.after.is_empty());
    }
    prop_assert!(delta.changes.is_sorted_by_key(|change| change.kind));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn changes_are_those_of_every_packet(old in policies(), new in policies()) {
        check(&old, &new, &delta(&old, &new))?;
    }

    #[test]
    fn changes_between_versions_are_those_of_every_packet((old, new) in versions()) {
        check(&old, &new, &delta(&old, &new))?;
        let back = delta(&new, &old);
        check(&new, &old, &back)?;
    }

    #[test]
    fn the_numbers_of_interfaces_do_not_matter((old, new) in versions()) {
        let renamed = renamed(&new);
        check(&old, &new, &delta(&old, &renamed))?;
        prop_assert!(delta(&new, &renamed).changes.is_empty());
    }
}

/// A policy of these rules with `lan` and `internet`.
fn policy(rules: &str) -> Policy {
    let text = format!(
        "version: 1
name: office
zones:
  lan: {{ interfaces: [lan0], networks: [10.0.0.0/16], trust: internal }}
  internet: {{ interfaces: [wan0] }}
rules:
{rules}"
    );
    let lowered = lower(parse::text("office.yaml", text, &mut Sources::default()));
    lowered.policy.unwrap_or_else(|| panic!("{:?}", lowered.diagnostics))
}

/// A rule from the office to the world.
fn rule(id: &str, action: &str, services: &str) -> String {
    format!(
        "  - {{ id: {id}, action: {action}, from: lan, to: internet, services: {services}, reason: Test. }}\n"
    )
}

/// Each change: its kind, who treated the packets before, who does now.
fn told(old: &Policy, new: &Policy) -> Vec<String> {
    let delta = delta(old, new);
    assert_eq!(delta.undecided, []);
    let names = |causes: &[Cause<'_>]| {
        causes.iter().map(|cause| cause.subject.to_string()).collect::<Vec<_>>().join(", ")
    };
    let change = |change: &Change<'_>| {
        format!(
            "{:?}: {} | {} | {}",
            change.kind,
            names(&change.before),
            names(&change.after),
            change.example
        )
    };
    delta.changes.iter().map(change).collect()
}

#[test]
fn an_order_without_effect_is_no_change() {
    let (mail, web) = (rule("mail", "allow", "[imaps]"), rule("web", "allow", "[https]"));
    assert_eq!(told(&policy(&(mail.clone() + &web)), &policy(&(web + &mail))), [""; 0]);
}

#[test]
fn a_rule_written_as_two_is_no_change() {
    let both = rule("mail", "allow", "[imaps, pop3s]");
    let apart = rule("imap", "allow", "[imaps]") + &rule("pop", "allow", "[pop3s]");
    assert_eq!(told(&policy(&both), &policy(&apart)), [""; 0]);
}

#[test]
fn words_that_are_not_traffic_are_no_change() {
    let old = policy(&rule("mail", "allow", "[imaps]"));
    let new = policy(&rule("post", "allow", "[imaps]").replace("Test.", "Another reason."));
    assert_eq!(told(&old, &new), [""; 0]);
}

#[test]
fn a_rule_that_opens_what_many_refused_is_one_change() {
    let denied: String =
        ["pop3", "imap", "smtp"].map(|name| rule(name, "deny", &format!("[{name}]"))).concat();
    let opened = rule("everything", "allow", "any") + &denied;
    let told = told(&policy(&denied), &policy(&opened));
    insta::assert_snapshot!(told.join("\n"), @"Allowed: rule `pop3`, rule `imap`, rule `smtp`, the default of the forward hook | rule `everything` | forward, lan0 → wan0: ICMP echo-request 10.0.0.1 → 198.51.100.1");
}

/// The words of the one change, and who takes something out of it.
fn only(old: &Policy, new: &Policy) -> String {
    let delta = delta(old, new);
    let [change] = delta.changes.as_slice() else { panic!("{delta:?}") };
    let words: Vec<String> = change.words.iter().map(ToString::to_string).collect();
    let spared = [&change.spared_before, &change.spared_after].map(|spared| format!("{spared:?}"));
    format!("{} | {}", words.join("; "), spared.join(" | "))
}

#[test]
fn what_another_rule_allows_already_is_cut_off() {
    let pop = rule("pop", "allow", "[pop3s]");
    let (old, new) =
        (policy(&pop), policy(&(pop.clone() + &rule("mail", "allow", "[imaps, pop3s, submissions]"))));
    insta::assert_snapshot!(only(&old, &new), @"TCP 465 (submissions), TCP 993 (imaps) from lan (10.0.0.0/16) to internet | [] | []");
}

#[test]
fn what_cannot_be_cut_off_is_spared() {
    let pop = rule("pop", "allow", "[pop3s]").replace("from: lan", "from: 10.0.1.0/24");
    let still = rule("still", "deny", "[imaps]").replace("from: lan", "log: true, from: 10.0.2.0/24");
    let mail = rule("mail", "allow", "[imaps, pop3s, submissions]");
    insta::assert_snapshot!(only(&policy(&pop), &policy(&(still + &pop + &mail))), @r#"TCP 465 (submissions), TCP 993 (imaps), TCP 995 (pop3s) from lan (10.0.0.0/16) to internet | [Rule("pop")] | [Rule("still")]"#);
}

#[test]
fn a_policy_without_its_rules_lets_only_its_baseline_pass() {
    let open = policy(&rule("mail", "allow", "[imaps]"));
    let closed = without_rules(&open);
    insta::assert_snapshot!(only(&closed, &open), @"TCP 993 (imaps) from lan (10.0.0.0/16) to internet | [] | []");
    assert!(closed.entries.iter().all(|entry| !matches!(entry.origin, Origin::Rule(_))));
    assert!(delta(&closed, &closed).changes.is_empty());
}

#[test]
fn observing_is_logging() {
    let observing = rule("watch", "deny", "[pop3]").replace("reason", "stage: observe, reason");
    let everything = rule("everything", "allow", "any");
    let (old, new) = (policy(&everything), policy(&(observing + &everything)));
    insta::assert_snapshot!(told(&old, &new).join("\n"), @"Logging: rule `everything` | rule `watch` | forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:110");
}

#[test]
fn a_refusal_of_another_kind_is_a_change() {
    let (old, new) = (policy(&rule("pop", "deny", "[pop3]")), policy(&rule("pop", "reject", "[pop3]")));
    insta::assert_snapshot!(told(&old, &new).join("\n"), @"Refusal: rule `pop` | rule `pop` | forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:110");
}
