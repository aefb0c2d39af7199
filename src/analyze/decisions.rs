//! First match, asked about whole boxes of packets.

use std::sync::OnceLock;

use super::list::Boxes;
use super::shadow::{self, Shadowed};
use super::vain::Vain;
use crate::model::{Entry, Policy, Verdict};
use crate::packet::{Cover, Cube, List, Packet};

/// The entries of a policy with their boxes, ready to be asked.
///
/// Answers are exact. Should a question ever be too hard to finish (see [`Cover::Undecided`]), the entry is
/// reported as a [`Certainty::Possible`] hit: in doubt a check speaks up.
#[derive(Debug)]
pub struct Decisions<'p> {
    policy: &'p Policy,
    boxes: Boxes,
    shadowed: OnceLock<Vec<Shadowed>>,
    pub(super) vain: OnceLock<Vec<Vain>>,
}

/// An entry that decides some packets of a question, and one of them.
#[derive(Clone, Debug)]
pub struct Hit<'p> {
    /// Index in [`Policy::entries`].
    pub index: usize,
    /// The entry.
    pub entry: &'p Entry,
    /// A box of packets of the question, all decided by this entry if that is proven: not always all of them.
    pub part: Cube,
    /// A packet of that box.
    pub packet: Packet,
    /// Whether that is proven.
    pub certainty: Certainty,
}

/// How sure a [`Hit`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The entry decides every packet of the part.
    Proven,
    /// The question was too hard: earlier entries may decide some or all packets of the part.
    Possible,
}

