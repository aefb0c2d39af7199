//! The boxes of one hook and family, in order.

use std::ops::Range;

use super::block::{Block, Point, Side};
use super::bounds::FIELDS;
use super::field::Field;
use super::search::Near;
use super::space::Space;
use super::tree::Tree;
use super::{Cube, Packet};

/// Boxes of one hook and family in ranks, ready to be asked. Places count from 0 in the order given.
#[derive(Debug)]
pub(super) struct Plane {
    space: Space,
    blocks: Vec<Block>,
    tree: Tree,
}

impl Plane {
    /// Prepares boxes of one hook and family.
    pub(super) fn new<'a>(cubes: impl Iterator<Item = &'a Cube> + Clone, family: super::Family) -> Self {
        let space = Space::new(family, cubes.clone());
        let blocks: Vec<Block> = cubes.map(|cube| space.block(cube).unwrap_or_else(Block::nothing)).collect();
        let tree = Tree::new(&blocks);
        Self { space, blocks, tree }
    }

    /// A box in ranks; none if it is empty.
    pub(super) fn block(&self, cube: &Cube) -> Option<Block> {
        self.space.block(cube)
    }

    /// The box in a place.
    pub(super) fn at(&self, place: u32) -> Option<&Block> {
        self.blocks.get(place as usize)
    }

    /// How many boxes there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.blocks.len()).unwrap_or(u32::MAX)
    }

    /// The boxes within a range of places that have something in common with a box, in order.
    pub(super) fn near(&self, block: &Block, within: Range<u32>) -> Vec<Near<'_>> {
        let mut places = self.tree.near(block, within);
        places.retain(|&place| self.at(place).is_some_and(|other| other.overlaps(block)));
        places.sort_unstable();
        let near = |place| Some(Near { place, block: self.at(place)? });
        let mut all = Vec::with_capacity(places.len());
        all.extend(places.into_iter().filter_map(near));
        all
    }

    /// The packets of a box that exist, as disjoint boxes.
    pub(super) fn possible(&self, block: &Block) -> Vec<Block> {
        self.space.possible(block)
    }

    /// A packet in ranks.
    pub(super) fn point(&self, packet: &Packet) -> Point {
        self.space.point(packet)
    }

    /// The part of a box that ranks of it stand for.
    pub(super) fn part(&self, block: &Block, of: &Cube) -> Cube {
        self.space.part(block, of)
    }

    /// How many packets are in both boxes, on a logarithmic scale.
    pub(super) fn share(&self, one: &Block, other: &Block) -> u32 {
        (0..FIELDS).map(|field| self.space.bits(field, &one.shared(field, other))).sum()
    }

    /// A large part of a box around a packet of it that none of the boxes holds.
    pub(super) fn part_around(
        &self,
        packet: &Packet,
        (of, block): (&Cube, &Block),
        near: &[Near<'_>],
    ) -> Option<Cube> {
        let point = self.point(packet);
        let part = self.possible(block).into_iter().find(|part| part.contains(&point))?;
        Some(self.part(&self.around(&point, part, near), of))
    }

    /// What is left of a part around a combination that none of the boxes holds. Each of them is kept out on one side: of
    /// those on which the combination is outside, the one where it takes the smallest share of the part.
    fn around(&self, point: &Point, mut part: Block, near: &[Near<'_>]) -> Block {
        /// So many boxes leave little of a part, in thousands of pieces: one end of the packet's is kept of it then.
        const MANY: usize = 256;
        if near.len() > MANY {
            for field in [Field::Source, Field::Destination] {
                let rank = point.ranks.get(field.lane()).copied().unwrap_or_default();
                part.narrow(field.lane(), &[(rank, rank)]);
            }
        }
        let mut slices: Vec<(Side, &Block)> = Vec::new();
        for near in near.iter().filter(|near| near.block.overlaps(&part)) {
            let sides = near.block.sides_without(point);
            let least = match sides.as_slice() {
                [only] => Some(*only),
                sides => sides.iter().copied().max_by_key(|&side| self.spared(side, &part, near.block)),
            };
            slices.extend(least.map(|side| (side, near.block)));
        }
        part.take_off(&slices);
        part
    }

    /// How much of a part stays when a box is taken off it on one side, on a logarithmic scale.
    fn spared(&self, side: Side, part: &Block, taken: &Block) -> u32 {
        match side {
            Side::Field(field) => {
                let bits = |ranks: &[(u32, u32)]| self.space.bits(field, ranks);
                bits(&part.intervals(field)).saturating_sub(bits(&part.shared(field, taken)))
            }
            Side::Unknown(..) => 0,
        }
    }
}
