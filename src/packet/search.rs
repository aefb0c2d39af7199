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
            let mut slices: Vec<(u32, (Side, &Block))> = Vec::new();
            let mut corners: Vec<(Near<'a>, u32)> = Vec::new();
            for one in near {
                match part.position(one.block) {
                    Position::Apart => {}
                    Position::Within => {
                        self.used.insert(one.place);
                        return Trimmed::Nothing;
                    }
                    Position::Slice(side) => slices.push((one.place, (side, one.block))),
                    Position::Corner(sides) => corners.push((one, sides)),
                }
            }
            if slices.is_empty() {
                return Trimmed::Part(part, corners);
            }
            let (places, slices): (Vec<u32>, Vec<(Side, &Block)>) = slices.into_iter().unzip();
            self.used.extend(places);
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
