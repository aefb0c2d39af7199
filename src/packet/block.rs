//! Boxes in ranks: what the engine computes with.
//!
//! Every field is cut where the boxes of a list begin and end, and the pieces are counted (see
//! [`Space`](super::space::Space)). A box is then one interval of small numbers for each field, a cache line in all,
//! and two boxes are compared in a few instructions. The few fields that are more than one interval have their
//! intervals beside that.

use std::sync::Arc;

use super::bounds::{Bounds, FIELDS, HIGHEST, LANES, PLACE, below};
use super::interval::{self, Relation};
use super::{IntervalSet, Unknowns};

/// A box in ranks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    // INVARIANT: exact for every field without a set of its own.
    bounds: Bounds,
    // INVARIANT: none where it would say nothing.
    detail: Option<Arc<Detail>>,
}

/// What one interval for each field cannot say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Detail {
    /// The fields of more than one interval.
    sets: [Option<IntervalSet<u32>>; FIELDS],
    /// Those fields, a bit for each.
    many: u32,
    unknowns: Unknowns,
}

/// One combination of ranks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) ranks: [u32; LANES],
    pub(super) unknowns: Unknowns,
}

/// One way in which a box sticks out of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// It has values of a field that the other has not.
    Field(usize),
    /// A condition that must hold, or must not, in the other only.
    Unknown(u32, bool),
}

/// How a box stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// They have nothing in common.
    Apart,
    /// It is inside the other.
    Within,
    /// It sticks out of the other on this side only.
    Slice(Side),
    /// It sticks out of the other on so many sides, at least two.
    Corner(u32),
}

/// The intervals of a field.
enum Values<'b> {
    One([(u32, u32); 1]),
    Many(&'b [(u32, u32)]),
}

impl Values<'_> {
    fn as_slice(&self) -> &[(u32, u32)] {
        match self {
            Self::One(one) => one,
            Self::Many(many) => many,
        }
    }
}

impl Block {
    /// The box of these values, field by field; none if a field has no value.
    pub(super) fn new(values: [IntervalSet<u32>; FIELDS], unknowns: Unknowns) -> Option<Self> {
        let mut block = Self::every();
        for (field, set) in values.into_iter().enumerate() {
            if !block.put(field, set.intervals()) {
                return None;
            }
        }
        if !unknowns.is_empty() {
            block.edit(|detail| detail.unknowns = unknowns);
        }
        Some(block)
    }

    /// Every combination of ranks.
    pub(super) fn every() -> Self {
        let mut bounds = Bounds::EVERY;
        bounds.set(PLACE, (0, 0));
        Self { bounds, detail: None }
    }

    /// A box that meets no other.
    pub(super) fn nothing() -> Self {
        let mut nothing = Self::every();
        nothing.bounds.set(PLACE, (1, 1));
        nothing
    }

    pub(super) const fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The intervals of a field, in order.
    pub(super) fn intervals(&self, field: usize) -> Vec<(u32, u32)> {
        self.values(field).as_slice().to_vec()
    }

    pub(super) fn unknowns(&self) -> Unknowns {
        self.conditions().clone()
    }

    fn conditions(&self) -> &Unknowns {
        static NONE: Unknowns = Unknowns::none();
        self.detail.as_ref().map_or(&NONE, |detail| &detail.unknowns)
    }

    /// Whether every field is one interval, and no condition is known.
    const fn is_plain(&self) -> bool {
        self.detail.is_none()
    }

    fn set_of(&self, field: usize) -> Option<&IntervalSet<u32>> {
        self.detail.as_ref()?.sets.get(field)?.as_ref()
    }

    /// The fields of more than one interval, a bit for each.
    fn many(&self) -> u32 {
        self.detail.as_ref().map_or(0, |detail| detail.many)
    }

