//! What becomes of expectations, found by trying every packet: no boxes, no searches.

use std::collections::{BTreeMap, BTreeSet};

use crate::analyze::sample;
use crate::catalog;
use crate::model::{BaselinePart, Entry, Expectation, Match, Origin, Policy, Term, Traffic, Verdict, Zone};
use crate::packet::{Family, Hook, IntervalSet, Packet};

/// Who decides packets: the rule, the part of the baseline, the default of a hook.
type Key = (Origin, Option<Hook>);

/// What becomes of the expectations of a policy.
pub(super) struct Expected {
    pub(super) trials: Vec<Found>,
    pub(super) exercised: BTreeSet<usize>,
}

/// What becomes of one.
#[derive(Default)]
pub(super) struct Found {
    pub(super) against: BTreeSet<Key>,
    pub(super) set_aside: BTreeSet<BaselinePart>,
}

/// Where a packet belongs in its expectation: packets that are judged together have equal parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Its source is claimed.
    Claimed,
    /// Numbers of the match and its term, type of the message, family, places of source and destination.
    AtHome((usize, usize), Option<u8>, Family, (usize, usize)),
}

/// Tries every packet of every expectation.
pub(super) fn trials(policy: &Policy) -> Expected {
    let decided = |packet| (sample::first_match(policy, &packet).unwrap(), packet);
    let packets: Vec<(usize, Packet)> = packets().into_iter().map(decided).collect();
    let mut exercised = BTreeSet::new();
    let mut trials = Vec::new();
    for expectation in &policy.expectations {
        let mut found = Found::default();
        for (part, deciders) in parts(policy, expectation, &packets) {
            let entries: Vec<&Entry> = deciders.iter().map(|&index| &policy.entries[index]).collect();
            exercised.extend(entries.iter().filter_map(|entry| match entry.origin {
                Origin::Rule(rule) => Some(rule),
                _ => None,
            }));
            judge(policy, expectation, &part, &entries, &mut found);
        }
        trials.push(found);
    }
    Expected { trials, exercised }
}

/// The packets of the sample on every outgoing interface.
fn packets() -> Vec<Packet> {
    let interfaces = |packet: Packet| {
        let outgoing: &[u16] = if packet.hook == Hook::Forward { &[0, 1, 2] } else { &[0] };
        outgoing.iter().map(move |&outgoing| Packet { outgoing, ..packet.clone() }).collect::<Vec<_>>()
    };
    sample::packets().into_iter().flat_map(interfaces).collect()
}

fn judge(policy: &Policy, expectation: &Expectation, part: &Part, deciders: &[&Entry], found: &mut Found) {
    let by = expectation
        .by
        .as_ref()
        .map(|by| policy.rules.iter().position(|rule| rule.id.value == by.value).unwrap());
    let meets = |entry: &Entry| match expectation.verdict {
        Verdict::Drop => entry.verdict != Verdict::Accept,
        wanted => entry.verdict == wanted,
    };
    let first = deciders.iter().map(|entry| rank(entry)).min().unwrap();
    for entry in deciders {
        let objects = match part {
            Part::Claimed => entry.verdict == Verdict::Accept && rank(entry) == 0,
            Part::AtHome(..) => {
                rank(entry) == first
                    && !(meets(entry) && by.is_none_or(|by| entry.origin == Origin::Rule(by)))
            }
        };
        if objects {
            found.against.insert((entry.origin, (entry.origin == Origin::Default).then_some(entry.hook)));
        }
        if let (Part::AtHome(..), Origin::Baseline(name)) = (part, entry.origin)
            && rank(entry) > first
            && !meets(entry)
        {
            found.set_aside.insert(name);
        }
    }
}

/// The order in which deciders are asked.
fn rank(entry: &Entry) -> usize {
    match entry.origin {
        Origin::Rule(_) | Origin::Default => 0,
        Origin::Baseline(BaselinePart::Echo) => 1,
        Origin::Baseline(BaselinePart::AntiSpoofing) => 2,
        Origin::Baseline(BaselinePart::NeighbourDiscovery) => 3,
        Origin::Baseline(BaselinePart::Loopback) => 4,
        Origin::Baseline(other) => panic!("not in the sample: {other:?}"),
    }
}

/// The deciders of the packets of each part.
fn parts(
    policy: &Policy,
    expectation: &Expectation,
    packets: &[(usize, Packet)],
) -> BTreeMap<Part, BTreeSet<usize>> {
    let mut parts: BTreeMap<Part, BTreeSet<usize>> = BTreeMap::new();
    for piece in pieces(policy, expectation) {
        for (decider, packet) in packets.iter().filter(|(_, packet)| sample::speaks_of(&piece.asked, packet))
        {
            for part in piece.parts(policy, packet, expectation.verdict != Verdict::Accept) {
                parts.entry(part).or_default().insert(*decider);
            }
        }
    }
    parts
}

/// One term of one match of an expectation.
struct Piece {
    number: (usize, usize),
    term: Term,
    asked: Entry,
    placed: [Placed; 2],
}

