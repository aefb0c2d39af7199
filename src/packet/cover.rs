//! Whether boxes cover another one, in values: with a readable witness where they do not.

use std::collections::BTreeSet;

use super::block::Block;
use super::plane::Plane;
use super::search::{Answer, BUDGET, Near, search};
use super::{Cube, Familiar, Packet};

/// Whether every packet of a box is in some other box.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "an answer is looked at once and not kept")]
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

/// Whether the packets of `target` are all in the boxes `by`.
#[must_use]
pub fn cover<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>) -> Cover {
    let by: Vec<&Cube> = by.into_iter().filter(|cube| cube.overlaps(target)).collect();
    let plane = Plane::new(by.iter().copied(), target.family);
    let Some(block) = plane.block(target) else { return Cover::Covered };
    in_plane(&plane, (target, &block), &all(&plane), &Familiar::default())
}

/// [`cover`] for those who want to know which boxes it takes rather than what is left.
#[must_use]
pub fn covering<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>) -> Covering {
    covering_within(target, by, BUDGET)
}

fn covering_within<'a>(target: &Cube, by: impl IntoIterator<Item = &'a Cube>, budget: usize) -> Covering {
    let by: Vec<(usize, &Cube)> =
        by.into_iter().enumerate().filter(|(_, cube)| cube.overlaps(target)).collect();
    let plane = Plane::new(by.iter().map(|(_, cube)| *cube), target.family);
    let Some(block) = plane.block(target) else { return Covering::By(BTreeSet::new()) };
    match search(plane.possible(&block), &all(&plane), budget) {
        Answer::Covered(used) => {
            let given = |place: &u32| by.get(*place as usize).map(|(given, _)| *given);
            Covering::By(used.iter().filter_map(given).collect())
        }
        Answer::Open(_) => Covering::Open,
        Answer::Undecided => Covering::Undecided,
    }
}

fn all(plane: &Plane) -> Vec<Near<'_>> {
    (0..plane.len()).filter_map(|place| Some(Near { place, block: plane.at(place)? })).collect()
}

/// Whether boxes of a plane hold all packets of a box, which is given in values and in ranks. The packet that people
/// recognise best is tried first.
pub(super) fn in_plane(
    plane: &Plane,
    (target, block): (&Cube, &Block),
    near: &[Near<'_>],
    familiar: &Familiar,
) -> Cover {
    if near.is_empty() {
        return target.possible_parts().next().map_or(Cover::Covered, Cover::Uncovered);
    }
    let Some(packet) = Packet::among(target, familiar) else { return Cover::Covered };
    let point = plane.point(&packet);
    if !near.iter().any(|near| near.block.contains(&point)) {
        let part = plane.part_around(&packet, (target, block), near);
        return Cover::Uncovered(part.unwrap_or_else(|| Cube::single(&packet)));
    }
    match search(plane.possible(block), near, BUDGET) {
        Answer::Covered(_) => Cover::Covered,
        Answer::Open(open) => {
            let part = plane.part(&open, target);
            let packet = Packet::among(&part, familiar);
            let wider = packet.and_then(|packet| plane.part_around(&packet, (target, block), near));
            Cover::Uncovered(wider.unwrap_or(part))
        }
        Answer::Undecided => Cover::Undecided,
    }
}

#[cfg(test)]
mod tests;
