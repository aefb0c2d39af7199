//! Owners whose lines could go without a change for any packet.

use std::collections::BTreeSet;

use super::List;
use super::block::{Block, Position};
use super::list::{Layer, Standing};
use super::search::{Answer, BUDGET, Near, search};

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

/// How often a question about a whole box is asked before each of its parts is asked about alone.
const WHOLE: usize = 8;

/// The packets of a line, and the other lines that hold some of them.
struct Subject<'l> {
    layer: &'l Layer,
    block: &'l Block,
    parts: Vec<Block>,
    outcome: usize,
    earlier: Vec<Near<'l>>,
    later: Vec<Near<'l>>,
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
        let block = layer.plane.at(standing.place)?;
        let near = self.of_others(layer, layer.plane.near(block, 0..layer.plane.len()), owner);
        let (earlier, later) = near.into_iter().partition(|near| near.place < standing.place);
        let parts = layer.plane.possible(block);
        Some(Subject { layer, block, parts, outcome: standing.line.outcome?, earlier, later })
    }

    /// Whether later lines do the same to all packets that earlier ones leave.
    fn taken_over(&self, subject: &Subject<'_>) -> Redundancy {
        if self.is_plainly_needed(subject) {
            return Redundancy::Needed;
        }
        let mut decided =
            Decided { near: subject.earlier.clone(), used: BTreeSet::new(), asked: 0, tries: 0 };
        let mut doubtful = false;
        for later in &subject.later {
            if self.outcome(subject, later) == Some(subject.outcome) {
                decided.near.push(*later);
                if subject.block.position(later.block) == Position::Within {
                    decided.used.insert(later.place);
                    return self.verdict(subject, &decided, doubtful);
                }
                continue;
            }
            let contested = subject.parts.iter().filter_map(|part| part.intersect(later.block)).collect();
            match decided.hold(contested) {
                Some(true) if decided.hold_all(&subject.parts) => {
                    return self.verdict(subject, &decided, doubtful);
                }
                Some(true) => {}
                Some(false) => return Redundancy::Needed,
                None => doubtful = true,
            }
        }
        match decided.hold(subject.parts.clone()) {
            Some(true) => self.verdict(subject, &decided, doubtful),
            Some(false) => Redundancy::Needed,
            None => Redundancy::Undecided,
        }
    }

    fn verdict(&self, subject: &Subject<'_>, decided: &Decided<'_>, doubtful: bool) -> Redundancy {
        if doubtful {
            return Redundancy::Undecided;
        }
        let later = |place: &&u32| subject.later.iter().any(|near| near.place == **place);
        let owners = decided.used.iter().filter(later);
        let owner = |place: &u32| self.line(subject.layer, *place).map(|line| line.owner);
        Redundancy::By(owners.filter_map(owner).collect())
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

/// Lines whose packets need not be asked about any more.
struct Decided<'l> {
    near: Vec<Near<'l>>,
    /// The places of those it took.
    used: BTreeSet<u32>,
    /// How many there were when all parts were last asked about.
    asked: usize,
    tries: usize,
}

impl Decided<'_> {
    /// Whether they hold all of some parts; none if that could not be told.
    fn hold(&mut self, parts: Vec<Block>) -> Option<bool> {
        match search(parts, &self.near, BUDGET) {
            Answer::Covered(used) => {
                self.used.extend(used);
                Some(true)
            }
            Answer::Open(_) => Some(false),
            Answer::Undecided => None,
        }
    }

    /// Whether they are known to hold everything, so that nothing that comes later matters.
    fn hold_all(&mut self, parts: &[Block]) -> bool {
        if self.asked == self.near.len() || self.tries == WHOLE {
            return false;
        }
        (self.asked, self.tries) = (self.near.len(), self.tries + 1);
        self.hold(parts.to_vec()) == Some(true)
    }
}
