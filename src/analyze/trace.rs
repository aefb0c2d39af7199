//! One packet on its way through a policy.

use super::{Decisions, Subject};
use crate::model::{BaselinePart, Entry, Origin, Policy, Verdict};
use crate::packet::{Cube, Packet};
use crate::source::Site;

/// What becomes of a packet, and what else speaks about it.
#[derive(Clone, Debug)]
pub struct Trace<'p> {
    /// The packet.
    pub packet: Packet,
    /// The entry that decides it.
    pub decider: Step<'p>,
    /// The parts of the baseline that stand before it in the hook and let the packet go on, in order.
    pub passed: Vec<BaselinePart>,
    /// The observing rules before it that log the packet, in order.
    pub observers: Vec<Step<'p>>,
    /// The rules behind it that speak about the packet too, in order, and at last the default of the hook: what
    /// would decide or log the packet if nothing before did.
    pub later: Vec<Step<'p>>,
    /// The disabled rules that would speak about the packet, in order.
    pub disabled: Vec<Dormant<'p>>,
}

/// An entry that speaks about a packet.
#[derive(Clone, Copy, Debug)]
pub struct Step<'p> {
    /// The entry.
    pub entry: &'p Entry,
    /// Who stands behind it.
    pub subject: Subject<'p>,
    /// Where that was written.
    pub site: Site,
}

/// A disabled rule that speaks about a packet.
#[derive(Clone, Copy, Debug)]
pub struct Dormant<'p> {
    /// The entry it would have.
    pub step: Step<'p>,
    /// Whether it stands before the entry that decides: were it on, the packet would come to it.
    pub is_in_time: bool,
}

impl<'p> Decisions<'p> {
    /// The way of a packet. None only if the policy has no default for the hook.
    #[must_use]
    pub fn trace(&self, packet: &Packet) -> Option<Trace<'p>> {
        let hit = self.decide(packet)?;
        let policy = self.policy();
        let mut speaking = self.speaking(&Cube::single(packet));
        speaking.extend(observing(policy, packet));
        speaking.sort_unstable();
        let does = |index: usize| policy.entries.get(index).is_some_and(|entry| speaks(entry, packet));
        speaking.retain(|&index| index != hit.index && does(index)); // Not under a condition that does not hold.
        let (before, behind): (Vec<usize>, Vec<usize>) =
            speaking.into_iter().partition(|&index| index < hit.index);
        let steps = |indices: Vec<usize>| {
            let entries = indices.into_iter().filter_map(|index| policy.entries.get(index));
            once_each(entries.map(|entry| Step::of(policy, entry)), hit.entry.origin)
        };
        Some(Trace {
            packet: packet.clone(),
            decider: Step::of(policy, hit.entry),
            passed: passed(policy, packet, hit.index),
            observers: steps(before),
            later: steps(behind),
            disabled: disabled(policy, packet, hit.entry),
        })
    }
}

impl<'p> Step<'p> {
    fn of(policy: &'p Policy, entry: &'p Entry) -> Self {
        Self { entry, subject: Subject::of(policy, entry), site: policy.site_of(entry) }
    }
}

impl Trace<'_> {
    /// Whether the packet passes.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.decider.entry.verdict == Verdict::Accept
    }
}

/// The steps of rules and defaults, each rule once: it may have several entries. Not again the one that decides, and
/// nothing of the baseline, which is said in fewer words.
fn once_each<'p>(steps: impl Iterator<Item = Step<'p>>, decider: Origin) -> Vec<Step<'p>> {
    let mut once: Vec<Step<'p>> = Vec::new();
    for step in steps {
        let is_told = once.last().is_some_and(|last| last.entry.origin == step.entry.origin);
        if !is_told && step.entry.origin != decider && !matches!(step.entry.origin, Origin::Baseline(_)) {
            once.push(step);
        }
    }
    once
}

/// The parts of the baseline with an entry before an index in the hook of a packet. The part that decides it is not
/// among them, even if an earlier entry of it lets the packet go on.
fn passed(policy: &Policy, packet: &Packet, index: usize) -> Vec<BaselinePart> {
    let part = |entry: &Entry| match entry.origin {
        Origin::Baseline(part) if entry.hook == packet.hook => Some(part),
        _ => None,
    };
    let decider = policy.entries.get(index).and_then(part);
    let mut parts: Vec<BaselinePart> = policy.entries.iter().take(index).filter_map(part).collect();
    parts.dedup();
    parts.retain(|&part| Some(part) != decider);
    parts
}

/// The observing entries that speak about a packet.
fn observing(policy: &Policy, packet: &Packet) -> impl Iterator<Item = usize> {
    let observes = |(_, entry): &(usize, &Entry)| entry.verdict == Verdict::Observe && speaks(entry, packet);
    policy.entries.iter().enumerate().filter(observes).map(|(index, _)| index)
}

fn speaks(entry: &Entry, packet: &Packet) -> bool {
    entry.hook == packet.hook && entry.cubes().iter().any(|cube| cube.contains(packet))
}

