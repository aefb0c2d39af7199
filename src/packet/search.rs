//! Whether boxes cover another one: depth first, on a stack of its own, within a budget.
//!
//! Of a part of the box it first takes off every box that leaves one piece, whose order does not matter. What is left
//! is split by the box that leaves the fewest pieces, and each piece is looked at in the same way. A part that meets no
//! box is uncovered. Most questions end sooner, with a corner of a part that is in no box.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::block::{Block, Point, Position, Side};

/// How many comparisons of two boxes one question may cost; some hundredths of a second. The problem is co-NP hard
/// in the number of fields, so every budget can run out, but real rule lists stay thousands of times below.
pub(super) const BUDGET: usize = 5_000_000;

/// A box that may hold some of another, and its place in its list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near<'a> {
    pub(super) place: u32,
    pub(super) block: &'a Block,
}

/// Whether boxes hold everything that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// These boxes do, by their places.
    Covered(BTreeSet<u32>),
    /// None of them holds anything of this one: a part of what was asked for, perhaps a single combination.
    Open(Block),
    /// The budget ran out: neither may be assumed.
    Undecided,
}

/// Whether boxes hold all of some parts.
pub(super) fn search(parts: Vec<Block>, near: &[Near<'_>], budget: usize) -> Answer {
    let near: Rc<[Near<'_>]> = near.into();
    let open = parts.into_iter().map(|part| (part, Rc::clone(&near))).collect();
    Search { open, used: BTreeSet::new(), budget }.run()
}

struct Search<'a> {
    /// Parts still to be looked at, each with the boxes that may hold some of it.
    open: Vec<(Block, Rc<[Near<'a>]>)>,
    /// The places of the boxes that something was taken off or split by.
    used: BTreeSet<u32>,
    /// Comparisons left.
    budget: usize,
}

/// What remains of a part once the boxes that need no split are taken off.
enum Trimmed<'a> {
    /// Nothing.
    Nothing,
    /// A part, and the boxes that meet it on several sides, with their number.
    Part(Block, Vec<(Near<'a>, u32)>),
    /// The budget ran out.
    Undecided,
}

impl<'a> Search<'a> {
    fn run(mut self) -> Answer {
        while let Some((part, near)) = self.open.pop() {
            if !self.spend(near.len()) {
                return Answer::Undecided;
            }
            if let Some(point) = uncovered_corner(&part, &near) {
                return Answer::Open(Block::single(&point));
            }
            match self.trim(part, &near) {
                Trimmed::Nothing => {}
                Trimmed::Part(part, corners) if corners.is_empty() => return Answer::Open(part),
                Trimmed::Part(part, corners) => self.split(&part, &corners),
                Trimmed::Undecided => return Answer::Undecided,
            }
        }
        Answer::Covered(self.used)
    }

    fn spend(&mut self, comparisons: usize) -> bool {
        let left = self.budget.checked_sub(comparisons);
        self.budget = left.unwrap_or_default();
        left.is_some()
    }

    /// Takes off every box that leaves one piece, until only those are left that would leave several.
    fn trim(&mut self, mut part: Block, near: &[Near<'a>]) -> Trimmed<'a> {
        let mut near = near.to_vec();
        loop {
            if !self.spend(near.len()) {
                return Trimmed::Undecided;
            }
            let Meeting { within, slices, corners } = Meeting::of(&part, near);
            if let Some(place) = within {
                self.used.insert(place);
                return Trimmed::Nothing;
            }
            if slices.is_empty() {
                return Trimmed::Part(part, corners);
            }
            self.used.extend(slices.iter().map(|(_, near)| near.place));
            let slices: Vec<(Side, &Block)> = slices.iter().map(|(side, near)| (*side, near.block)).collect();
            if !part.take_off(&slices) {
                return Trimmed::Nothing;
            }
            near = corners.into_iter().map(|(near, _)| near).collect();
        }
    }

    /// Leaves the pieces of a part around one of the boxes for later.
    fn split(&mut self, part: &Block, corners: &[(Near<'a>, u32)]) {
        let Some(best) = best_split(part, corners) else { return };
        self.used.insert(best.place);
        let near: Rc<[Near<'a>]> = corners.iter().map(|(near, _)| *near).collect();
        let pieces = part.subtract(best.block).into_iter();
        self.open.extend(pieces.map(|piece| (piece, Rc::clone(&near))));
    }
}

/// How a part stands to the boxes that may hold some of it.
#[derive(Default)]
struct Meeting<'a> {
    /// The place of a box that holds all of it.
    within: Option<u32>,
    /// Boxes out of which it sticks on one side.
    slices: Vec<(Side, Near<'a>)>,
    /// Boxes out of which it sticks on several sides, with their number.
    corners: Vec<(Near<'a>, u32)>,
}

impl<'a> Meeting<'a> {
    fn of(part: &Block, near: Vec<Near<'a>>) -> Self {
        let mut meeting = Self::default();
        for one in near {
            match part.position(one.block) {
                Position::Apart => {}
                Position::Within => return Self { within: Some(one.place), ..Self::default() },
                Position::Slice(side) => meeting.slices.push((side, one)),
                Position::Corner(sides) => meeting.corners.push((one, sides)),
            }
        }
        meeting
    }
}

/// Boxes that have been passed in order, and what they leave of a whole.
pub(super) struct Passed<'a> {
    whole: Vec<Block>,
    near: Vec<Near<'a>>,
    used: BTreeSet<u32>,
    /// How many there were when it was last asked whether they hold everything.
    asked: usize,
    tries: usize,
}

impl<'a> Passed<'a> {
    /// How often it is asked whether everything is held: mostly it is soon, or never.
    const TRIES: usize = 8;

    /// A whole, as disjoint boxes, and the boxes that come first.
    pub(super) const fn new(whole: Vec<Block>, near: Vec<Near<'a>>) -> Self {
        Self { whole, near, used: BTreeSet::new(), asked: 0, tries: 0 }
    }

    /// Passes one more.
    pub(super) fn push(&mut self, near: Near<'a>) {
        self.near.push(near);
    }

    /// Those passed so far, in order.
    pub(super) fn near(&self) -> &[Near<'a>] {
        &self.near
    }

    /// The places of those it took for the answers so far.
    pub(super) const fn used(&self) -> &BTreeSet<u32> {
        &self.used
    }

    /// Whether one box holds another one, and so all that is left.
    pub(super) fn is_held_by(&mut self, block: &Block, near: &Near<'_>) -> bool {
        let is_held = block.position(near.block) == Position::Within;
        self.used.extend(Some(near.place).filter(|_| is_held));
        is_held
    }

    /// Whether those passed hold all of some parts; none if that could not be told.
    pub(super) fn hold(&mut self, parts: Vec<Block>) -> Option<bool> {
        match search(parts, &self.near, BUDGET) {
            Answer::Covered(used) => {
                self.used.extend(used);
                Some(true)
            }
            Answer::Open(_) => Some(false),
            Answer::Undecided => None,
        }
    }

    /// Whether they are known to hold everything, so that nothing that comes later matters. Not asked too often.
    pub(super) fn hold_all(&mut self) -> bool {
        if self.asked == self.near.len() || self.tries == Self::TRIES {
            return false;
        }
        (self.asked, self.tries) = (self.near.len(), self.tries + 1);
        self.hold(self.whole.clone()) == Some(true)
    }
}

/// The box to split by: the one out of which the part sticks on the fewest sides, since it leaves the fewest
/// pieces, and of those the one that takes most.
fn best_split<'a>(part: &Block, corners: &[(Near<'a>, u32)]) -> Option<Near<'a>> {
    let fewest = corners.iter().map(|&(_, sides)| sides).min()?;
    let candidates = corners.iter().filter(|&&(_, sides)| sides == fewest).map(|(near, _)| *near);
    candidates.max_by_key(|near| part.shared_bits(near.block))
}

/// A corner of a part that is in none of the boxes.
fn uncovered_corner(part: &Block, near: &[Near<'_>]) -> Option<Point> {
    part.corners().into_iter().find(|point| !near.iter().any(|near| near.block.contains(point)))
}
