//! Lists of ports, protocols, interfaces and ICMP types: in the rule where that is best read, in a named set where
//! it is not.
//!
//! * A list with a range is named. As an anonymous set it would be an interval set that is new in every reload, and
//!   those answer wrongly until the reload is over; named sets are kept and refilled.
//! * In a large ruleset every list is named. For each anonymous set the kernel walks through everything that the
//!   transaction holds so far (`__nft_set_trans_bind`): 10,000 rules took half a minute to load and more to reload.

use std::collections::BTreeMap;

use crate::model::Policy;
use crate::packet::IntervalSet;
use crate::render::piece::{Piece, piece};

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ports.
    Ports,
    /// Protocols with ports.
    Services,
    /// Protocols.
    Protocols,
    /// Quoted interface names.
    Interfaces,
    /// ICMP types.
    IcmpTypes,
    /// ICMP types with codes.
    IcmpCodes,
    /// ICMPv6 types.
    Icmpv6Types,
    /// ICMPv6 types with codes.
    Icmpv6Codes,
}

/// A named set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    /// Its type in nft's words.
    pub(super) kind: Piece,
    /// Whether there are ranges among its elements.
    pub(super) intervals: bool,
    /// Its elements, sorted and disjoint.
    pub(super) elements: Vec<Piece>,
}

/// The named sets that rules have asked for. Their names come from their elements and from nothing else, so a set
/// that the kernel already holds under a name has the same type and flags.
#[derive(Debug)]
pub(super) struct Lists {
    /// Elements that may stand in a rule.
    longest: usize,
    sets: BTreeMap<Piece, List>,
}

/// Bytes of a set's name; nft allows 255.
const LONGEST_NAME: usize = 64;

/// Elements of a list in a rule; more would not be read there.
const LONGEST_LIST: usize = 32;

/// Entries of a policy from which on every list is named; below, anonymous sets cost less than 0.1 s of loading.
const MANY_ENTRIES: usize = 500;

impl Kind {
    /// What sets of it are called, and their type.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Ports => ("ports", "inet_service"),
            Self::Services => ("services", "inet_proto . inet_service"),
            Self::Protocols => ("protocols", "inet_proto"),
            Self::Interfaces => ("interfaces", "ifname"),
            Self::IcmpTypes => ("icmp", "icmp_type"),
            Self::IcmpCodes => ("icmp_codes", "icmp_type . icmp_code"),
            Self::Icmpv6Types => ("icmpv6", "icmpv6_type"),
            Self::Icmpv6Codes => ("icmpv6_codes", "icmpv6_type . icmpv6_code"),
        }
    }
}

impl Lists {
    /// No sets yet.
    pub(super) fn new(policy: &Policy) -> Self {
        let longest = if policy.entries.len() < MANY_ENTRIES { LONGEST_LIST } else { 1 };
        Self { longest, sets: BTreeMap::new() }
    }

    /// What to compare a port with.
    pub(super) fn ports(&mut self, ports: &IntervalSet<u16>) -> Piece {
        let elements = ports.intervals().iter().flat_map(|&interval| spelled(interval)).collect();
        match ports.intervals() {
            [interval] => range(*interval),
            intervals if intervals.iter().copied().all(is_short) => self.operand(Kind::Ports, elements),
            _ => self.named(Kind::Ports, elements),
        }
    }

    /// What to compare protocol and port with.
    pub(super) fn services(&mut self, pairs: &[(Piece, (u16, u16))]) -> Piece {
        let with_ports = |(protocol, interval): &(Piece, (u16, u16))| {
            let pair = |ports| piece!("{} . {}", protocol, ports);
            spelled(*interval).into_iter().map(pair).collect::<Vec<Piece>>()
        };
        let elements = pairs.iter().flat_map(with_ports).collect();
        if pairs.iter().all(|(_, interval)| is_short(*interval)) {
            self.operand(Kind::Services, elements)
        } else {
            self.named(Kind::Services, elements)
        }
    }

