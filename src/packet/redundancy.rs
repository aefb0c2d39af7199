//! Owners whose lines could go without a change for any packet.

use std::collections::BTreeSet;

use super::List;
use super::block::Block;
use super::list::{Layer, Standing};
use super::search::{Near, Passed};

/// Whether removing an owner changes what happens to any packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redundancy {
    /// It does.
    Needed,
    /// It does not: later lines of these owners do the same to the packets that it decides. None if it decides no
    /// packet, because earlier lines do.
    By(BTreeSet<usize>),
    /// The search met its limit: neither may be assumed.
    Undecided,
}

/// The packets of a line, and the other lines that hold some of them.
struct Subject<'l> {
    layer: &'l Layer,
    block: &'l Block,
    parts: Vec<Block>,
    outcome: usize,
    earlier: Vec<Near<'l>>,
    later: Vec<Near<'l>>,
}

/// What a later line means for an owner that may be redundant.
enum Step {
    /// Nothing yet.
    On,
    /// It could not be told.
    Doubt,
    /// Some packet would meet something else.
    Needed,
    /// Nothing is left to decide, so that later lines do not matter.
    NothingLeft,
}

impl List {
    /// Whether all packets would meet the same without the lines of an owner. A line that decides nothing is always
    /// needed, since looking on is what it is for.
    #[must_use]
    pub fn redundant(&self, owner: usize) -> Redundancy {
        let mut by = BTreeSet::new();
        let mut doubtful = false;
        for standing in self.standing(owner) {
            let Some(subject) = self.subject(&standing, owner) else { return Redundancy::Needed };
            match self.taken_over(&subject) {
                Redundancy::Needed => return Redundancy::Needed,
                Redundancy::By(owners) => by.extend(owners),
                Redundancy::Undecided => doubtful = true,
            }
        }
        if doubtful { Redundancy::Undecided } else { Redundancy::By(by) }
    }

    fn subject<'l>(&'l self, standing: &Standing<'l>, owner: usize) -> Option<Subject<'l>> {
        let layer = standing.layer;
        let block = self.plane(layer).at(standing.place)?;
        let near = self.of_others(layer, self.plane(layer).near(block, 0..self.plane(layer).len()), owner);
        let at = near.partition_point(|near| near.place < standing.place);
        let (before, after) = near.split_at_checked(at)?;
        let parts = self.plane(layer).possible(block);
        Some(Subject {
            layer,
            block,
            parts,
            outcome: standing.line.outcome?,
            earlier: before.to_vec(),
            later: after.to_vec(),
        })
    }

    /// Whether later lines do the same to all packets that earlier ones leave.
    fn taken_over(&self, subject: &Subject<'_>) -> Redundancy {
        if self.is_plainly_needed(subject) {
            return Redundancy::Needed;
        }
        let mut passed = Passed::new(subject.parts.clone(), subject.earlier.clone());
        let mut doubtful = false;
        for later in &subject.later {
            match self.step(subject, later, &mut passed) {
                Step::On => {}
                Step::Doubt => doubtful = true,
                Step::Needed => return Redundancy::Needed,
                Step::NothingLeft => return self.verdict(subject, &passed, doubtful),
            }
        }
        match passed.hold(subject.parts.clone()) {
            Some(true) => self.verdict(subject, &passed, doubtful),
            Some(false) => Redundancy::Needed,
            None => Redundancy::Undecided,
        }
    }

    /// What one later line says: the same, or something else to packets that perhaps nobody has decided yet.
    fn step<'l>(&self, subject: &Subject<'l>, later: &Near<'l>, passed: &mut Passed<'l>) -> Step {
        if self.outcome(subject, later) == Some(subject.outcome) {
            passed.push(*later);
            return if passed.is_held_by(subject.block, later) { Step::NothingLeft } else { Step::On };
        }
        let contested = subject.parts.iter().filter_map(|part| part.intersect(later.block)).collect();
        match passed.hold(contested) {
            Some(true) if passed.hold_all() => Step::NothingLeft,
            Some(true) => Step::On,
            Some(false) => Step::Needed,
            None => Step::Doubt,
        }
    }

    fn verdict(&self, subject: &Subject<'_>, passed: &Passed<'_>, doubtful: bool) -> Redundancy {
        if doubtful {
            return Redundancy::Undecided;
        }
        let is_later = |place: &&u32| subject.later.iter().any(|near| near.place == **place);
        let owner = |place: &u32| self.line(subject.layer, *place).map(|line| line.owner);
        Redundancy::By(passed.used().iter().filter(is_later).filter_map(owner).collect())
    }

    /// Whether a corner of the packets shows a difference: the usual case, and a cheap one.
    fn is_plainly_needed(&self, subject: &Subject<'_>) -> bool {
        let points = subject.parts.iter().flat_map(Block::corners);
        let mut open = points.filter(|point| !subject.earlier.iter().any(|near| near.block.contains(point)));
        open.any(|point| {
            let next = subject.later.iter().find(|near| near.block.contains(&point));
            next.and_then(|near| self.outcome(subject, near)) != Some(subject.outcome)
        })
    }

    fn outcome(&self, subject: &Subject<'_>, near: &Near<'_>) -> Option<usize> {
        self.line(subject.layer, near.place)?.outcome
    }
}