/// The disabled rules that speak about a packet.
fn disabled<'p>(policy: &'p Policy, packet: &Packet, decider: &Entry) -> Vec<Dormant<'p>> {
    let own = policy.disabled.iter().filter(|entry| speaks(entry, packet));
    let steps = own.map(|entry| Step::of(policy, entry));
    let dormant = |step: Step<'p>| Dormant {
        is_in_time: step.entry.origin < decider.origin && !is_baseline(decider),
        step,
    };
    once_each(steps, decider.origin).into_iter().map(dormant).collect()
}

fn is_baseline(entry: &Entry) -> bool {
    matches!(entry.origin, Origin::Baseline(_))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample;
    use super::*;
    use crate::lower::{lower, packet};
    use crate::parse;
    use crate::source::Sources;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_trace_agrees_with_first_match(drafts in sample::drafts()) {
            let policy = sample::policy(&drafts);
            let decisions = Decisions::new(&policy);
            for packet in sample::packets() {
                let trace = decisions.trace(&packet).unwrap();
                let index = sample::first_match(&policy, &packet).unwrap();
                let decider = &policy.entries[index];
                prop_assert_eq!(trace.decider.entry, decider);
                prop_assert_eq!(trace.is_accepted(), decider.verdict == Verdict::Accept);
                let speaking = |entries: &[Entry]| -> Vec<Origin> {
                    let own = entries.iter().filter(|entry| sample::speaks_of(entry, &packet));
                    own.map(|entry| entry.origin).collect()
                };
                let told = |steps: &[Step<'_>]| -> Vec<Origin> {
                    steps.iter().map(|step| step.entry.origin).collect()
                };
                prop_assert_eq!(told(&trace.observers), speaking(&policy.entries[..index]));
                prop_assert_eq!(told(&trace.later), speaking(&policy.entries[index + 1..]));
            }
        }
    }

    const POLICY: &str = "version: 1
name: branch
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }
  dmz: { interfaces: [dmz0], networks: [192.0.2.0/27], trust: internal }
  net: { interfaces: [wan0] }
rules:
  - { id: early, action: allow, from: lan, to: net, services: [pop3], disabled: Too early. }
  - { id: watch, action: deny, from: lan, to: any, services: [pop3, imap], stage: observe }
  - { id: allow, action: allow, from: [lan, dmz], to: net, services: [pop3], log: true }
  - { id: late, action: reject, from: any, to: any, services: [pop3] }
  - { id: later, action: allow, from: lan, to: net, services: any, disabled: Too late. }
";

    /// What a trace of the packet says, part by part.
    fn traced(text: &str) -> String {
        let mut sources = Sources::default();
        let policy = lower(parse::text("policy.yaml", POLICY, &mut sources)).policy.unwrap();
        let decl = parse::packets("<packet>", text, &mut sources).packets.remove(0);
        let packet = packet(&decl, &policy).unwrap().packet;
        let trace = Decisions::new(&policy).trace(&packet).unwrap();
        let told = |steps: Vec<Step<'_>>| {
            let words = steps.iter().map(|step| format!("{} {:?}", step.subject, step.entry.verdict));
            words.collect::<Vec<_>>().join("; ")
        };
        let dormant = trace.disabled.iter().map(|one| format!("{} {}", one.step.subject, one.is_in_time));
        format!(
            "{} | passed {} | observers {} | later {} | disabled {}",
            told(vec![trace.decider]),
            trace.passed.iter().map(|part| part.name()).collect::<Vec<_>>().join(" "),
            told(trace.observers.clone()),
            told(trace.later.clone()),
            dormant.collect::<Vec<_>>().join("; "),
        )
    }

    #[test]
    fn everybody_who_speaks_about_a_packet_is_named() {
        insta::assert_snapshot!(traced("tcp 10.20.1.5 > 198.51.100.7:110"), @"rule `allow` Accept | passed established anti-spoofing icmp-errors invalid not-new echo | observers rule `watch` Observe | later rule `late` Reject; the default of the forward hook Drop | disabled rule `early` true; rule `later` false");
        insta::assert_snapshot!(traced("tcp 10.20.1.5 > 198.51.100.7:143"), @"the default of the forward hook Drop | passed established anti-spoofing icmp-errors invalid not-new echo | observers rule `watch` Observe | later  | disabled rule `later` true");
        insta::assert_snapshot!(traced("tcp 192.0.2.5 > 198.51.100.7:110"), @"rule `allow` Accept | passed established anti-spoofing icmp-errors invalid not-new echo | observers  | later rule `late` Reject; the default of the forward hook Drop | disabled");
    }

    #[test]
    fn the_baseline_comes_before_every_rule() {
        insta::assert_snapshot!(traced("tcp 10.20.1.5 > 198.51.100.7:110 in wan0 out wan0"), @"the baseline's `anti-spoofing` Drop | passed established | observers  | later rule `late` Reject; the default of the forward hook Drop | disabled");
        insta::assert_snapshot!(traced("tcp 10.20.1.5 > 198.51.100.7:110 in lan0 out wan0 established"), @"the baseline's `established` Accept | passed  | observers  | later the default of the forward hook Drop | disabled");
        insta::assert_snapshot!(traced("tcp 10.20.1.5 > 10.20.0.1:110 in lan0 mid-stream"), @"the baseline's `not-new` Drop | passed loopback established neighbour-discovery anti-spoofing icmp-errors invalid | observers  | later the default of the input hook Drop | disabled");
    }
}
