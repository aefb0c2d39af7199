//! Port lists: numbers in the rule, and named sets for long lists and as soon as a list holds a range.
//!
//! An anonymous set with ranges would be an interval set that is new in every reload, and those answer wrongly
//! until the reload is over; named sets are kept and refilled.

use std::collections::BTreeMap;

use super::traffic::one_or_set;
use crate::packet::IntervalSet;
use crate::render::piece::{Piece, piece};

/// The named sets of ports that rules have asked for: name to type and elements. Names come from the elements, so
/// that they depend on nothing else.
#[derive(Debug, Default)]
pub(super) struct PortSets {
    sets: BTreeMap<Piece, PortSet>,
}

/// One named set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PortSet {
    /// Its type in nft's words.
    pub(super) kind: Piece,
    /// Its elements, sorted and disjoint.
    pub(super) elements: Vec<Piece>,
}

/// Bytes of a set's name; nft allows 255.
const LONGEST_NAME: usize = 64;

/// Elements of an anonymous set; more would not be read in a rule.
const LONGEST_LIST: usize = 32;

impl PortSets {
    /// What to compare a port with.
    pub(super) fn ports(&mut self, ports: &IntervalSet<u16>) -> Piece {
        let elements: Vec<Piece> = ports.intervals().iter().flat_map(|&interval| spelled(interval)).collect();
        if let [(first, last)] = ports.intervals() {
            return range((*first, *last));
        }
        if elements.len() <= LONGEST_LIST && ports.intervals().iter().copied().all(is_short) {
            return one_or_set(elements);
        }
        self.named(piece!("ports"), piece!("inet_service"), elements)
    }

    /// What to compare protocol and port with.
    pub(super) fn services(&mut self, pairs: &[(Piece, (u16, u16))]) -> Piece {
        let with_ports = |(protocol, interval): &(Piece, (u16, u16))| {
            let pair = |ports| piece!("{} . {}", protocol, ports);
            spelled(*interval).into_iter().map(pair).collect::<Vec<Piece>>()
        };
        let elements: Vec<Piece> = pairs.iter().flat_map(with_ports).collect();
        if elements.len() <= LONGEST_LIST && pairs.iter().all(|(_, interval)| is_short(*interval)) {
            return one_or_set(elements);
        }
        self.named(piece!("services"), piece!("inet_proto . inet_service"), elements)
    }

    /// The sets by name.
    pub(super) fn into_sets(self) -> BTreeMap<Piece, PortSet> {
        self.sets
    }

    fn named(&mut self, prefix: Piece, kind: Piece, elements: Vec<Piece>) -> Piece {
        let words = elements.iter().map(|element| element.replace(" . ", "_").replace("-", "_"));
        let base =
            Piece::join(std::iter::once(prefix).chain(words), "_").shorten(LONGEST_NAME).replace("-", "_");
        let set = PortSet { kind, elements };
        let candidates = std::iter::once(base.clone()).chain((2_u32..).map(|n| piece!("{}_{}", base, n)));
        let usable = |name: &Piece| self.sets.get(name).is_none_or(|known| *known == set);
        let name = candidates.into_iter().find(usable).unwrap_or_default();
        let operand = piece!("@{}", name);
        self.sets.entry(name).or_insert(set);
        operand
    }
}

/// Whether a run is written as its ports: one, or two neighbours such as 109 and 110.
fn is_short((first, last): (u16, u16)) -> bool {
    last - first <= 1
}

fn spelled((first, last): (u16, u16)) -> Vec<Piece> {
    match last - first {
        0 => vec![piece!("{}", first)],
        1 => vec![piece!("{}", first), piece!("{}", last)],
        _ => vec![range((first, last))],
    }
}

fn range((first, last): (u16, u16)) -> Piece {
    if first == last { piece!("{}", first) } else { piece!("{}-{}", first, last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_with_a_range_and_a_long_list_get_a_name() {
        let mut sets = PortSets::default();
        let list = IntervalSet::from_intervals([(25, 25), (9000, 9010)]);
        assert_eq!(sets.ports(&list), piece!("@ports_25_9000_9010"));
        let long = IntervalSet::from_intervals((1..40).map(|port| (port * 2, port * 2)));
        let name = sets.ports(&long);
        assert!(name.as_str().starts_with("@ports_2_4_6_"), "{name}");
        assert_eq!(name.as_str().len(), 1 + LONGEST_NAME);
        assert_eq!(sets.into_sets().len(), 2);
    }

    #[test]
    fn a_name_that_is_taken_by_other_elements_gets_a_number() {
        let mut sets = PortSets::default();
        let other = PortSet { kind: piece!("inet_service"), elements: vec![piece!("1")] };
        sets.sets.insert(piece!("ports_25_9000_9010"), other);
        let list = IntervalSet::from_intervals([(25, 25), (9000, 9010)]);
        assert_eq!(sets.ports(&list), piece!("@ports_25_9000_9010_2"));
        assert_eq!(sets.ports(&list), piece!("@ports_25_9000_9010_2"));
    }
}
