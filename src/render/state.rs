//! What a rule still has to ask about the connection state, given the rules before it.

use crate::model::{Entry, Match, Traffic, Verdict};
use crate::packet::{Family, State, States};

/// A question to connection tracking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StateCheck {
    /// None: the rules before left only states that the rule means.
    Nothing,
    /// One of these states, `new` with or without a SYN.
    OneOf(Vec<Tracked>),
    /// Every state but `new`.
    NotNew,
    /// State `new`, and a TCP packet that opens no flow.
    Midstream,
}

/// A state as Linux's connection tracking has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tracked {
    New,
    Established,
    Related,
    Invalid,
    Untracked,
}

/// The states that can still come along in a hook.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remaining(States);

/// What connection tracking calls `new`.
const OPENING: States = States::TRACKED_NEW;

impl Tracked {
    /// In the order they are written.
    const ALL: [(Self, States); 5] = [
        (Self::Established, States::ESTABLISHED),
        (Self::Related, States::RELATED),
        (Self::Invalid, States::INVALID),
        (Self::Untracked, States::UNTRACKED),
        (Self::New, OPENING),
    ];
}

impl Remaining {
    /// At the start of a hook.
    pub(super) const ALL: Self = Self(States::ANY);

    /// The checks that an entry needs, one rule each; none if a target cannot put them.
    pub(super) fn checks(self, entry: &Entry) -> Option<Vec<StateCheck>> {
        let wanted = self.0.intersect(entry.when.states);
        let others = self.0.subtract(wanted);
        let opening = wanted.intersect(OPENING);
        let known = tracked(wanted.subtract(OPENING));
        if wanted.is_empty() || others.is_empty() {
            return Some(if wanted.is_empty() { Vec::new() } else { vec![StateCheck::Nothing] });
        }
        if is_split(wanted, others) {
            return None;
        }
        if opening.is_empty() || others.intersect(OPENING).is_empty() {
            return Some(vec![StateCheck::OneOf(tracked(wanted))]);
        }
        match known {
            _ if opening.contains(State::New) => None,
            known if known.is_empty() => Some(vec![StateCheck::Midstream]),
            _ if others == States::NEW => Some(vec![StateCheck::NotNew, StateCheck::Midstream]),
            known => Some(vec![StateCheck::OneOf(known), StateCheck::Midstream]),
        }
    }

    /// Goes past an entry: what it decides for every packet does not come along any more.
    pub(super) fn pass(&mut self, entry: &Entry) {
        if entry.verdict != Verdict::Observe && is_unconditional(&entry.when) {
            self.0 = self.0.subtract(entry.when.states);
        }
    }
}

/// Whether a known flow's SYNs would be told from its other packets, for which no target has words.
fn is_split(wanted: States, others: States) -> bool {
    let apart = |(_, meant): &(Tracked, States)| {
        !wanted.intersect(*meant).is_empty() && !others.intersect(*meant).is_empty()
    };
    Tracked::ALL.iter().filter(|(tracked, _)| *tracked != Tracked::New).any(apart)
}

fn tracked(states: States) -> Vec<Tracked> {
    let included = |(_, meant): &&(Tracked, States)| !states.intersect(*meant).is_empty();
    Tracked::ALL.iter().filter(included).map(|(tracked, _)| *tracked).collect()
}

/// Whether nothing but the state decides.
fn is_unconditional(when: &Match) -> bool {
    let every =
        |family| when.source.addresses.is_every(family) && when.destination.addresses.is_every(family);
    when.incoming.is_full()
        && when.outgoing.is_full()
        && when.traffic == Traffic::any()
        && Family::ALL.into_iter().all(every)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;
    use crate::packet::Hook;

    fn drop_all(states: States) -> Entry {
        let when = Match::every(states);
        Entry { origin: Origin::Default, hook: Hook::Input, when, verdict: Verdict::Drop, log: None }
    }

    #[test]
    fn what_was_decided_is_not_asked_again() {
        let mut remaining = Remaining::ALL;
        let established = drop_all(States::ESTABLISHED.union(States::RELATED));
        let known = StateCheck::OneOf(vec![Tracked::Established, Tracked::Related]);
        assert_eq!(remaining.checks(&established), Some(vec![known]));
        remaining.pass(&established);
        let not_new = drop_all(States::ANY.subtract(States::NEW));
        assert_eq!(remaining.checks(&not_new), Some(vec![StateCheck::NotNew, StateCheck::Midstream]));
        remaining.pass(&not_new);
        assert_eq!(remaining.checks(&drop_all(States::NEW)), Some(vec![StateCheck::Nothing]));
        assert_eq!(remaining.checks(&established), Some(Vec::new()));
    }

    #[test]
    fn an_observed_or_conditional_entry_decides_nothing_for_the_others() {
        let mut remaining = Remaining::ALL;
        remaining.pass(&Entry { verdict: Verdict::Observe, ..drop_all(States::ANY) });
        let mut conditional = drop_all(States::ANY);
        conditional.when.incoming = crate::packet::IntervalSet::single(1);
        remaining.pass(&conditional);
        assert_eq!(remaining.0, States::ANY);
    }

    #[test]
    fn no_target_tells_the_syns_of_known_flows_apart() {
        assert_eq!(Remaining::ALL.checks(&drop_all(States::of(&[State::Established]))), None);
    }

    #[test]
    fn a_bare_syn_cannot_be_asked_for_beside_other_new_packets() {
        assert_eq!(Remaining::ALL.checks(&drop_all(States::NEW)), None);
        let midstream = drop_all(States::of(&[State::Midstream]));
        assert_eq!(Remaining::ALL.checks(&midstream), Some(vec![StateCheck::Midstream]));
    }
}