impl<'p> Decisions<'p> {
    /// Prepares a policy for questions.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Self { policy, boxes: Boxes::of(policy), shadowed: OnceLock::new(), vain: OnceLock::new() }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The entry that decides a packet, by first match. None only if the policy has no default for the hook.
    #[must_use]
    pub fn decide(&self, packet: &Packet) -> Option<Hit<'p>> {
        let index = self.boxes.entry(self.list().decide(packet)?)?;
        let entry = self.policy.entries.get(index)?;
        let certainty = Certainty::Proven;
        Some(Hit { index, entry, part: Cube::single(packet), packet: packet.clone(), certainty })
    }

    /// The rules that never decide (or, while observing, never see) a packet, in order, and those for which that
    /// could not be told. Disabled rules are left out. Worked out once.
    #[must_use]
    pub fn shadowed_rules(&self) -> &[Shadowed] {
        self.shadowed.get_or_init(|| shadow::shadowed_rules(self))
    }

    /// Every entry that decides some packet of the question, in order, each with a witness.
    /// Observing entries decide nothing and are left out.
    pub fn deciding<'d>(
        &'d self,
        question: &'d Cube,
    ) -> impl DoubleEndedIterator<Item = Hit<'p>> + use<'d, 'p> {
        self.hits(question, |_| true)
    }

    /// The entries that accept some packet of the question, in order, each with a witness.
    pub fn accepting<'d>(
        &'d self,
        question: &'d Cube,
    ) -> impl DoubleEndedIterator<Item = Hit<'p>> + use<'d, 'p> {
        self.hits(question, |verdict| verdict == Verdict::Accept)
    }

    /// The entries that do not accept some packet of the question, in order, each with a witness.
    pub fn refusals<'d>(
        &'d self,
        question: &'d Cube,
    ) -> impl DoubleEndedIterator<Item = Hit<'p>> + use<'d, 'p> {
        self.hits(question, |verdict| verdict != Verdict::Accept)
    }

    /// The first entry that accepts some packet of the question; none if all of it is refused.
    #[must_use]
    pub fn first_accepting(&self, question: &Cube) -> Option<Hit<'p>> {
        self.accepting(question).next()
    }

    /// The accepting entries that speak about some packet of the question, in order, by their index in
    /// [`Policy::entries`]. Whether earlier entries leave them any is for [`Decisions::hit`] to say; this is the
    /// cheap half of [`Decisions::accepting`], for those who need not know about every entry.
    #[must_use]
    pub fn candidates(&self, question: &Cube) -> Vec<usize> {
        self.meeting(question, |verdict| verdict == Verdict::Accept)
    }

    /// Every entry that speaks about some packet of the question, in order, by its index in [`Policy::entries`].
    /// Whether it decides any is for [`Decisions::hit`] to say; observing entries decide nothing and are left out.
    #[must_use]
    pub fn speaking(&self, question: &Cube) -> Vec<usize> {
        self.meeting(question, |_| true)
    }

    /// The first entry that does not accept some packet of the question; none if all of it is accepted.
    #[must_use]
    pub fn refusing(&self, question: &Cube) -> Option<Hit<'p>> {
        self.refusals(question).next()
    }

    /// A packet of the question that the entry with that index decides; none for observing entries.
    #[must_use]
    pub fn hit(&self, index: usize, question: &Cube) -> Option<Hit<'p>> {
        let entry = self.policy.entries.get(index).filter(|entry| entry.verdict != Verdict::Observe)?;
        let hit = |part: Cube, certainty| {
            self.list().witness(&part).map(|packet| Hit { index, entry, part, packet, certainty })
        };
        let mut possible = None;
        for part in self.cubes_of(index).filter_map(|cube| cube.intersect(question)) {
            match self.reach(&part, index) {
                Cover::Covered => {}
                Cover::Uncovered(rest) => return hit(rest, Certainty::Proven),
                Cover::Undecided => possible = Some(part),
            }
        }
        possible.and_then(|part| hit(part, Certainty::Possible))
    }

    /// A packet of the question that comes as far as the entry with that index, whether it decides or observes; also where
    /// that is too hard to tell.
    #[must_use]
    pub fn reaching(&self, index: usize, question: &Cube) -> Option<Packet> {
        let parts = self.cubes_of(index).filter_map(|cube| cube.intersect(question));
        parts.filter_map(|part| self.rest(part, index)).find_map(|rest| self.list().witness(&rest))
    }

    /// What the entries before an index leave of a box; all of it if that is too hard to tell.
    fn rest(&self, part: Cube, index: usize) -> Option<Cube> {
        match self.reach(&part, index) {
            Cover::Covered => None,
            Cover::Uncovered(rest) => Some(rest),
            Cover::Undecided => Some(part),
        }
    }

    /// Which packets of a box the entries before an index leave undecided.
    pub(super) fn reach(&self, part: &Cube, index: usize) -> Cover {
        self.list().uncovered(part, self.boxes.lines_of(index).start)
    }

    /// The deciding entries before an index that speak about some packet of a box, in order.
    pub(super) fn before(&self, part: &Cube, index: usize) -> Vec<usize> {
        self.entries_of(&self.list().meeting(part, self.boxes.lines_of(index).start))
    }

    /// The boxes of a rule, in order; none if it is disabled.
    pub fn cubes_of_rule(&self, rule: usize) -> impl Iterator<Item = &Cube> {
        let owner = self.boxes.rule(rule).into_iter();
        let lines = owner.flat_map(|owner| self.list().lines_of(owner));
        lines.filter_map(|line| self.list().lines().get(line)).map(|line| &line.cube)
    }

    /// The boxes of an entry.
    pub fn cubes_of(&self, index: usize) -> impl Iterator<Item = &Cube> {
        self.boxes.lines_of(index).filter_map(|line| self.list().lines().get(line)).map(|line| &line.cube)
    }

    /// The boxes of all entries.
    pub(super) const fn boxes(&self) -> &Boxes {
        &self.boxes
    }

    const fn list(&self) -> &List {
        &self.boxes.list
    }

    /// Each hit is worked out when somebody asks for it: most want the first only.
    fn hits<'d>(
        &'d self,
        question: &'d Cube,
        wanted: fn(Verdict) -> bool,
    ) -> impl DoubleEndedIterator<Item = Hit<'p>> + use<'d, 'p> {
        self.meeting(question, wanted).into_iter().filter_map(|index| self.hit(index, question))
    }

    /// The entries with such a verdict that decide and speak about some packet of the question, in order.
    fn meeting(&self, question: &Cube, wanted: fn(Verdict) -> bool) -> Vec<usize> {
        let mut met = self.entries_of(&self.list().meeting(question, usize::MAX));
        let verdict = |index: usize| self.policy.entries.get(index).map(|entry| entry.verdict);
        met.retain(|&index| verdict(index).is_some_and(wanted));
        met
    }

    /// The entries that lines belong to, each once.
    fn entries_of(&self, lines: &[usize]) -> Vec<usize> {
        let mut entries: Vec<usize> = lines.iter().filter_map(|&line| self.boxes.entry(line)).collect();
        entries.dedup();
        entries
    }
}
