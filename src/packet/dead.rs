//! Values of a field that a line speaks about in vain: earlier lines decide all its packets that have them.

use super::block::{Block, Point, Side};
use super::bounds::FIELDS;
use super::field::Field;
use super::interval;
use super::list::Standing;
use super::search::{Answer, BUDGET, Near, search};
use super::{Cube, IntervalSet, List};

/// How many parts of a line are looked at before it counts as alive everywhere: a line that falls apart into more is not
/// one that people see through, and the answer would not be read.
const MOST_PARTS: usize = 64;

impl List {
    /// For each of some fields the packets of a line whose value of the field never gets as far as it: for each of the
    /// values, lines of other owners have decided all of the line's packets that have it. None if there is no such value,
    /// or too many parts to tell.
    #[must_use]
    pub fn dead<const N: usize>(&self, number: usize, fields: [Field; N]) -> [Option<Cube>; N] {
        let dead = self.standing_at(number).and_then(|standing| self.dead_in(&standing, fields));
        dead.unwrap_or_else(|| fields.map(|_| None))
    }

    fn dead_in<const N: usize>(
        &self,
        standing: &Standing<'_>,
        fields: [Field; N],
    ) -> Option<[Option<Cube>; N]> {
        let Standing { layer, place, line } = standing;
        let block = self.plane(layer).at(*place)?;
        let near = self.of_others(layer, self.plane(layer).near(block, 0..*place), line.owner);
        if near.is_empty() {
            return None;
        }
        let parts = self.plane(layer).possible(block);
        Some(fields.map(|field| {
            let values = dead_values(&parts, &near, field.lane())?;
            let mut dead = block.clone();
            dead.narrow(field.lane(), &values).then(|| self.plane(layer).part(&dead, &line.cube))
        }))
    }
}

/// The ranks of a field of which no combination is left.
fn dead_values(parts: &[Block], near: &[Near<'_>], field: usize) -> Option<Vec<(u32, u32)>> {
    let touched = near.iter().flat_map(|near| near.block.intervals(field));
    let mut left = IntervalSet::from_intervals(touched);
    for _ in 0..MOST_PARTS {
        let asked =
            parts.iter().cloned().filter_map(|mut part| part.narrow(field, left.intervals()).then_some(part));
        match search(asked.collect(), near, BUDGET) {
            Answer::Covered(_) => return Some(left.intervals().to_vec()).filter(|values| !values.is_empty()),
            Answer::Open(open) => {
                let [point, ..] = open.corners();
                // Beside the point only what is in the same part exists.
                let part = parts.iter().find(|part| part.contains(&point))?;
                let alive = interval::subtract(&part.intervals(field), &beside(&point, near, field));
                left = left.subtract(&IntervalSet::from_intervals(alive));
            }
            Answer::Undecided => return None,
        }
    }
    None
}

/// The ranks of a field at which some box holds a combination that has the others from a point.
fn beside(point: &Point, near: &[Near<'_>], field: usize) -> Vec<(u32, u32)> {
    let elsewhere =
        |near: &&Near<'_>| near.block.sides_without(point).into_iter().all(|side| side == Side::Field(field));
    let taken = near.iter().filter(elsewhere).flat_map(|near| near.block.intervals(field));
    IntervalSet::from_intervals(taken).intervals().to_vec()
}

impl Field {
    /// Its place in a box of ranks.
    pub(super) fn lane(self) -> usize {
        Self::ALL.into_iter().position(|field| field == self).unwrap_or(FIELDS)
    }
}
