//! Two comparisons: of what passes, and of how the rest is refused and everything is logged.

use super::ChangeKind;
use super::lists::{self, Actor, Draft, Sheet, Treatments};
use super::narrow::narrowed;
use super::raw::{Raw, Sheets};
use crate::analyze::list::homes;
use crate::model::{Policy, Verdict};
use crate::packet::{Familiar, differences};

/// Every single difference, and what could not be told.
pub(super) struct Compared {
    pub(super) raws: Vec<Raw>,
    pub(super) undecided: Vec<Doubt>,
    /// Where the addresses of the packets are that show differences.
    homes: Familiar,
}

/// Something that could not be told.
#[derive(Clone, Copy)]
pub(super) enum Doubt {
    /// Whether the second treats packets that the first treated before.
    Pair(Actor, Actor),
    /// How packets are logged.
    Logging,
}

/// Compares two policies with one numbering of interfaces.
pub(super) fn compared(old: &Policy, new: &Policy) -> Compared {
    let mut compared = Compared { raws: Vec::new(), undecided: Vec::new(), homes: homes(new) };
    let (old_deciders, new_deciders) = (lists::deciders(old), lists::deciders(new));
    let accepts = |actor: Actor| verdict(old, actor) == Some(Verdict::Accept);
    let passage = |left: Actor, _| Some(if accepts(left) { ChangeKind::Denied } else { ChangeKind::Allowed });
    compared.add(lists::passage(&old_deciders), lists::passage(&new_deciders), passage);
    let mut treatments = Treatments::default();
    let left = lists::treatment(old, &old_deciders, &mut treatments);
    let right = lists::treatment(new, &new_deciders, &mut treatments);
    let treatment = |left, right| kind_of_treatment(verdict(old, left), verdict(new, right));
    match left.zip(right) {
        Some((left, right)) => compared.add(left, right, treatment),
        None => compared.undecided.push(Doubt::Logging),
    }
    compared
}

/// What it means that packets are treated differently that pass in both policies or in none. The rest has been told.
fn kind_of_treatment(old: Option<Verdict>, new: Option<Verdict>) -> Option<ChangeKind> {
    let passes = |verdict: Option<Verdict>| verdict == Some(Verdict::Accept);
    match (passes(old) == passes(new), old == new) {
        (false, _) => None,
        (true, false) => Some(ChangeKind::Refusal),
        (true, true) => Some(ChangeKind::Logging),
    }
}

fn verdict(policy: &Policy, actor: Actor) -> Option<Verdict> {
    policy.entries.get(actor.decider).map(|entry| entry.verdict)
}

impl Compared {
    /// Adds what two lists do differently, as far as it is of some kind.
    fn add(&mut self, left: Draft, right: Draft, kind: impl Fn(Actor, Actor) -> Option<ChangeKind>) {
        let (left, right) = narrowed(left, right);
        let right = Sheet { list: right.list.with_familiar(self.homes.clone()), ..right };
        let sheets = Sheets { left: &left, right: &right };
        let found = differences(&sheets.left.list, &sheets.right.list);
        for difference in found.found {
            let actors = sheets.actors((difference.left, difference.right));
            let kind = actors.and_then(|(left, right)| kind(left, right));
            self.raws.extend(kind.and_then(|kind| sheets.raw(difference, kind)));
        }
        for pair in found.undecided {
            let of_a_kind = |(left, right): &(Actor, Actor)| kind(*left, *right).is_some();
            let pair = sheets.actors(pair).filter(of_a_kind);
            self.undecided.extend(pair.map(|(left, right)| Doubt::Pair(left, right)));
        }
    }
}
