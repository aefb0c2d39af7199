//! Whether one box is covered by others: exact, without recursion, and honest when it gives up.

mod search;

use std::collections::BTreeSet;

use super::field::{Field, Position};
use super::{Cube, Packet};
use search::Search;

/// Whether every packet of a box is in some other box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// Every packet is.
    Covered,
    /// No packet of this box is. It is a large part of the box asked about, not all that is left uncovered, and
    /// [`Packet::of`] always finds a packet in it.
    Uncovered(Cube),
    /// The search met its limit and knows nothing: neither answer may be assumed.
    Undecided,
}

/// Which boxes it takes to cover a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Covering {
    /// These, by their place in the order given: enough and mostly few, but not always as few as possible.
    By(BTreeSet<usize>),
    /// All of them are not enough.
    Open,
    /// The search met its limit and knows nothing: neither answer may be assumed.
    Undecided,
}

/// How many comparisons of two boxes one question may cost; some tenths of a second. The problem is co-NP hard
/// in the number of fields, so every limit can be met, but real rule lists stay thousands of times below.
const LIMIT: usize = 2_000_000;

/// Whether the packets of `target` are all in the boxes `by`.
#[must_use]
pub fn cover<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>) -> Cover {
    let near = meeting(target, by);
    match ask(target, &near, LIMIT) {
        Answer::Covered(_) => Cover::Covered,
        Answer::Open(packet) => Cover::Uncovered(around(&packet, target, &near)),
        Answer::Undecided => Cover::Undecided,
    }
}

/// [`cover`] for those who want to know which boxes it takes rather than what is left.
#[must_use]
pub fn covering<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>) -> Covering {
    match ask(target, &meeting(target, by), LIMIT) {
        Answer::Covered(used) => Covering::By(used),
        Answer::Open(_) => Covering::Open,
        Answer::Undecided => Covering::Undecided,
    }
}

/// A box that may hold some packets of a target, and its place in the order given.
#[derive(Clone, Copy)]
struct Near<'a> {
    place: usize,
    cube: &'a Cube,
    position: Position,
}

/// What there is to say about a target.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// The boxes in these places hold all its packets.
    Covered(BTreeSet<usize>),
    /// No box holds this one.
    Open(Packet),
    /// The limit was met.
    Undecided,
}

/// The boxes that hold some packets of a target; only the first that holds all of them, if one does.
fn meeting<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>) -> Vec<Near<'a>> {
    let mut near = Vec::new();
    for (place, cube) in by.into_iter().enumerate() {
        match target.position(cube) {
            Position::Apart => {}
            Position::Within => return vec![Near { place, cube, position: Position::Within }],
            position @ (Position::Slice(_) | Position::Corner(_)) => {
                near.push(Near { place, cube, position });
            }
        }
    }
    near
}

/// Looks for a packet of the target that no box holds: first the one that people recognise best, then all.
fn ask(target: &Cube, near: &[Near<'_>], limit: usize) -> Answer {
    if let [Near { place, position: Position::Within, .. }] = near {
        return Answer::Covered(BTreeSet::from([*place]));
    }
    match Packet::of(target) {
        None => Answer::Covered(BTreeSet::new()),
        Some(packet) if !near.iter().any(|near| near.cube.contains(&packet)) => Answer::Open(packet),
        Some(_) => Search::new(target, near, limit).run(),
    }
}

/// A large box around a packet that none of the boxes holds. Each of them is kept out by one field: of those in
/// which the packet is outside it, the one of which it takes the smallest share.
fn around(packet: &Packet, target: &Cube, near: &[Near<'_>]) -> Cube {
    let mut parts = target.possible().into_iter();
    let mut part = parts.find(|part| part.contains(packet)).unwrap_or_else(|| Cube::single(packet));
    let spared = |field: Field, cube: &Cube| {
        part.shared_bits_of(field, &part).saturating_sub(part.shared_bits_of(field, cube))
    };
    let keep_out = |cube: &Cube| {
        let outside = Field::ALL.into_iter().filter(|&field| !cube.has(field, packet));
        outside.max_by_key(|&field| spared(field, cube))
    };
    let cubes = near.iter().map(|near| near.cube).filter(|cube| cube.overlaps(&part));
    let slices: Vec<(Field, &Cube)> = cubes.filter_map(|cube| Some((keep_out(cube)?, cube))).collect();
    part.take_off(&slices);
    part
}

#[cfg(test)]
mod tests;
