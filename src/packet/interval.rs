//! Sets of numbers as sorted, disjoint, non-adjacent closed intervals.

mod held;

use std::fmt::Debug;

use held::Held;

/// How a set stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Nothing is in both.
    Apart,
    /// It is inside the other.
    Within,
    /// Some of it is in the other, some is not.
    Across,
}

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

/// A set of numbers. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntervalSet<T> {
    // INVARIANT: sorted, disjoint and not adjacent; every interval has `start <= end`.
    intervals: Held<T>,
}

impl<T: Bounded> IntervalSet<T> {
    /// No number.
    #[must_use]
    pub const fn empty() -> Self {
        Self { intervals: Held::None }
    }

    /// Every number of the type.
    #[must_use]
    pub fn full() -> Self {
        Self::range(T::MIN, T::MAX)
    }

    /// The numbers from `start` to `end`, both included; none if `start > end`.
    #[must_use]
    pub fn range(start: T, end: T) -> Self {
        if start > end { Self::empty() } else { Self { intervals: Held::one(start, end) } }
    }

    /// One number.
    #[must_use]
    pub const fn single(value: T) -> Self {
        Self { intervals: Held::one(value, value) }
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
        matches!(*self.intervals(), [(start, end)] if start == T::MIN && end == T::MAX)
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

    /// In both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        if self.is_subset(other) {
            self.clone()
        } else if other.is_subset(self) {
            other.clone()
        } else {
            Self { intervals: shared(&self.intervals, &other.intervals).collect() }
        }
    }

    /// Whether any number is in both; cheaper than the intersection.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        shared(&self.intervals, &other.intervals).next().is_some()
    }

    /// Not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self::full().subtract(self)
    }

    /// In this one and not in the other.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        Self { intervals: subtract(&self.intervals, &other.intervals).into() }
    }

    /// Whether every number of this one is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        is_subset(&self.intervals, &other.intervals)
    }

    /// The intervals that do not end before a value.
    fn reaching(&self, value: T) -> &[(T, T)] {
        reaching(&self.intervals, value)
    }
}

/// How a set stands to another. An empty set is [`Relation::Apart`].
pub(super) fn relation<T: Bounded>(set: &[(T, T)], other: &[(T, T)]) -> Relation {
    match (shared(set, other).next().is_some(), is_subset(set, other)) {
        (false, _) => Relation::Apart,
        (true, true) => Relation::Within,
        (true, false) => Relation::Across,
    }
}

/// The intervals of a set without those of another.
pub(super) fn subtract<T: Bounded>(set: &[(T, T)], other: &[(T, T)]) -> Vec<(T, T)> {
    let mut rest = Vec::with_capacity(set.len());
    for &(start, end) in set {
        let mut from = Some(start);
        for &(cut, last) in reaching(other, start).iter().take_while(|&&(cut, _)| cut <= end) {
            rest.extend(from.zip(cut.previous()).filter(|(from, to)| from <= to));
            from = last.next();
        }
        rest.extend(from.map(|from| (from, end)).filter(|(from, to)| from <= to));
    }
    rest
}

/// The intervals of the intersection; looks up the intervals of the shorter list in the longer one.
pub(super) fn shared<'a, T: Bounded>(
    set: &'a [(T, T)],
    other: &'a [(T, T)],
) -> impl Iterator<Item = (T, T)> + 'a {
    let (few, many) = if set.len() <= other.len() { (set, other) } else { (other, set) };
    few.iter().flat_map(|&(start, end)| {
        let meeting = reaching(many, start).iter().take_while(move |&&(first, _)| first <= end);
        meeting.map(move |&(first, last)| (start.max(first), end.min(last)))
    })
}

fn is_subset<T: Bounded>(set: &[(T, T)], other: &[(T, T)]) -> bool {
    if let ([(start, _), ..], [.., (_, end)], [(first, last)]) = (set, set, other) {
        return first <= start && end <= last;
    }
    let inside = |&(start, end): &(T, T)| {
        reaching(other, start).first().is_some_and(|&(first, last)| first <= start && end <= last)
    };
    set.iter().all(inside)
}

/// The intervals that do not end before a value.
fn reaching<T: Bounded>(set: &[(T, T)], value: T) -> &[(T, T)] {
    let before = set.partition_point(|&(_, end)| end < value);
    set.get(before..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