fn pieces(policy: &Policy, expectation: &Expectation) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (number, (hook, when)) in expectation.packets.iter().enumerate() {
        let placed = Family::ALL.map(|family| Placed::of(policy, when, family));
        for (at, term) in when.traffic.terms().iter().enumerate() {
            let when = Match { traffic: Traffic::one(term.clone()), ..when.clone() };
            let asked =
                Entry { origin: Origin::Default, hook: *hook, when, verdict: Verdict::Drop, log: None };
            pieces.push(Piece { number: (number, at), term: term.clone(), asked, placed });
        }
    }
    pieces
}

impl Piece {
    /// The parts that hold a packet.
    fn parts(&self, policy: &Policy, packet: &Packet, refusal: bool) -> Vec<Part> {
        let family = packet.family;
        let placed = if family == Family::V4 { self.placed[0] } else { self.placed[1] };
        let (sources, destinations) = placed.places(policy, packet);
        if sources.is_empty() {
            return if refusal && !destinations.is_empty() { vec![Part::Claimed] } else { Vec::new() };
        }
        let ends = pairs(&sources, &destinations);
        let all = pairs(&types(&self.term, packet), &ends);
        all.into_iter().map(|(kind, ends)| Part::AtHome(self.number, kind, family, ends)).collect()
    }
}

fn pairs<A: Copy, B: Copy>(a: &[A], b: &[B]) -> Vec<(A, B)> {
    a.iter().flat_map(|&a| b.iter().map(move |&b| (a, b))).collect()
}

/// The types that a message stands for, if they are told apart. A packet of the sample stands for messages that no
/// rule tells apart: those from 0.0 to 7.255, 8.0, and those from 8.1.
fn types(term: &Term, packet: &Packet) -> Vec<Option<u8>> {
    match term {
        Term::Icmp(kinds) | Term::Icmpv6(kinds) if !kinds.is_full() => match packet.icmp().unwrap() {
            (8, 0) => vec![Some(8)],
            (8, 1) => vec![Some(8), Some(9)],
            (kind, _) => vec![Some(kind)],
        },
        _ => vec![None],
    }
}

/// Whether sources and destinations of a match are put behind their interfaces.
#[derive(Clone, Copy)]
struct Placed {
    source: bool,
    destination: bool,
}

impl Placed {
    fn of(policy: &Policy, when: &Match, family: Family) -> Self {
        let is_placed = |addresses, interfaces| is_placed(policy, family, addresses, interfaces);
        Self {
            source: is_placed(when.source.addresses.of(family), &when.incoming),
            destination: is_placed(when.destination.addresses.of(family), &when.outgoing),
        }
    }

    /// Where the packet comes from and goes to, by the numbers of zones; none if it cannot come from or go there.
    fn places(self, policy: &Policy, packet: &Packet) -> (Vec<usize>, Vec<usize>) {
        let anywhere = vec![usize::MAX];
        let sources = if self.source {
            homes(policy, packet.family, packet.source, packet.incoming)
        } else {
            anywhere.clone()
        };
        let destinations = if self.destination && packet.hook == Hook::Forward {
            homes(policy, packet.family, packet.destination, packet.outgoing)
        } else {
            anywhere
        };
        (sources, destinations)
    }
}

/// Whether addresses on interfaces are put behind their own.
fn is_placed(
    policy: &Policy,
    family: Family,
    addresses: &IntervalSet<u128>,
    interfaces: &IntervalSet<u16>,
) -> bool {
    let on_every_link = |name| {
        let networks = catalog::network(name).unwrap().addresses();
        networks.of(family).clone()
    };
    let links = ["multicast", "broadcast", "link-local", "loopback", "unspecified"].map(on_every_link);
    let is_general = *addresses == family.every_address() && interfaces.is_full();
    // One address and one interface of each kind that the sample tells apart.
    let here = pairs(&[0, 1, 2], &[0, 1, 2])
        .into_iter()
        .filter(|(address, interface)| addresses.contains(*address) && interfaces.contains(*interface));
    !is_general
        && !addresses.subtract(&IntervalSet::union_of(&links)).is_empty()
        && here.clone().any(|(address, interface)| !homes(policy, family, address, interface).is_empty())
}

/// The zones, or none of them, that put an address behind an interface.
fn homes(policy: &Policy, family: Family, address: u128, interface: u16) -> Vec<usize> {
    let holds = |zone: &Zone| zone.has_networks && zone.addresses.of(family).contains(address);
    let holding: Vec<(usize, &Zone)> =
        policy.zones.iter().enumerate().filter(|(_, zone)| holds(zone)).collect();
    if holding.is_empty() {
        let open: Vec<&Zone> = policy.zones.iter().filter(|zone| !zone.has_networks).collect();
        let there = open.is_empty() || open.iter().any(|zone| zone.interfaces.contains(interface));
        return if there { vec![policy.zones.len()] } else { Vec::new() };
    }
    let inside = |inner: &Zone, outer: &Zone| {
        inner.addresses != outer.addresses && inner.addresses.subtract(&outer.addresses).is_empty()
    };
    let nearest = holding.iter().filter(|(_, zone)| !holding.iter().any(|(_, other)| inside(other, zone)));
    nearest.filter(|(_, zone)| zone.interfaces.contains(interface)).map(|&(number, _)| number).collect()
}
