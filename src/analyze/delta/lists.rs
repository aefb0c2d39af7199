//! What a policy does with packets, as first-match lists that can be compared.

use std::collections::BTreeMap;

use super::ChangeKind;
use crate::model::{Entry, Log, Policy, Verdict};
use crate::packet::{Cube, Line, List};

/// The longest list that is compared. Only policies in which many rules observe what many others decide come to more,
/// and they are told that it is too much.
const LONGEST: usize = 500_000;

/// What happens to a packet in full: where it goes, and how it is logged.
pub(super) type Treatment = (Verdict, Option<Log>);

/// A list, and who stands behind each of its lines.
pub(super) struct Sheet {
    pub(super) list: List,
    pub(super) actors: Vec<Actor>,
}

/// Who does something to the packets of a line, as indices in [`Policy::entries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Actor {
    /// The entry that decides them.
    pub(super) decider: usize,
    /// The first entry that observes them before that.
    pub(super) observer: Option<usize>,
}

impl Actor {
    /// Whom people would name: for logging whoever observes, where somebody does.
    pub(super) fn entry(self, kind: ChangeKind) -> usize {
        self.observer.filter(|_| kind == ChangeKind::Logging).unwrap_or(self.decider)
    }
}

/// Numbers for treatments, the same for both policies.
#[derive(Default)]
pub(super) struct Treatments {
    numbers: BTreeMap<Treatment, usize>,
}

impl Treatments {
    fn number(&mut self, treatment: Treatment) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(treatment).or_insert(next)
    }
}

/// Which packets pass: accepting is one outcome, every kind of refusal another.
pub(super) fn passage(deciders: &[Decider<'_>]) -> Draft {
    let mut draft = Draft::default();
    for decider in deciders {
        let outcome = usize::from(decider.entry.verdict == Verdict::Accept);
        let actor = Actor { decider: decider.index, observer: None };
        decider.cubes.iter().for_each(|cube| draft.push(cube.clone(), actor, outcome));
    }
    draft
}

/// How packets are refused and logged. A packet that is observed is logged as the first that observes it logs it, and
/// goes where its decider sends it: what an entry observes comes apart into what later entries decide. None if that
/// is too much to compare.
pub(super) fn treatment(
    policy: &Policy,
    deciders: &[Decider<'_>],
    treatments: &mut Treatments,
) -> Option<Draft> {
    treatment_within(policy, deciders, treatments, LONGEST)
}

fn treatment_within(
    policy: &Policy,
    mut later: &[Decider<'_>],
    treatments: &mut Treatments,
    longest: usize,
) -> Option<Draft> {
    let mut draft = Draft::default();
    for (index, entry) in policy.entries.iter().enumerate() {
        if draft.lines.len() > longest {
            return None;
        }
        match later.split_first() {
            Some((decider, rest)) if decider.index == index => {
                let outcome = treatments.number((entry.verdict, entry.log));
                let actor = Actor { decider: index, observer: None };
                decider.cubes.iter().for_each(|cube| draft.push(cube.clone(), actor, outcome));
                later = rest;
            }
            _ => observed((index, entry), later, treatments, &mut draft),
        }
    }
    Some(draft)
}

/// What an entry observes, by the later entries that decide it.
fn observed(
    (index, entry): (usize, &Entry),
    later: &[Decider<'_>],
    treatments: &mut Treatments,
    draft: &mut Draft,
) {
    for cube in entry.cubes() {
        for decider in later {
            let outcome = treatments.number((decider.entry.verdict, entry.log));
            let actor = Actor { decider: decider.index, observer: Some(index) };
            let shared = decider.cubes.iter().filter_map(|decided| cube.intersect(decided));
            shared.for_each(|shared| draft.push(shared, actor, outcome));
            if decider.cubes.iter().any(|decided| cube.is_subset(decided)) {
                break; // Nothing of it is left for those after that.
            }
        }
    }
}

/// An entry that decides, with its boxes.
pub(super) struct Decider<'p> {
    index: usize,
    entry: &'p Entry,
    cubes: Vec<Cube>,
}

/// The entries that decide, in order.
pub(super) fn deciders(policy: &Policy) -> Vec<Decider<'_>> {
    let entries = policy.entries.iter().enumerate().filter(|(_, entry)| entry.verdict != Verdict::Observe);
    entries.map(|(index, entry)| Decider { index, entry, cubes: entry.cubes() }).collect()
}

/// A sheet in the making.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) lines: Vec<Line>,
    actors: Vec<Actor>,
}

impl Draft {
    fn push(&mut self, cube: Cube, actor: Actor, outcome: usize) {
        self.lines.push(Line { cube, owner: actor.decider, outcome: Some(outcome) });
        self.actors.push(actor);
    }

    /// The same with some of the lines.
    pub(super) fn only(self, wanted: impl Fn(&Line) -> bool) -> Self {
        let both = self.lines.into_iter().zip(self.actors);
        let (lines, actors) = both.filter(|(line, _)| wanted(line)).unzip();
        Self { lines, actors }
    }

    pub(super) fn finish(self) -> Sheet {
        Sheet { list: List::new(self.lines), actors: self.actors }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::sample;
    use crate::model::{Match, RuleAction, Stage};
    use crate::packet::{Hook, States};

    #[test]
    fn what_is_observed_comes_apart_and_too_much_of_it_is_refused() {
        let draft = |stage| sample::Draft {
            action: RuleAction::Deny,
            stage,
            hooks: vec![Hook::Input],
            when: Match::every(States::NEW),
        };
        let observing = vec![draft(Stage::Observe { until: None }); 40];
        let policy = sample::policy(&[observing, vec![draft(Stage::Enforce)]].concat());
        let lines = |longest| {
            let draft = treatment_within(&policy, &deciders(&policy), &mut Treatments::default(), longest);
            draft.map(|draft| draft.lines.len())
        };
        let decided = 2 * (1 + Hook::ALL.len());
        assert_eq!(
            lines(LONGEST),
            Some(2 * 40 + decided),
            "each is decided by the one rule, in both families"
        );
        assert_eq!(lines(60), None);
    }
}
