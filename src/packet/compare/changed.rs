//! Which lines of two lists are not in both, in the same order.

use std::collections::{BTreeMap, BTreeSet};

use crate::packet::{Cube, List};

/// A line as it is compared: equal lines do the same to the same packets.
type Key<'l> = (&'l Cube, Option<usize>);

/// The numbers of the lines on each side without a counterpart on the other. The counterparts stand in the same order
/// on both sides; there may be more of them than are found.
pub(super) fn changed(
    left: &List,
    left_lines: &[usize],
    right: &List,
    right_lines: &[usize],
) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let left_keys = keys(left, left_lines);
    let right_keys = keys(right, right_lines);
    let before = left_keys.iter().zip(&right_keys).take_while(|(one, other)| one == other).count();
    let ends = left_keys.iter().skip(before).rev().zip(right_keys.iter().skip(before).rev());
    let after = ends.take_while(|(one, other)| one == other).count();
    let left_middle = before..left_keys.len() - after;
    let right_middle = before..right_keys.len() - after;
    let kept = in_order(
        left_keys.get(left_middle.clone()).unwrap_or_default(),
        right_keys.get(right_middle.clone()).unwrap_or_default(),
    );
    let (kept_left, kept_right): (BTreeSet<usize>, BTreeSet<usize>) = kept.into_iter().unzip();
    let rest = |lines: &[usize], middle: std::ops::Range<usize>, kept: &BTreeSet<usize>| {
        let middle = lines.get(middle).unwrap_or_default().iter().enumerate();
        middle.filter(|(place, _)| !kept.contains(place)).map(|(_, &number)| number).collect()
    };
    (rest(left_lines, left_middle, &kept_left), rest(right_lines, right_middle, &kept_right))
}

fn keys<'l>(list: &'l List, numbers: &[usize]) -> Vec<Key<'l>> {
    let lines = numbers.iter().filter_map(|&number| list.lines().get(number));
    lines.map(|line| (&line.cube, line.outcome)).collect()
}

/// Places of equal keys that stand in the same order on both sides, of the keys that stand only once on each.
fn in_order(left: &[Key<'_>], right: &[Key<'_>]) -> Vec<(usize, usize)> {
    let (left, right) = (once(left), once(right));
    let mut pairs: Vec<(usize, usize)> =
        left.iter().filter_map(|(key, &place)| Some((place, *right.get(key)?))).collect();
    pairs.sort_unstable();
    longest_rising(&pairs)
}

/// The keys that stand only once, with their places.
fn once<'l>(keys: &[Key<'l>]) -> BTreeMap<Key<'l>, usize> {
    let mut places: BTreeMap<Key<'l>, Option<usize>> = BTreeMap::new();
    for (place, key) in keys.iter().enumerate() {
        places.entry(*key).and_modify(|known| *known = None).or_insert(Some(place));
    }
    places.into_iter().filter_map(|(key, place)| Some((key, place?))).collect()
}

/// The longest choice of pairs whose second halves rise like the first ones, which do already: patience sorting.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The pair that ends the best choice of each length, and for each pair the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |at: usize| pairs.get(at).map(|pair| pair.1);
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| second(end) < Some(pair.1));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut chosen: Vec<(usize, usize)> =
        std::iter::successors(ends.last().copied(), |&at| before.get(at).copied().flatten())
            .filter_map(|at| pairs.get(at).copied())
            .collect();
    chosen.reverse();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rises_is_kept() {
        let pairs: Vec<(usize, usize)> = [5, 0, 1, 9, 2, 3, 8].into_iter().enumerate().collect();
        let kept: Vec<usize> = longest_rising(&pairs).into_iter().map(|(_, second)| second).collect();
        assert_eq!(kept, [0, 1, 2, 3, 8]);
        assert_eq!(longest_rising(&[]), []);
    }
}
