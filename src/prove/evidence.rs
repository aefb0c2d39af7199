//! The packet that shows a difference: where there is one, a packet that shows it whatever conditions hold.

use crate::packet::{Cover, Cube, Difference, Line, List, Packet, Unknowns, cover};

/// A packet, and what it takes for it to show a difference.
pub(super) struct Evidence {
    /// The packet.
    pub(super) packet: Packet,
    /// Conditions that nobody can look into; none if the packet shows the difference either way.
    pub(super) conditions: Unknowns,
}

impl Evidence {
    /// The evidence for a difference between two lists.
    pub(super) fn of(difference: &Difference, left: &List, right: &List) -> Self {
        let Difference { part, packet, .. } = difference;
        let earlier: Vec<&Cube> = earlier(difference, left, right).collect();
        let is_open = earlier.iter().all(|cube| cube.unknowns.is_empty());
        let free = if is_open { Some(packet.clone()) } else { free_of(part, &earlier) };
        match free.filter(|_| part.unknowns.is_empty()) {
            Some(packet) => Self { packet, conditions: Unknowns::none() },
            None => Self { packet: packet.clone(), conditions: conditions(part, packet, &earlier) },
        }
    }
}

/// The boxes of earlier lines that do something else.
fn earlier<'l>(
    difference: &'l Difference,
    left: &'l List,
    right: &'l List,
) -> impl Iterator<Item = &'l Cube> {
    let lines = |list: &'l List, numbers: &'l [usize]| {
        numbers.iter().filter_map(|&number| list.lines().get(number)).map(|line: &Line| &line.cube)
    };
    lines(left, &difference.left_except).chain(lines(right, &difference.right_except))
}

/// A packet of a box that none of the others may hold, whatever their conditions.
fn free_of(part: &Cube, others: &[&Cube]) -> Option<Packet> {
    let reach: Vec<Cube> = others.iter().map(|cube| whatever(cube)).collect();
    match cover(part, &reach) {
        Cover::Uncovered(cube) => Packet::of(&cube),
        Cover::Covered | Cover::Undecided => None,
    }
}

/// A box without its conditions.
fn whatever(cube: &Cube) -> Cube {
    Cube { unknowns: Unknowns::none(), ..cube.clone() }
}

/// The conditions of a box, and those of earlier boxes that would otherwise hold a packet.
fn conditions(part: &Cube, packet: &Packet, earlier: &[&Cube]) -> Unknowns {
    let bare = Packet { unknowns: Unknowns::none(), ..packet.clone() };
    let asking = earlier.iter().filter(|cube| whatever(cube).contains(&bare));
    let asked = asking.flat_map(|cube| cube.unknowns.literals()).map(|&(number, _)| number);
    let settled = |number| (number, packet.unknowns.get(number).unwrap_or(false));
    let all = part.unknowns.literals().iter().copied().chain(asked.map(settled));
    Unknowns::of(all).unwrap_or_else(|| part.unknowns.clone())
}