    /// What to compare with to find one of the elements, none of which is a range.
    pub(super) fn operand(&mut self, kind: Kind, elements: Vec<Piece>) -> Piece {
        match elements.as_slice() {
            [only] => only.clone(),
            several if several.len() <= self.longest => piece!("{{ {} }}", Piece::join(elements, ", ")),
            _ => self.named(kind, elements),
        }
    }

    /// The sets by name.
    pub(super) fn into_sets(self) -> BTreeMap<Piece, List> {
        self.sets
    }

    fn named(&mut self, kind: Kind, elements: Vec<Piece>) -> Piece {
        let (name, kind) = kind.words();
        let words = std::iter::once(Piece::literal(name)).chain(elements.iter().map(word));
        let base = Piece::join(words, "_").shorten(LONGEST_NAME).replace("-", "_");
        let intervals = elements.iter().any(is_range);
        let set = List { kind: Piece::literal(kind), intervals, elements };
        let candidates = std::iter::once(base.clone()).chain((2_u32..).map(|n| piece!("{}_{}", base, n)));
        let usable = |name: &Piece| self.sets.get(name).is_none_or(|known| *known == set);
        let name = candidates.into_iter().find(usable).unwrap_or_default();
        let operand = piece!("@{}", name);
        self.sets.entry(name).or_insert(set);
        operand
    }
}

/// An element as a part of a name; a range and its ends give different names.
fn word(element: &Piece) -> Piece {
    let plain = element.replace(" . ", "_").replace("\"", "").replace(".", "_");
    plain.replace("-", if is_range(element) { "to" } else { "_" })
}

/// Names of interfaces are quoted, numbers are not.
fn is_range(element: &Piece) -> bool {
    element.as_str().contains('-') && !element.as_str().starts_with('"')
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
pub(super) mod tests {
    use super::*;

    /// The lists of a small policy.
    pub(in crate::render::nftables) fn small() -> Lists {
        Lists { longest: LONGEST_LIST, sets: BTreeMap::new() }
    }

    #[test]
    fn a_list_with_a_range_and_a_long_list_get_a_name() {
        let mut lists = small();
        let list = IntervalSet::from_intervals([(25, 25), (9000, 9010)]);
        assert_eq!(lists.ports(&list), piece!("@ports_25_9000to9010"));
        let long = IntervalSet::from_intervals((1..40).map(|port| (port * 2, port * 2)));
        let name = lists.ports(&long);
        assert!(name.as_str().starts_with("@ports_2_4_6_"), "{name}");
        assert_eq!(name.as_str().len(), 1 + LONGEST_NAME);
        let intervals: Vec<bool> = lists.into_sets().values().map(|list| list.intervals).collect();
        assert_eq!(intervals, [true, false], "in the order of their names");
    }

    #[test]
    fn a_large_ruleset_names_every_list() {
        let mut lists = Lists { longest: 1, ..small() };
        let interfaces = [piece!("\"br-lan\""), piece!("\"eth0.20\"")];
        assert_eq!(
            lists.operand(Kind::Interfaces, interfaces.to_vec()),
            piece!("@interfaces_br_lan_eth0_20")
        );
        assert_eq!(lists.operand(Kind::Protocols, vec![piece!("tcp")]), piece!("tcp"));
    }

    #[test]
    fn a_name_that_is_taken_by_other_elements_gets_a_number() {
        let mut lists = Lists { longest: 1, ..small() };
        let (one, other) = (["a-b", "c"], ["a_b", "c"]);
        let mut name = |names: [&'static str; 2]| {
            let quoted = names.map(|name| piece!("\"{}\"", Piece::literal(name)));
            lists.operand(Kind::Interfaces, quoted.to_vec())
        };
        assert_eq!(name(one), piece!("@interfaces_a_b_c"));
        assert_eq!(name(other), piece!("@interfaces_a_b_c_2"));
        assert_eq!(name(one), piece!("@interfaces_a_b_c"));
    }
}
