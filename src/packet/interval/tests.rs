//! The laws of interval sets, against brute force on all 256 values of a byte and against another library on
//! numbers as wide as addresses.

use proptest::collection::vec;
use proptest::prelude::*;
use range_set_blaze::RangeSetBlaze;

use super::*;

/// Intervals as anybody might write them: inverted, overlapping, adjacent, at both ends of the type.
fn written() -> impl Strategy<Value = Vec<(u8, u8)>> {
    vec((any::<u8>(), any::<u8>()), 0..6)
}

/// Addresses that lie close together, so that intervals meet, and some at the far end.
fn addresses() -> impl Strategy<Value = Vec<(u128, u128)>> {
    let edge = prop_oneof![0..40_u128, (0..40_u128).prop_map(|back| u128::MAX - back), any::<u128>()];
    vec((edge.clone(), edge), 0..8)
}

fn holds(intervals: &[(u8, u8)], value: u8) -> bool {
    intervals.iter().any(|&(start, end)| start <= value && value <= end)
}

/// Whether a set holds exactly the values that a rule names, and is written in the one canonical way.
fn is_exactly(set: &IntervalSet<u8>, rule: impl Fn(u8) -> bool) -> bool {
    let canonical = set.intervals().windows(2).all(|pair| pair[0].1 < 255 && pair[0].1 + 1 < pair[1].0);
    let ordered = set.intervals().iter().all(|(start, end)| start <= end);
    canonical && ordered && (0..=255).all(|value| set.contains(value) == rule(value))
}

fn blaze(intervals: &[(u128, u128)]) -> RangeSetBlaze<u128> {
    intervals.iter().filter(|(start, end)| start <= end).map(|&(start, end)| start..=end).collect()
}

fn written_out(set: &IntervalSet<u128>) -> Vec<(u128, u128)> {
    set.intervals().to_vec()
}

fn ranges(set: &RangeSetBlaze<u128>) -> Vec<(u128, u128)> {
    set.ranges().map(|range| (*range.start(), *range.end())).collect()
}

proptest! {
    #[test]
    fn one_set(a in written()) {
        let set = IntervalSet::from_intervals(a.clone());
        prop_assert!(is_exactly(&set, |value| holds(&a, value)));
        prop_assert!(is_exactly(&set.complement(), |value| !holds(&a, value)));
        prop_assert_eq!(set.complement().complement(), set.clone());
        prop_assert_eq!(set.is_empty(), (0..=255).all(|value| !holds(&a, value)));
        prop_assert_eq!(set.is_full(), (0..=255).all(|value| holds(&a, value)));
        let inside: Vec<u8> = (0..=255).filter(|&value| holds(&a, value)).collect();
        prop_assert_eq!(set.bounds(), inside.first().copied().zip(inside.last().copied()));
    }

    #[test]
    fn two_sets(a in written(), b in written()) {
        let (left, right) = (IntervalSet::from_intervals(a.clone()), IntervalSet::from_intervals(b.clone()));
        prop_assert!(is_exactly(&left.union(&right), |value| holds(&a, value) || holds(&b, value)));
        prop_assert!(is_exactly(&left.intersect(&right), |value| holds(&a, value) && holds(&b, value)));
        prop_assert!(is_exactly(&left.subtract(&right), |value| holds(&a, value) && !holds(&b, value)));
        prop_assert_eq!(left.overlaps(&right), !left.intersect(&right).is_empty());
        prop_assert_eq!(left.is_subset(&right), left.subtract(&right).is_empty());
        let expected = match (left.overlaps(&right), left.is_subset(&right)) {
            (false, _) => Relation::Apart,
            (true, true) => Relation::Within,
            (true, false) => Relation::Across,
        };
        prop_assert_eq!(relation(left.intervals(), right.intervals()), expected);
    }

    #[test]
    fn several_sets(sets in vec(written(), 0..5)) {
        let each: Vec<IntervalSet<u8>> = sets.iter().cloned().map(IntervalSet::from_intervals).collect();
        prop_assert!(is_exactly(&IntervalSet::union_of(&each), |value| sets.iter().any(|set| holds(set, value))));
    }

    #[test]
    fn addresses_like_another_library(a in addresses(), b in addresses()) {
        let (left, right) = (IntervalSet::from_intervals(a.clone()), IntervalSet::from_intervals(b.clone()));
        let (a, b) = (blaze(&a), blaze(&b));
        prop_assert_eq!(written_out(&left), ranges(&a));
        prop_assert_eq!(written_out(&left.union(&right)), ranges(&(&a | &b)));
        prop_assert_eq!(written_out(&left.intersect(&right)), ranges(&(&a & &b)));
        prop_assert_eq!(written_out(&left.subtract(&right)), ranges(&(&a - &b)));
        prop_assert_eq!(written_out(&left.complement()), ranges(&!&a));
        prop_assert_eq!(left.overlaps(&right), !a.is_disjoint(&b));
        prop_assert_eq!(left.is_subset(&right), a.is_subset(&b));
    }
}

#[test]
fn adjacent_intervals_become_one() {
    let ports = IntervalSet::from_intervals([(1024_u16, 65535), (0, 1023)]);
    assert!(ports.is_full());
    assert_eq!(ports, IntervalSet::full());
}

#[test]
fn inverted_intervals_hold_nothing() {
    assert!(IntervalSet::range(9_u16, 8).is_empty());
    assert!(IntervalSet::from_intervals([(60_000_u16, 29)]).is_empty());
}

#[test]
fn sets_inside_others_share_their_intervals() {
    let networks = IntervalSet::from_intervals([(10_u128, 20), (30, 40)]);
    let same = networks.intersect(&IntervalSet::full());
    assert!(std::ptr::eq(networks.intervals(), same.intervals()));
}
