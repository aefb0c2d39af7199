//! What an expectation names, piece by piece.

use super::home::{Homes, Place, elsewhere};
use crate::model::{Expectation, Match, Term, Traffic, Verdict};
use crate::packet::{Cube, Hook, IntervalSet, every_code};

/// How many parts an expectation may come to. Only one that names most of many zones on both sides has more.
const MOST_PARTS: usize = 1 << 16;

/// Some packets of an expectation, decided by themselves: those of one hook, address family, pair of places and kind
/// of traffic.
///
/// A part is what somebody named: where the baseline decides all of it, the expectation is about the baseline.
#[derive(Debug)]
pub(super) struct Part {
    /// The packets.
    pub(super) cube: Cube,
    /// Whether their sources are where they come from.
    pub(super) source: Source,
}

/// What there is to say about the sources of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// They are where the packets come from, as far as zones say.
    AtHome,
    /// They are elsewhere: somebody claims them.
    Claimed,
}

/// The parts of an expectation; none if there are too many.
///
/// Packets reach an address only by the interfaces it is behind, so that those are meant. The same goes for sources;
/// but since anybody can claim a source, packets that do must be refused too where a refusal is expected.
pub(super) fn parts(expectation: &Expectation, homes: &Homes) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for cube in expectation.packets.iter().flat_map(kinds_of) {
        let sources = sources(&cube, homes, expectation.verdict != Verdict::Accept);
        let destinations = destinations(&cube, homes);
        if parts.len() + sources.len() * destinations.len() > MOST_PARTS {
            return None;
        }
        for (source, (addresses, incoming)) in &sources {
            parts.extend(destinations.iter().map(|(destination, outgoing)| {
                let cube = Cube {
                    incoming: incoming.clone(),
                    outgoing: outgoing.clone(),
                    source: addresses.clone(),
                    destination: destination.clone(),
                    ..cube.clone()
                };
                Part { cube, source: *source }
            }));
        }
    }
    Some(parts)
}

/// Where packets come from, and where some claim to come from.
fn sources(cube: &Cube, homes: &Homes, with_claimed: bool) -> Vec<(Source, Place)> {
    let place = (cube.source.clone(), cube.incoming.clone());
    if cube.hook == Hook::Output {
        return vec![(Source::AtHome, place)];
    }
    let places = homes.places(cube.family, &place);
    let claimed = if with_claimed { elsewhere(&place, &places) } else { Vec::new() };
    let at_home = places.into_iter().map(|place| (Source::AtHome, place));
    at_home.chain(claimed.into_iter().map(|place| (Source::Claimed, place))).collect()
}

/// Where packets go.
fn destinations(cube: &Cube, homes: &Homes) -> Vec<Place> {
    let place = (cube.destination.clone(), cube.outgoing.clone());
    if cube.hook == Hook::Input { vec![place] } else { homes.places(cube.family, &place) }
}

/// The packets of a match as boxes, each of one kind of traffic.
fn kinds_of((hook, when): &(Hook, Match)) -> Vec<Cube> {
    let kinds = when.traffic.terms().iter().flat_map(kinds);
    kinds.flat_map(|kind| Match { traffic: Traffic::one(kind), ..when.clone() }.cubes(*hook)).collect()
}

/// The kinds of traffic in a term: messages are told apart by their type, unless every type is meant.
fn kinds(term: &Term) -> Vec<Term> {
    match term {
        Term::Icmp(kinds) if !kinds.is_full() => types(kinds).map(Term::Icmp).collect(),
        Term::Icmpv6(kinds) if !kinds.is_full() => types(kinds).map(Term::Icmpv6).collect(),
        term => vec![term.clone()],
    }
}

/// A set of `type << 8 | code`, type by type.
fn types(kinds: &IntervalSet<u16>) -> impl Iterator<Item = IntervalSet<u16>> {
    let every_type = 0..=u8::MAX;
    every_type.map(|number| every_code(number).intersect(kinds)).filter(|codes| !codes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart_by_type() {
        let kinds_of = |intervals: &[(u16, u16)]| {
            kinds(&Term::Icmp(IntervalSet::from_intervals(intervals.iter().copied())))
        };
        let icmp = |first, last| Term::Icmp(IntervalSet::range(first, last));
        assert_eq!(kinds_of(&[(0x0000, 0x01ff)]), [icmp(0x0000, 0x00ff), icmp(0x0100, 0x01ff)]);
        let codes = Term::Icmp(IntervalSet::from_intervals([(0x0301, 0x0301), (0x0304, 0x0304)]));
        assert_eq!(kinds_of(&[(0x0301, 0x0301), (0x0304, 0x0304)]), [codes]);
        assert_eq!(kinds_of(&[(0, u16::MAX)]), [icmp(0, u16::MAX)]);
    }
}
