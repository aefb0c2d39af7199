//! What would have to change for a packet to meet an expectation.

use super::judge::Judge;
use super::part::Source;
use crate::analyze::Hit;
use crate::model::{BaselinePart, Entry, Match, Origin, Rule, Term, Verdict};
use crate::packet::{Cube, Hook, Packet};

/// The change that is nearest at hand, for the packet of an objection. Rules go by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// A rule says what is expected and stands below the decider.
    MoveUp(usize),
    /// A rule says what is expected and only observes.
    Enforce {
        /// The rule.
        rule: usize,
        /// Whether it stands below the decider, too.
        is_below: bool,
    },
    /// A rule says what is expected and is disabled.
    Enable {
        /// The rule.
        rule: usize,
        /// Whether it stands below the decider, too.
        is_below: bool,
    },
    /// The rule that must decide says something else than what is expected.
    OtherAction(usize),
    /// The rule that must decide does not speak about the packet, because of these of its keys.
    Widen {
        /// The rule.
        rule: usize,
        /// `from`, `to`, `services`.
        keys: Vec<&'static str>,
    },
    /// This part of the baseline decides, and no rule can.
    Baseline(BaselinePart),
    /// Nothing keeps packets out whose source is elsewhere.
    AntiSpoofing,
    /// What refuses the packet drops it, and a rejection is expected.
    Reject,
    /// What lets the packet pass is the only thing that does: the default refuses the rest.
    Narrow,
    /// No rule says what is expected.
    Add,
}

impl Remedy {
    /// The rule that it speaks of, besides the decider.
    #[must_use]
    pub fn rule(&self) -> Option<usize> {
        match self {
            Self::MoveUp(rule)
            | Self::Enforce { rule, .. }
            | Self::Enable { rule, .. }
            | Self::OtherAction(rule)
            | Self::Widen { rule, .. } => Some(*rule),
            Self::Baseline(_) | Self::AntiSpoofing | Self::Reject | Self::Narrow | Self::Add => None,
        }
    }

    /// What would have to change for the packet of a hit that does not decide as expected.
    pub(super) fn of(judge: &Judge<'_, '_>, hit: &Hit<'_>, source: Source) -> Self {
        let policy = judge.policy();
        let named = judge.by.and_then(|by| Some((by, policy.rules.get(by)?)));
        match (hit.entry.origin, source, named) {
            (Origin::Baseline(part), ..) => Self::Baseline(part),
            (_, Source::Claimed, _) if !policy.baseline.anti_spoofing => Self::AntiSpoofing,
            (_, Source::AtHome, Some((by, rule))) => Self::by(judge, hit, by, rule),
            _ => Self::unnamed(judge, hit),
        }
    }

    /// How the rule that must decide would.
    fn by(judge: &Judge<'_, '_>, hit: &Hit<'_>, by: usize, rule: &Rule) -> Self {
        let is_below = stands_below(by, hit);
        if !judge.expectation.is_met_by(rule.action.value.verdict()) {
            return Self::OtherAction(by);
        }
        let keys = || silent_keys(judge, by, &hit.packet);
        match rule {
            rule if rule.disabled.is_some() => Self::Enable { rule: by, is_below },
            rule if rule.observes() => Self::Enforce { rule: by, is_below },
            _ if keys().is_empty() => Self::MoveUp(by),
            _ => Self::Widen { rule: by, keys: keys() },
        }
    }

    /// How any rule would.
    fn unnamed(judge: &Judge<'_, '_>, hit: &Hit<'_>) -> Self {
        let policy = judge.policy();
        let observing = policy.entries.iter().filter(|entry| entry.verdict == Verdict::Observe);
        let observing = speaker(judge, observing, &hit.packet);
        let later = later(judge, hit);
        let disabled = speaker(judge, &policy.disabled, &hit.packet);
        match (observing, later, disabled) {
            (Some(rule), _, _) => Self::Enforce { rule, is_below: stands_below(rule, hit) },
            (_, Some(Origin::Rule(rule)), _) => Self::MoveUp(rule),
            (_, _, Some(rule)) => Self::Enable { rule, is_below: stands_below(rule, hit) },
            (_, Some(_), _) => Self::Narrow,
            _ if hit.entry.verdict == Verdict::Drop && judge.expectation.verdict == Verdict::Reject => {
                Self::Reject
            }
            _ => Self::Add,
        }
    }
}

/// Whether a rule stands below the decider of a packet.
fn stands_below(rule: usize, hit: &Hit<'_>) -> bool {
    matches!(hit.entry.origin, Origin::Rule(decider) if decider < rule)
}

/// Who would decide the packet as expected if nobody before did.
fn later(judge: &Judge<'_, '_>, hit: &Hit<'_>) -> Option<Origin> {
    let point = Cube::single(&hit.packet);
    let met = judge.decisions.before(&point, usize::MAX).into_iter();
    let entries =
        met.filter(|&index| index > hit.index).filter_map(|index| judge.policy().entries.get(index));
    let mut suited = entries.filter(|entry| judge.expectation.is_met_by(entry.verdict));
    suited.next().map(|entry| entry.origin)
}

/// The first rule of those entries that speaks about a packet and would decide it as expected.
fn speaker<'e>(
    judge: &Judge<'_, '_>,
    entries: impl IntoIterator<Item = &'e Entry>,
    packet: &Packet,
) -> Option<usize> {
    let suits = |rule: usize| {
        let action = judge.policy().rules.get(rule).map(|rule| rule.action.value);
        action.is_some_and(|action| judge.expectation.is_met_by(action.verdict()))
    };
    entries.into_iter().find_map(|entry| match entry.origin {
        Origin::Rule(rule) if suits(rule) && silent(entry, packet).is_empty() => Some(rule),
        _ => None,
    })
}

/// The keys of a rule that keep it from speaking about a packet: of its entries, the one that comes closest.
fn silent_keys(judge: &Judge<'_, '_>, rule: usize, packet: &Packet) -> Vec<&'static str> {
    let own = judge.policy().entries.iter().filter(|entry| entry.origin == Origin::Rule(rule));
    own.map(|entry| silent(entry, packet)).min_by_key(Vec::len).unwrap_or_default()
}

/// The keys that keep an entry from speaking about a packet.
fn silent(entry: &Entry, packet: &Packet) -> Vec<&'static str> {
    let Match { incoming, outgoing, source, destination, traffic, .. } = &entry.when;
    let both = |hook| (entry.hook == hook) == (packet.hook == hook);
    let from = both(Hook::Output)
        && incoming.contains(packet.incoming)
        && source.addresses.of(packet.family).contains(packet.source);
    let to = both(Hook::Input)
        && outgoing.contains(packet.outgoing)
        && destination.addresses.of(packet.family).contains(packet.destination);
    let services = traffic.terms().iter().any(|term| is_about(term, packet));
    let keys = [("from", from), ("to", to), ("services", services)];
    keys.into_iter().filter(|(_, speaks)| !speaks).map(|(key, _)| key).collect()
}

fn is_about(term: &Term, packet: &Packet) -> bool {
    term.exists_in(packet.family)
        && term.transport().contains(packet.transport)
        && term.source_ports().contains(packet.source_port)
}
