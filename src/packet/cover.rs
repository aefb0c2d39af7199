//! Whether one box is covered by others: exact, without recursion, and honest when it gives up.

use std::rc::Rc;

use super::field::{Field, Lie};
use super::{Cube, Packet};

/// Whether every packet of a box is in some other box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Every packet is.
    Covered,
    /// No packet of this box is. It is a part of the box asked about, not all that is left uncovered, and
    /// [`Packet::of`] always finds a packet in it.
    Uncovered(Cube),
    /// The search met its limit and knows nothing: neither answer may be assumed.
    Undecided,
}

/// How many comparisons of two boxes one question may cost; some tenths of a second. The problem is co-NP hard
/// in the number of fields, so every limit can be met, but real rule lists stay thousands of times below.
const LIMIT: usize = 4_000_000;

/// Whether the packets of `target` are all in the boxes `by`, with a large part that is not.
#[must_use]
pub fn cover<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>) -> Cover {
    let Some(near) = near(target, by) else { return Cover::Covered };
    match open_packet(target, &near, LIMIT) {
        Open::None => Cover::Covered,
        Open::Packet(packet) => Cover::Uncovered(around(&packet, target, &near)),
        Open::Undecided => Cover::Undecided,
    }
}

/// [`cover`] for those who need no part: true, false, or none where undecided. Much quicker where many boxes meet
/// the target.
#[must_use]
pub fn is_covered<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>) -> Option<bool> {
    let Some(near) = near(target, by) else { return Some(true) };
    match open_packet(target, &near, LIMIT) {
        Open::None => Some(true),
        Open::Packet(_) => Some(false),
        Open::Undecided => None,
    }
}

/// A packet that is in no box, if there is one.
#[derive(Debug, PartialEq, Eq)]
enum Open {
    /// All are in some box.
    None,
    /// This one is not.
    Packet(Packet),
    /// The limit was met.
    Undecided,
}

/// The boxes that hold some packets of a target; none if one of them holds all.
fn near<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>) -> Option<Vec<&'a Cube>> {
    let mut near = Vec::new();
    for cube in by {
        match target.lie(cube) {
            Lie::Apart => {}
            Lie::Within => return None,
            Lie::Slice(_) | Lie::Corner(_) => near.push(cube),
        }
    }
    Some(near)
}

/// Looks for a packet of the target that no box holds: first the one that people recognise best, then all.
fn open_packet(target: &Cube, near: &[&Cube], limit: usize) -> Open {
    match Packet::of(target) {
        None => Open::None,
        Some(packet) if !near.iter().any(|cube| cube.contains(&packet)) => Open::Packet(packet),
        Some(_) => Search::new(target, near, limit).run(),
    }
}

/// A large box around a packet that none of the boxes holds. Each of them is kept out by one field: of those in
/// which the packet is outside it, the one of which it takes the smallest share.
fn around(packet: &Packet, target: &Cube, near: &[&Cube]) -> Cube {
    let mut parts = target.possible().into_iter();
    let mut part = parts.find(|part| part.contains(packet)).unwrap_or_else(|| Cube::single(packet));
    let spared = |field: &Field, cube: &Cube| {
        part.shared_bits_of(*field, &part).saturating_sub(part.shared_bits_of(*field, cube))
    };
    let keep_out = |cube: &&Cube| {
        let outside = Field::ALL.into_iter().filter(|&field| !cube.has(field, packet));
        outside.max_by_key(|field| spared(field, cube))
    };
    let meeting = near.iter().filter(|cube| cube.overlaps(&part));
    let slices: Vec<(Field, &Cube)> = meeting.filter_map(|cube| Some((keep_out(cube)?, *cube))).collect();
    part.take_off(&slices);
    part
}

/// A depth-first search for an uncovered part.
struct Search<'a> {
    /// Parts still to be looked at, each with the boxes that may hold some of it.
    open: Vec<(Cube, Rc<[&'a Cube]>)>,
    /// Comparisons left.
    limit: usize,
}

/// What remains of a part once the boxes that need no split are taken off.
enum Trimmed<'a> {
    /// Nothing.
    Nothing,
    /// A part, and the boxes that meet it in several fields.
    Part(Cube, Vec<&'a Cube>),
    /// The limit was met.
    Undecided,
}

impl<'a> Search<'a> {
    fn new(target: &Cube, near: &[&'a Cube], limit: usize) -> Self {
        let near: Rc<[&'a Cube]> = near.into();
        Self { open: target.possible().into_iter().map(|part| (part, Rc::clone(&near))).collect(), limit }
    }

    fn run(mut self) -> Open {
        while let Some((part, near)) = self.open.pop() {
            let (part, corners) = match self.trim(part, &near) {
                Trimmed::Nothing => continue,
                Trimmed::Part(part, corners) => (part, corners),
                Trimmed::Undecided => return Open::Undecided,
            };
            let Some(best) = best_split(&part, &corners) else {
                return Packet::of(&part).map_or(Open::Undecided, Open::Packet);
            };
            let near: Rc<[&'a Cube]> = corners.into();
            let pieces = part.subtract(best).into_iter();
            self.open.extend(pieces.map(|piece| (piece, Rc::clone(&near))));
        }
        Open::None
    }

    /// Takes off every box that leaves one piece, until only those are left that would leave several.
    fn trim(&mut self, mut part: Cube, near: &[&'a Cube]) -> Trimmed<'a> {
        let mut near = near.to_vec();
        loop {
            let Some(limit) = self.limit.checked_sub(near.len()) else { return Trimmed::Undecided };
            self.limit = limit;
            let Some(meeting) = Meeting::of(&part, near) else { return Trimmed::Nothing };
            if meeting.slices.is_empty() {
                return Trimmed::Part(part, meeting.corners);
            }
            part.take_off(&meeting.slices);
            if part.is_empty() {
                return Trimmed::Nothing;
            }
            near = meeting.corners;
        }
    }
}

/// The boxes that meet a part, by what they leave of it.
#[derive(Default)]
struct Meeting<'a> {
    /// Those that leave one piece, with the field in which it sticks out.
    slices: Vec<(Field, &'a Cube)>,
    /// Those that leave several.
    corners: Vec<&'a Cube>,
}

impl<'a> Meeting<'a> {
    /// Looks at each box; none if one of them leaves nothing.
    fn of(part: &Cube, near: Vec<&'a Cube>) -> Option<Self> {
        let mut meeting = Self::default();
        for cube in near {
            match part.lie(cube) {
                Lie::Apart => {}
                Lie::Within => return None,
                Lie::Slice(field) => meeting.slices.push((field, cube)),
                Lie::Corner(_) => meeting.corners.push(cube),
            }
        }
        Some(meeting)
    }
}

/// The box to split by: the one that sticks out in the fewest fields, since it leaves the fewest pieces, and
/// of those the one that takes most.
fn best_split<'a>(part: &Cube, corners: &[&'a Cube]) -> Option<&'a Cube> {
    let rank = |cube: &&&Cube| {
        let fields = match part.lie(cube) {
            Lie::Corner(fields) => fields,
            Lie::Apart | Lie::Within | Lie::Slice(_) => 0,
        };
        let taken = part.shared_bits(cube);
        (std::cmp::Reverse(fields), taken)
    };
    corners.iter().max_by_key(rank).copied()
}

#[cfg(test)]
mod tests;
