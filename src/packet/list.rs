//! First-match lists of boxes, ready to be asked.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::block::Block;
use super::cover::{Cover, in_plane};
use super::plane::Plane;
use super::search::Near;
use super::{Cube, Familiar, Family, Hook, Packet};

/// A box of a first-match list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which packets.
    pub cube: Cube,
    /// What it belongs to: lines of one owner stand and fall together.
    pub owner: usize,
    /// What happens to packets that it decides; equal numbers mean that the same happens. None for a line that only
    /// looks on and lets packets go on to the next ones.
    pub outcome: Option<usize>,
}

/// A list of boxes of which the first that holds a packet decides it.
///
/// Lines are told by their numbers, from 0 in the order given. Every answer is exact, or says that it is none: what a
/// question may cost is bounded.
#[derive(Debug)]
pub struct List {
    lines: Vec<Line>,
    layers: BTreeMap<(Hook, Family), Layer>,
    /// Owners and the numbers of their lines, sorted.
    owners: Vec<(usize, u32)>,
    familiar: Familiar,
}

/// The lines of one hook and family.
#[derive(Debug)]
pub(super) struct Layer {
    /// Their numbers, in order.
    numbers: Vec<u32>,
    /// Their boxes, once somebody has asked.
    plane: OnceLock<Plane>,
}

/// A line where it stands.
pub(super) struct Standing<'l> {
    pub(super) line: &'l Line,
    pub(super) layer: &'l Layer,
    /// Its place in the plane of its layer.
    pub(super) place: u32,
}

impl List {
    /// Prepares lines for questions.
    #[must_use]
    pub fn new(lines: Vec<Line>) -> Self {
        let mut numbers: BTreeMap<(Hook, Family), Vec<u32>> = BTreeMap::new();
        let mut owners: Vec<(usize, u32)> = Vec::with_capacity(lines.len());
        for (number, line) in (0..).zip(&lines) {
            numbers.entry((line.cube.hook, line.cube.family)).or_default().push(number);
            owners.push((line.owner, number));
        }
        owners.sort_unstable();
        let layers = numbers.into_iter().map(|(kind, numbers)| {
            let plane = OnceLock::new();
            (kind, Layer { numbers, plane })
        });
        let layers = layers.collect();
        Self { lines, layers, owners, familiar: Familiar::default() }
    }

    /// The same list, made ready at once and in parallel: otherwise it is with the first questions.
    #[must_use]
    pub fn prepared(self) -> Self {
        let layers: Vec<&Layer> = self.layers.values().collect();
        layers.into_par_iter().for_each(|layer| {
            self.plane(layer);
        });
        self
    }

    /// The boxes of a layer.
    pub(super) fn plane<'l>(&'l self, layer: &'l Layer) -> &'l Plane {
        layer.plane.get_or_init(|| {
            let numbers = layer.numbers.iter();
            let lines = numbers.filter_map(|&number| self.lines.get(number as usize));
            let family = lines.clone().next().map_or(Family::V4, |line| line.cube.family);
            Plane::new(lines.map(|line| &line.cube), family)
        })
    }

    /// The same list, with hosts that witnesses prefer.
    #[must_use]
    pub fn with_familiar(self, familiar: Familiar) -> Self {
        Self { familiar, ..self }
    }

    /// A packet of a box that can exist, always the same one; none if there is none.
    #[must_use]
    pub fn witness(&self, cube: &Cube) -> Option<Packet> {
        Packet::among(cube, &self.familiar)
    }

