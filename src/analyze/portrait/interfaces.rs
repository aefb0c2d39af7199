//! Interfaces in words.

use super::{few, listed};
use crate::model::Interfaces;
use crate::packet::IntervalSet;

/// The interfaces by name, those that the policy does not name as one; nothing for every interface.
pub(super) fn words(known: &Interfaces, set: &IntervalSet<u16>) -> Vec<String> {
    if set.is_full() {
        return Vec::new();
    }
    let (inside, outside) = (names(known, set), names(known, &set.complement()));
    if outside.len() < inside.len() {
        return vec![format!("any interface but {}", listed(&few(outside, "interfaces")))];
    }
    few(inside, "interfaces")
}

fn names(known: &Interfaces, set: &IntervalSet<u16>) -> Vec<String> {
    let numbers = std::iter::once(Interfaces::LOOPBACK).chain(known.named().map(|(number, _)| number));
    let last = known.named().last().map_or(Interfaces::LOOPBACK, |(number, _)| number);
    let there = numbers.filter(|&number| set.contains(number));
    let mut names: Vec<String> = there.filter_map(|number| known.name(number)).map(str::to_owned).collect();
    if set.overlaps(&IntervalSet::range(last.saturating_add(1), u16::MAX)) {
        names.push("other interfaces".to_owned());
    }
    names
}
