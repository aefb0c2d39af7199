//! Sets of numbers as sorted, disjoint, non-adjacent closed intervals.

use std::fmt::Debug;
use std::sync::Arc;

use super::field::Relation;

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
    /// The same number in the widest type.
    fn widen(self) -> u128;
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
            fn widen(self) -> u128 {
                self.into()
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
        self.reaching(value).first().is_some_and(|&(start, _)| start <= value)
    }

    /// In either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::union_of([self, other])
    }

    /// In any of them.
    #[must_use]
    pub fn union_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self
    where
        T: 'a,
    {
        let mut sets = sets.into_iter();
        match (sets.next(), sets.next()) {
            (None, _) => Self::empty(),
            (Some(only), None) => only.clone(),
            (Some(first), Some(second)) => {
                let all = [first, second].into_iter().chain(sets);
                Self::from_intervals(all.flat_map(|set| set.intervals.iter().copied()))
            }
        }
    }

    /// In both. Shares the intervals of this one where it is inside the other.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        if self.is_subset(other) { self.clone() } else { Self { intervals: self.shared(other).collect() } }
    }

    /// Whether any number is in both; cheaper than the intersection.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.shared(other).next().is_some()
    }

    /// Not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self::full().subtract(self)
    }

    /// In this one and not in the other.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        let mut rest = Vec::with_capacity(self.intervals.len());
        for &(start, end) in &*self.intervals {
            let mut from = Some(start);
            for &(cut, last) in other.reaching(start).iter().take_while(|&&(cut, _)| cut <= end) {
                rest.extend(from.zip(cut.previous()).filter(|(from, to)| from <= to));
                from = last.next();
            }
            rest.extend(from.map(|from| (from, end)).filter(|(from, to)| from <= to));
        }
        Self { intervals: rest.into() }
    }

    /// Whether every number of this one is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        let inside = |&(start, end): &(T, T)| {
            other.reaching(start).first().is_some_and(|&(first, last)| first <= start && end <= last)
        };
        self.intervals.iter().all(inside)
    }

    /// How it stands to the other. An empty set is [`Relation::Apart`].
    pub(super) fn relation(&self, other: &Self) -> Relation {
        // Most sets of a rule list are one interval, and this is asked millions of times.
        if let (&[(start, end)], &[(first, last)]) = (&*self.intervals, &*other.intervals) {
            return match (start <= last && first <= end, first <= start && end <= last) {
                (false, _) => Relation::Apart,
                (true, true) => Relation::Within,
                (true, false) => Relation::Across,
            };
        }
        match (self.overlaps(other), self.is_subset(other)) {
            (false, _) => Relation::Apart,
            (true, true) => Relation::Within,
            (true, false) => Relation::Across,
        }
    }

    /// The bits it takes to count the numbers in both.
    pub(super) fn shared_bits(&self, other: &Self) -> u32 {
        let length = |(start, end): (T, T)| (end.widen() - start.widen()).saturating_add(1);
        let count = self.shared(other).map(length).fold(0_u128, u128::saturating_add);
        u128::BITS - count.leading_zeros()
    }

    /// The intervals that do not end before a value.
    fn reaching(&self, value: T) -> &[(T, T)] {
        let before = self.intervals.partition_point(|&(_, end)| end < value);
        self.intervals.get(before..).unwrap_or_default()
    }

    /// The intervals of the intersection; looks up the intervals of the shorter list in the longer one.
    fn shared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (T, T)> + 'a {
        let (few, many) =
            if self.intervals.len() <= other.intervals.len() { (self, other) } else { (other, self) };
        few.intervals.iter().flat_map(|&(start, end)| {
            let meeting = many.reaching(start).iter().take_while(move |&&(first, _)| first <= end);
            meeting.map(move |&(first, last)| (start.max(first), end.min(last)))
        })
    }
}

#[cfg(test)]
mod tests;
