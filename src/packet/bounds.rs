//! Intervals of small numbers in a row, compared all at once.

use super::field::Field;

/// How many fields a box has.
pub(super) const FIELDS: usize = Field::ALL.len();

/// The highest rank: far more pieces than fit in any memory, and half of what the numbers hold.
pub(super) const HIGHEST: u32 = u32::MAX >> 1;

/// Numbers in a row that are compared at once: the fields and one that is free.
pub(super) const LANES: usize = 8;

/// The lane that is free. A box has nothing but 0 there; the tree keeps the place of a box in its list there.
pub(super) const PLACE: usize = FIELDS;

/// The smallest interval around each field, in the order of [`Field::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) low: [u32; LANES],
    pub(super) high: [u32; LANES],
}

impl Bounds {
    /// Everything.
    pub(super) const EVERY: Self = Self { low: [0; LANES], high: [HIGHEST; LANES] };

    /// Whether they meet in every lane.
    #[inline]
    pub(super) fn meets(&self, other: &Self) -> bool {
        below(&other.high, &self.low) | below(&self.high, &other.low) <= HIGHEST
    }

    /// The lanes in which it sticks out of another, as bits.
    pub(super) fn beyond(&self, other: &Self) -> u32 {
        if below(&self.low, &other.low) | below(&other.high, &self.high) <= HIGHEST {
            return 0;
        }
        let own = self.low.iter().zip(&self.high);
        let others = other.low.iter().zip(&other.high);
        let lanes = own.zip(others).map(|((low, high), (first, last))| u32::from(low < first || high > last));
        lanes.zip(0_u32..).fold(0, |bits, (out, lane)| bits | out << lane)
    }

    /// The smallest bounds around both.
    pub(super) fn union(mut self, other: &Self) -> Self {
        self.low.iter_mut().zip(other.low).for_each(|(low, other)| *low = other.min(*low));
        self.high.iter_mut().zip(other.high).for_each(|(high, other)| *high = other.max(*high));
        self
    }

    /// The interval of a lane.
    pub(super) fn interval(&self, lane: usize) -> (u32, u32) {
        let at = |lanes: &[u32; LANES]| lanes.get(lane).copied().unwrap_or_default();
        (at(&self.low), at(&self.high))
    }

    /// Gives a lane another interval.
    pub(super) fn set(&mut self, lane: usize, (low, high): (u32, u32)) {
        if let (Some(first), Some(last)) = (self.low.get_mut(lane), self.high.get_mut(lane)) {
            (*first, *last) = (low, high);
        }
    }
}

/// A number whose top bit says whether a number is below the other in any lane. Looks at all lanes at once, which is
/// quicker than to stop early: a difference of numbers up to [`HIGHEST`] has its top bit set if it is negative.
#[inline]
pub(super) fn below(numbers: &[u32; LANES], others: &[u32; LANES]) -> u32 {
    let differences = numbers.iter().zip(others).map(|(number, other)| number.wrapping_sub(*other));
    differences.fold(0, |all, difference| all | difference)
}
