//! Which of many boxes may meet another one: a packed tree of their bounds.
//!
//! Boxes that lie close together share a node with bounds of its own, 16 to a node, so that a question about a few
//! hosts looks at a few nodes. The place of a box in its list is one more bound: a question about the rules before
//! another leaves out the nodes of later ones.

use std::ops::Range;

use super::block::Block;
use super::bounds::{Bounds, PLACE};

/// The bounds of boxes, ready to be asked.
#[derive(Debug)]
pub(super) struct Tree {
    /// The place in the list of the box behind each leaf.
    places: Vec<u32>,
    /// Bounds of the leaves, then of nodes of [`FAN`] leaves each, and so on up to few.
    levels: Vec<Vec<Bounds>>,
}

/// How many leaves or nodes share a node.
const FAN: usize = 16;

impl Tree {
    /// Reads the bounds of boxes; their places count from 0 in the order given.
    pub(super) fn new(blocks: &[Block]) -> Self {
        let mut leaves: Vec<Bounds> =
            (0..).zip(blocks).map(|(place, block)| placed(block, (place, place))).collect();
        leaves.sort_unstable_by_key(|bounds| (bounds.low, bounds.high));
        let places = leaves.iter().map(|bounds| bounds.low.last().copied().unwrap_or_default()).collect();
        let mut levels = vec![leaves];
        while let Some(nodes) = levels.last().filter(|level| level.len() > FAN).map(|level| nodes(level)) {
            levels.push(nodes);
        }
        Self { places, levels }
    }

    /// The places within a range of all boxes whose bounds meet those of a box, in no order.
    pub(super) fn near(&self, block: &Block, within: Range<u32>) -> Vec<u32> {
        let Some(last) = within.end.checked_sub(1) else { return Vec::new() };
        let asked = placed(block, (within.start, last));
        let (mut nodes, mut met) = (vec![0], Vec::new());
        for level in self.levels.iter().rev() {
            for first in nodes.drain(..).map(|node| node * FAN) {
                let children = level.get(first..).unwrap_or_default().iter().take(FAN);
                let meeting = (first..).zip(children).filter(|(_, bounds)| bounds.meets(&asked));
                met.extend(meeting.map(|(child, _)| child));
            }
            std::mem::swap(&mut nodes, &mut met);
        }
        nodes.iter().filter_map(|&leaf| self.places.get(leaf).copied()).collect()
    }
}

/// The bounds of a box at these places of its list.
fn placed(block: &Block, places: (u32, u32)) -> Bounds {
    let mut bounds = *block.bounds();
    bounds.set(PLACE, places);
    bounds
}

/// The bounds of each [`FAN`] neighbours.
fn nodes(level: &[Bounds]) -> Vec<Bounds> {
    let groups = level.chunks(FAN);
    groups.filter_map(|group| group.iter().copied().reduce(|all, bounds| all.union(&bounds))).collect()
}