    /// The lines in order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The numbers of the lines of an owner, in order.
    pub fn lines_of(&self, owner: usize) -> impl Iterator<Item = usize> + '_ {
        let first = self.owners.partition_point(|&(other, _)| other < owner);
        let own = self.owners.iter().skip(first).take_while(move |&&(other, _)| other == owner);
        own.map(|&(_, number)| number as usize)
    }

    /// The line that decides a packet; none if no line holds it.
    #[must_use]
    pub fn decide(&self, packet: &Packet) -> Option<usize> {
        let point = Cube::single(packet);
        let holds = |number: &usize| self.lines.get(*number).is_some_and(|line| line.cube.contains(packet));
        self.meeting(&point, self.lines.len()).into_iter().find(holds)
    }

    /// The lines before a number that decide and have packets in common with a box, in order.
    #[must_use]
    pub fn meeting(&self, cube: &Cube, before: usize) -> Vec<usize> {
        let Some(layer) = self.layer(cube) else { return Vec::new() };
        let Some(block) = self.plane(layer).block(cube) else { return Vec::new() };
        let near = self.deciding_before(layer, &block, before);
        near.into_iter().filter_map(|near| layer.number(near.place)).collect()
    }

    /// Which packets of a box the lines before a number leave undecided.
    #[must_use]
    pub fn uncovered(&self, cube: &Cube, before: usize) -> Cover {
        match self.layer(cube) {
            None => Packet::of(cube).map_or(Cover::Covered, |_| Cover::Uncovered(cube.clone())),
            Some(layer) => {
                let plane = self.plane(layer);
                let Some(block) = plane.block(cube) else { return Cover::Covered };
                let near = self.deciding_before(layer, &block, before);
                in_plane(plane, (cube, &block), &near, &self.familiar)
            }
        }
    }

    fn deciding_before<'l>(&'l self, layer: &'l Layer, block: &Block, before: usize) -> Vec<Near<'l>> {
        let end = layer.numbers.partition_point(|&number| (number as usize) < before);
        let near = self.plane(layer).near(block, 0..u32::try_from(end).unwrap_or(u32::MAX));
        near.into_iter().filter(|near| self.line(layer, near.place).is_some_and(Line::decides)).collect()
    }

    /// The hosts that witnesses prefer.
    pub(super) const fn familiar(&self) -> &Familiar {
        &self.familiar
    }

    pub(super) fn layer(&self, cube: &Cube) -> Option<&Layer> {
        self.layers.get(&(cube.hook, cube.family))
    }

    /// The hooks and families that have lines.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (Hook, Family)> + '_ {
        self.layers.keys().copied()
    }

    /// The numbers of the lines of a hook and family, in order.
    pub(super) fn numbers(&self, kind: (Hook, Family)) -> &[u32] {
        self.layers.get(&kind).map(|layer| layer.numbers.as_slice()).unwrap_or_default()
    }

    /// The line in a place of a layer.
    pub(super) fn line(&self, layer: &Layer, place: u32) -> Option<&Line> {
        self.lines.get(layer.number(place)?)
    }

    /// The lines of an owner where they stand.
    pub(super) fn standing(&self, owner: usize) -> impl Iterator<Item = Standing<'_>> {
        self.lines_of(owner).filter_map(|number| self.standing_at(number))
    }

    /// The line with a number where it stands.
    pub(super) fn standing_at(&self, number: usize) -> Option<Standing<'_>> {
        let line = self.lines.get(number)?;
        let layer = self.layer(&line.cube)?;
        let place = layer.numbers.binary_search(&u32::try_from(number).ok()?).ok()?;
        Some(Standing { line, layer, place: u32::try_from(place).ok()? })
    }

    /// Of boxes near to one another those that decide and belong to other owners.
    pub(super) fn of_others<'l>(&self, layer: &Layer, near: Vec<Near<'l>>, owner: usize) -> Vec<Near<'l>> {
        let other = |near: &Near<'_>| {
            self.line(layer, near.place).is_some_and(|line| line.decides() && line.owner != owner)
        };
        near.into_iter().filter(other).collect()
    }
}

impl Line {
    const fn decides(&self) -> bool {
        self.outcome.is_some()
    }
}

impl Layer {
    /// The number of the line in a place.
    pub(super) fn number(&self, place: u32) -> Option<usize> {
        self.numbers.get(place as usize).map(|&number| number as usize)
    }
}

#[cfg(test)]
mod tests;