    fn values(&self, field: usize) -> Values<'_> {
        match self.set_of(field) {
            Some(set) => Values::Many(set.intervals()),
            None => Values::One([self.bounds.interval(field)]),
        }
    }

    /// Gives a field other values; false if there are none, and then nothing is changed.
    pub(super) fn put(&mut self, field: usize, values: &[(u32, u32)]) -> bool {
        let (Some(first), Some(last)) = (values.first(), values.last()) else { return false };
        self.bounds.set(field, (first.0, last.1));
        if values.len() > 1 {
            let set = IntervalSet::from_intervals(values.iter().copied());
            self.edit(|detail| set_field(detail, field, Some(set)));
        } else if self.set_of(field).is_some() {
            self.edit(|detail| set_field(detail, field, None));
        }
        true
    }

    /// Keeps only some values of a field; false if there are none of them, and then nothing is changed.
    pub(super) fn narrow(&mut self, field: usize, values: &[(u32, u32)]) -> bool {
        let both: Vec<(u32, u32)> = interval::shared(self.values(field).as_slice(), values).collect();
        self.put(field, &both)
    }

    fn edit(&mut self, change: impl FnOnce(&mut Detail)) {
        let mut detail = self.detail.take().map_or_else(Detail::default, Arc::unwrap_or_clone);
        change(&mut detail);
        self.detail = (detail != Detail::default()).then(|| Arc::new(detail));
    }

    /// How it stands to another box.
    pub(super) fn position(&self, other: &Self) -> Position {
        if !self.bounds.meets(&other.bounds) {
            return Position::Apart;
        }
        let beyond = self.bounds.beyond(&other.bounds);
        if self.is_plain() && other.is_plain() {
            return position(beyond, None, 0);
        }
        self.exact_position(other, beyond)
    }

    /// [`Block::position`] where bounds are not all there is to say.
    fn exact_position(&self, other: &Self, mut beyond: u32) -> Position {
        let many = self.many() | other.many();
        for field in (0..FIELDS).filter(|field| many & 1 << field != 0) {
            match interval::relation(self.values(field).as_slice(), other.values(field).as_slice()) {
                Relation::Apart => return Position::Apart,
                Relation::Within => beyond &= !(1 << field),
                Relation::Across => beyond |= 1 << field,
            }
        }
        let (own, others) = (self.conditions(), other.conditions());
        if own.contradicts(others) {
            return Position::Apart;
        }
        let mut missing = own.missing(others);
        let first = missing.next().map(|(number, holds)| Side::Unknown(number, holds));
        position(beyond, first, missing.count() + usize::from(first.is_some()))
    }

    #[inline]
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let is_plain = self.is_plain() && other.is_plain();
        self.bounds.meets(&other.bounds) && (is_plain || self.exact_position(other, 0) != Position::Apart)
    }

    /// Whether a combination is in it.
    pub(super) fn contains(&self, point: &Point) -> bool {
        let within =
            below(&point.ranks, &self.bounds.low) | below(&self.bounds.high, &point.ranks) <= HIGHEST;
        within && (self.is_plain() || self.detail_allows(point))
    }

    fn detail_allows(&self, point: &Point) -> bool {
        let mut sides = point.ranks.iter().enumerate();
        sides.all(|(lane, &rank)| self.set_of(lane).is_none_or(|set| set.contains(rank)))
            && self.conditions().hold_in(&point.unknowns)
    }

    /// The sides on which a combination is outside of it.
    pub(super) fn sides_without(&self, point: &Point) -> Vec<Side> {
        let fields = point.ranks.iter().take(FIELDS).enumerate();
        let outside = fields.filter(|&(field, &rank)| {
            !self.values(field).as_slice().iter().any(|&(low, high)| low <= rank && rank <= high)
        });
        let mut sides: Vec<Side> = outside.map(|(field, _)| Side::Field(field)).collect();
        for &(number, holds) in self.conditions().literals() {
            if point.unknowns.get(number).unwrap_or(false) != holds {
                sides.push(Side::Unknown(number, holds));
            }
        }
        sides
    }

    /// Combinations at its corners, good to try first: the smallest ranks, the largest, and both mixtures.
    pub(super) fn corners(&self) -> [Point; 4] {
        [[true, true], [false, false], [true, false], [false, true]]
            .map(|is_low| Point { ranks: self.corner(is_low), unknowns: self.unknowns() })
    }

    /// The smallest or the largest rank of each field, in turn.
    fn corner(&self, is_low: [bool; 2]) -> [u32; LANES] {
        let mut ranks = self.bounds.high;
        let lanes = ranks.iter_mut().zip(self.bounds.low).zip(is_low.into_iter().cycle());
        for ((rank, low), _) in lanes.filter(|(_, is_low)| *is_low) {
            *rank = low;
        }
        ranks
    }

    /// The box of one combination.
    pub(super) fn single(point: &Point) -> Self {
        let bounds = Bounds { low: point.ranks, high: point.ranks };
        let mut block = Self { bounds, detail: None };
        if !point.unknowns.is_empty() {
            block.edit(|detail| detail.unknowns = point.unknowns.clone());
        }
        block
    }

    /// What is in both; none if there is nothing.
    pub(super) fn intersect(&self, other: &Self) -> Option<Self> {
        let mut both = match self.position(other) {
            Position::Apart => return None,
            Position::Within if other.is_plain() => return Some(self.clone()),
            _ => self.clone(),
        };
        for field in 0..FIELDS {
            both.keep(field, other);
        }
        let unknowns = self.conditions().intersect(other.conditions())?;
        if unknowns != *both.conditions() {
            both.edit(|detail| detail.unknowns = unknowns);
        }
        Some(both)
    }

    /// Keeps the values of a field that another box has too, of which there are some.
    fn keep(&mut self, field: usize, other: &Self) {
        let (own, others) = (self.bounds.interval(field), other.bounds.interval(field));
        if self.set_of(field).is_none() && other.set_of(field).is_none() {
            self.bounds.set(field, (own.0.max(others.0), own.1.min(others.1)));
            return;
        }
        let (own, others) = (self.values(field), other.values(field));
        let both: Vec<(u32, u32)> = interval::shared(own.as_slice(), others.as_slice()).collect();
        self.put(field, &both);
    }

    /// Takes off what others have on one side each, out of which it sticks there; false if nothing is left.
    pub(super) fn take_off(&mut self, slices: &[(Side, &Self)]) -> bool {
        for field in 0..FIELDS {
            let of_field = |(side, _): &&(Side, &Self)| *side == Side::Field(field);
            let taken: Vec<&Self> = slices.iter().filter(of_field).map(|&(_, block)| block).collect();
            if !taken.is_empty() && !self.take_out(field, &taken) {
                return false;
            }
        }
        let unknowns = slices.iter().filter_map(|(side, _)| match side {
            Side::Unknown(number, holds) => Some((*number, !holds)),
            Side::Field(_) => None,
        });
        let Some(unknowns) = Unknowns::of(unknowns) else { return false };
        self.demand(&unknowns)
    }

    fn take_out(&mut self, field: usize, taken: &[&Self]) -> bool {
        let left = match taken {
            [one] => interval::subtract(self.values(field).as_slice(), one.values(field).as_slice()),
            many => {
                let all = many.iter().flat_map(|block| block.intervals(field));
                let all = IntervalSet::from_intervals(all);
                interval::subtract(self.values(field).as_slice(), all.intervals())
            }
        };
        self.put(field, &left)
    }

    /// Adds conditions; false if they contradict its own.
    pub(super) fn demand(&mut self, unknowns: &Unknowns) -> bool {
        if unknowns.is_empty() {
            return true;
        }
        let Some(all) = self.conditions().intersect(unknowns) else { return false };
        self.edit(|detail| detail.unknowns = all);
        true
    }

    /// What is not in another box, as disjoint boxes.
    pub(super) fn subtract(&self, other: &Self) -> Vec<Self> {
        let mut left = self.clone();
        let mut rest = Vec::new();
        if !self.overlaps(other) {
            return vec![left];
        }
        for field in 0..FIELDS {
            let mut outside = left.clone();
            if outside.take_out(field, &[other]) {
                rest.push(outside);
                left.keep(field, other);
            }
        }
        for (number, holds) in self.conditions().missing(other.conditions()) {
            let mut outside = left.clone();
            if Unknowns::of([(number, !holds)]).is_some_and(|unknowns| outside.demand(&unknowns)) {
                rest.push(outside);
            }
            Unknowns::of([(number, holds)]).map(|unknowns| left.demand(&unknowns));
        }
        rest
    }

    /// The ranks of a field that are in both.
    pub(super) fn shared(&self, field: usize, other: &Self) -> Vec<(u32, u32)> {
        interval::shared(self.values(field).as_slice(), other.values(field).as_slice()).collect()
    }

    /// How much is in both, on a logarithmic scale: the bits it takes to count the ranks that they share.
    pub(super) fn shared_bits(&self, other: &Self) -> u32 {
        let count = |field| {
            let (own, others) = (self.values(field), other.values(field));
            let shared = interval::shared(own.as_slice(), others.as_slice());
            shared.map(|(low, high)| high - low).fold(1_u32, u32::saturating_add)
        };
        (0..FIELDS).map(|field| u32::BITS - count(field).leading_zeros()).sum()
    }
}

fn set_field(detail: &mut Detail, field: usize, set: Option<IntervalSet<u32>>) {
    detail.many &= !(1 << field);
    detail.many |= u32::from(set.is_some()) << field;
    if let Some(place) = detail.sets.get_mut(field) {
        *place = set;
    }
}

/// The position of a box that sticks out of another in the lanes whose bits are set, and by so many conditions.
fn position(beyond: u32, unknown: Option<Side>, unknowns: usize) -> Position {
    let sides = beyond.count_ones() + u32::try_from(unknowns).unwrap_or(u32::MAX - u32::BITS);
    match (sides, unknown) {
        (0, _) => Position::Within,
        (1, Some(side)) => Position::Slice(side),
        (1, None) => Position::Slice(Side::Field(beyond.trailing_zeros() as usize)),
        _ => Position::Corner(sides),
    }
}
