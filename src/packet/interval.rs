//! Sets of numbers as sorted, disjoint, non-adjacent closed intervals.

use std::fmt::Debug;
use std::sync::Arc;

/// An unsigned number with neighbours.
pub trait Bounded: Copy + Ord + Debug {
    /// The smallest value.
    const MIN: Self;
    /// The largest value.
    const MAX: Self;
    /// The next value, none after [`Bounded::MAX`].
    fn next(self) -> Option<Self>;
    /// The previous value, none before [`Bounded::MIN`].
    fn previous(self) -> Option<Self>;
}

macro_rules! bounded {
    ($($number:ty),*) => {$(
        impl Bounded for $number {
            const MIN: Self = <$number>::MIN;
            const MAX: Self = <$number>::MAX;
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn previous(self) -> Option<Self> {
                self.checked_sub(1)
            }
        }
    )*};
}
bounded!(u8, u16, u32, u128);

/// A set of numbers. Cloning shares the intervals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntervalSet<T> {
    // INVARIANT: sorted, disjoint and not adjacent; every interval has `start <= end`.
    intervals: Arc<[(T, T)]>,
}

impl<T: Bounded> IntervalSet<T> {
    /// No number.
    #[must_use]
    pub fn empty() -> Self {
        Self { intervals: Arc::from([]) }
    }

    /// Every number of the type.
    #[must_use]
    pub fn full() -> Self {
        Self::range(T::MIN, T::MAX)
    }

    /// The numbers from `start` to `end`, both included; none if `start > end`.
    #[must_use]
    pub fn range(start: T, end: T) -> Self {
        Self::from_intervals([(start, end)])
    }

    /// One number.
    #[must_use]
    pub fn single(value: T) -> Self {
        Self::range(value, value)
    }

    /// The union of closed intervals in any order; inverted ones hold nothing.
    #[must_use]
    pub fn from_intervals(intervals: impl IntoIterator<Item = (T, T)>) -> Self {
        let mut sorted: Vec<(T, T)> = intervals.into_iter().filter(|(start, end)| start <= end).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(T, T)> = Vec::with_capacity(sorted.len());
        for (start, end) in sorted {
            match merged.last_mut() {
                Some(last) if last.1.next().is_none_or(|after| start <= after) => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        Self { intervals: merged.into() }
    }

    /// The intervals, sorted, disjoint and not adjacent.
    #[must_use]
    pub fn intervals(&self) -> &[(T, T)] {
        &self.intervals
    }

    /// No number at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Every number of the type.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(*self.intervals, [(start, end)] if start == T::MIN && end == T::MAX)
    }

    /// The smallest and the largest number.
    #[must_use]
    pub fn bounds(&self) -> Option<(T, T)> {
        Some((self.intervals.first()?.0, self.intervals.last()?.1))
    }

    /// Whether a number is in it.
    #[must_use]
    pub fn contains(&self, value: T) -> bool {
        let after = self.intervals.partition_point(|&(start, _)| start <= value);
        after.checked_sub(1).and_then(|index| self.intervals.get(index)).is_some_and(|&(_, end)| value <= end)
    }

    /// In either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::from_intervals(self.intervals.iter().chain(other.intervals.iter()).copied())
    }

    /// In both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.intervals.iter().peekable(), other.intervals.iter().peekable());
        let mut both = Vec::new();
        while let (Some(&&(a, b)), Some(&&(c, d))) = (left.peek(), right.peek()) {
            if a.max(c) <= b.min(d) {
                both.push((a.max(c), b.min(d)));
            }
            if b <= d {
                left.next()
            } else {
                right.next()
            };
        }
        Self { intervals: both.into() }
    }

    /// Whether any number is in both; cheaper than the intersection.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let (mut left, mut right) = (self.intervals.iter().peekable(), other.intervals.iter().peekable());
        while let (Some(&&(a, b)), Some(&&(c, d))) = (left.peek(), right.peek()) {
            if a.max(c) <= b.min(d) {
                return true;
            }
            if b <= d {
                left.next()
            } else {
                right.next()
            };
        }
        false
    }

    /// Not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.intervals.len() + 1);
        let mut from = Some(T::MIN);
        for &(start, end) in self.intervals.iter() {
            if let (Some(from), Some(to)) = (from, start.previous())
                && from <= to
            {
                gaps.push((from, to));
            }
            from = end.next();
        }
        gaps.extend(from.map(|from| (from, T::MAX)));
        Self { intervals: gaps.into() }
    }

    /// In this one and not in the other.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }

    /// Whether every number of this one is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.intervals.iter().all(|&(start, end)| {
            let after = other.intervals.partition_point(|&(first, _)| first <= start);
            after
                .checked_sub(1)
                .and_then(|index| other.intervals.get(index))
                .is_some_and(|&(_, last)| end <= last)
        })
    }
}
