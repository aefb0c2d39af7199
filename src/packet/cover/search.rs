//! The search for an uncovered part of a box: depth first, on a stack of its own.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Answer, Near};
use crate::packet::field::{Field, Position};
use crate::packet::{Cube, Packet};

/// A search for an uncovered part.
pub(super) struct Search<'a> {
    /// Parts still to be looked at, each with the boxes that may hold some of it.
    open: Vec<(Cube, Rc<[Near<'a>]>)>,
    /// The places of the boxes that something was taken off or split by.
    used: BTreeSet<usize>,
    /// Comparisons left.
    limit: usize,
}

/// What remains of a part once the boxes that need no split are taken off.
enum Trimmed<'a> {
    /// Nothing.
    Nothing,
    /// A part, and the boxes that meet it in several fields.
    Part(Cube, Vec<Near<'a>>),
    /// The limit was met.
    Undecided,
}

impl<'a> Search<'a> {
    pub(super) fn new(target: &Cube, near: &[Near<'a>], limit: usize) -> Self {
        let near: Rc<[Near<'a>]> = near.into();
        let open = target.possible().into_iter().map(|part| (part, Rc::clone(&near))).collect();
        Self { open, used: BTreeSet::new(), limit }
    }

    pub(super) fn run(mut self) -> Answer {
        while let Some((part, near)) = self.open.pop() {
            let (part, corners) = match self.trim(part, &near) {
                Trimmed::Nothing => continue,
                Trimmed::Part(part, corners) => (part, corners),
                Trimmed::Undecided => return Answer::Undecided,
            };
            let Some(best) = best_split(&part, &corners) else {
                return Packet::of(&part).map_or(Answer::Undecided, Answer::Open);
            };
            self.used.insert(best.place);
            let near: Rc<[Near<'a>]> = corners.into();
            let pieces = part.subtract(best.cube).into_iter();
            self.open.extend(pieces.map(|piece| (piece, Rc::clone(&near))));
        }
        Answer::Covered(self.used)
    }

    /// Takes off every box that leaves one piece, until only those are left that would leave several.
    fn trim(&mut self, mut part: Cube, near: &[Near<'a>]) -> Trimmed<'a> {
        let mut near = near.to_vec();
        loop {
            let Some(limit) = self.limit.checked_sub(near.len()) else { return Trimmed::Undecided };
            self.limit = limit;
            for near in &mut near {
                near.position = part.position(near.cube);
            }
            if let Some(whole) = near.iter().find(|near| near.position == Position::Within) {
                self.used.insert(whole.place);
                return Trimmed::Nothing;
            }
            let slices: Vec<(Field, &Cube)> = near.iter().filter_map(|near| self.slice(near)).collect();
            near.retain(|near| matches!(near.position, Position::Corner(_)));
            if slices.is_empty() {
                return Trimmed::Part(part, near);
            }
            part.take_off(&slices);
            if part.is_empty() {
                return Trimmed::Nothing;
            }
        }
    }

    /// The field in which a part sticks out of a box, if it is only one; the box is then used.
    fn slice(&mut self, near: &Near<'a>) -> Option<(Field, &'a Cube)> {
        let Position::Slice(field) = near.position else { return None };
        self.used.insert(near.place);
        Some((field, near.cube))
    }
}

/// The box to split by: the one out of which the part sticks in the fewest fields, since it leaves the fewest
/// pieces, and of those the one that takes most.
fn best_split<'a>(part: &Cube, corners: &[Near<'a>]) -> Option<Near<'a>> {
    let fields = |near: &Near<'_>| match near.position {
        Position::Corner(fields) => fields,
        Position::Apart | Position::Within | Position::Slice(_) => 0,
    };
    let fewest = corners.iter().map(fields).min()?;
    let candidates = corners.iter().filter(|near| fields(near) == fewest);
    candidates.max_by_key(|near| part.shared_bits(near.cube)).copied()
}
