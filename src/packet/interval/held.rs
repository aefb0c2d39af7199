//! How a set keeps its intervals: most sets have one, which needs no memory of its own.

use std::cmp::Ordering;
use std::fmt::{self, Debug, Formatter};
use std::ops::Deref;
use std::sync::Arc;

/// Intervals in order. Clones share what does not fit in place.
#[derive(Clone)]
pub(super) enum Held<T> {
    None,
    One([(T, T); 1]),
    Many(Arc<[(T, T)]>),
}

impl<T> Held<T> {
    pub(super) const fn one(start: T, end: T) -> Self {
        Self::One([(start, end)])
    }
}

impl<T> Deref for Held<T> {
    type Target = [(T, T)];

    fn deref(&self) -> &[(T, T)] {
        match self {
            Self::None => &[],
            Self::One(one) => one,
            Self::Many(many) => many,
        }
    }
}

impl<T: Copy> From<Vec<(T, T)>> for Held<T> {
    fn from(intervals: Vec<(T, T)>) -> Self {
        match *intervals.as_slice() {
            [] => Self::None,
            [one] => Self::One([one]),
            _ => Self::Many(intervals.into()),
        }
    }
}

impl<T: Copy> FromIterator<(T, T)> for Held<T> {
    fn from_iter<I: IntoIterator<Item = (T, T)>>(intervals: I) -> Self {
        let mut intervals = intervals.into_iter();
        match (intervals.next(), intervals.next()) {
            (None, _) => Self::None,
            (Some(one), None) => Self::One([one]),
            (Some(first), Some(second)) => Self::Many([first, second].into_iter().chain(intervals).collect()),
        }
    }
}

impl<T: Debug> Debug for Held<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl<T: Eq> Eq for Held<T> {}

impl<T: PartialEq> PartialEq for Held<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Ord> Ord for Held<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<T: PartialOrd> PartialOrd for Held<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}
