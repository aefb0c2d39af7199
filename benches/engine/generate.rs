//! Rule lists of any [`Kind`] and size, always the same ones: a generator in the manner of `ClassBench`, with what a
//! policy has besides: both families, hooks, interfaces, ICMP messages, connection states, several boxes to a rule.

use std::collections::BTreeMap;

use fastrand::Rng;
use mailward::packet::{
    Bounded, Cube, Family, Hook, ICMP, ICMPV6, IntervalSet, Line, States, TCP, UDP, every_code, transports,
};

use super::kinds::Kind;
use super::prefixes::Tree;

/// How many of a hundred rules are about IPv6.
const V6_SHARE: u32 = 40;
/// Interfaces have the numbers from 1 on.
const INTERFACES: u16 = 8;
/// Outcomes: allow, deny, reject; and how often a rule has each.
const OUTCOMES: [u32; 3] = [68, 24, 8];
/// How many bits more open a rule may be than one that comes later.
const DISORDER: u32 = 16;
/// How many of a hundred rules come with the most specific ones whatever they leave open.
const MISPLACED: u32 = 2;
/// The outcome of the last rule.
const DENY: usize = 1;

/// Ports that rules ask for, the most frequent ones first.
const SERVICES: [u16; 32] = [
    443, 25, 80, 53, 22, 993, 587, 465, 110, 143, 995, 123, 389, 636, 3306, 5432, 1433, 1521, 21, 23, 161,
    162, 445, 514, 3389, 5060, 8080, 8443, 88, 137, 2049, 6379,
];
/// Ranges that rules ask for: unprivileged, privileged, ephemeral (RFC 6335 §6), FTP data, X11, RTP, traceroute.
const USUAL_RANGES: [(u16, u16); 7] =
    [(1024, 65535), (0, 1023), (49152, 65535), (20, 21), (6000, 6063), (16384, 32767), (33434, 33523)];
/// ICMP types that rules ask for: errors, echo, timestamps; and of ICMPv6: errors, echo, neighbour discovery.
const V4_TYPES: [u8; 6] = [0, 3, 8, 11, 12, 13];
const V6_TYPES: [u8; 10] = [1, 2, 3, 4, 128, 129, 133, 134, 135, 136];
/// Protocols without ports: GRE, ESP, OSPF, VRRP.
const PORTLESS: [u8; 4] = [47, 50, 89, 112];

/// The rules of one list while they are drawn.
struct Draw<'a> {
    kind: &'a Kind,
    trees: [Tree; 2],
    rng: Rng,
}

/// A list of that many different rules, and a last one that denies everything else.
///
/// As people write them, specific rules mostly come before general ones. Rule `n` owns its boxes under that number.
pub(crate) fn rules(kind: &Kind, count: usize) -> Vec<Line> {
    let name = kind.name.bytes().fold(0, |seed, byte| seed << 8 ^ seed >> 56 ^ u64::from(byte));
    let mut rng = Rng::with_seed(name ^ count as u64);
    let trees = Family::ALL.map(|family| Tree::grow(family, count, kind.breadth, &mut rng));
    let mut draw = Draw { kind, trees, rng };
    let mut rules: BTreeMap<Vec<Cube>, (u32, Option<usize>)> = BTreeMap::new();
    while rules.len() < count {
        let (cubes, outcome) = draw.rule();
        let place = if draw.percent(MISPLACED) { 0 } else { scope(&cubes) } + draw.rng.u32(..DISORDER);
        rules.insert(cubes, (place, outcome));
    }
    let mut rules: Vec<_> = rules.into_iter().collect();
    draw.rng.shuffle(&mut rules);
    rules.sort_by_key(|(_, (place, _))| *place);
    let rules = rules.into_iter().enumerate().flat_map(|(owner, (cubes, (_, outcome)))| {
        cubes.into_iter().map(move |cube| Line { cube, owner, outcome })
    });
    rules.chain(the_rest(count)).collect()
}

/// How much a rule leaves open: the bits it takes to count the values of its fields, as if every address had 32 bits.
fn scope(cubes: &[Cube]) -> u32 {
    let Some(cube) = cubes.first() else { return 0 };
    let addresses = |set: &IntervalSet<u128>| bits(set) / if cube.family == Family::V4 { 1 } else { 4 };
    addresses(&cube.source)
        + addresses(&cube.destination)
        + bits(&cube.transport)
        + bits(&cube.source_ports)
        + bits(&cube.incoming) / 4
        + bits(&cube.outgoing) / 4
}

fn bits<T: Bounded>(set: &IntervalSet<T>) -> u32 {
    let count = set.bounds().map_or(0, |(first, last)| last.widen() - first.widen());
    u128::BITS - count.leading_zeros()
}

/// The boxes of the rule that decides what no other does.
pub(crate) fn the_rest(owner: usize) -> impl Iterator<Item = Line> {
    let kinds = Hook::ALL.into_iter().flat_map(|hook| Family::ALL.map(|family| (hook, family)));
    kinds.map(move |(hook, family)| Line { cube: Cube::every(hook, family), owner, outcome: Some(DENY) })
}

impl Draw<'_> {
    /// The boxes of a rule and its outcome.
    fn rule(&mut self) -> (Vec<Cube>, Option<usize>) {
        let family = if self.percent(V6_SHARE) { Family::V6 } else { Family::V4 };
        let hook = Hook::ALL[weighted(&[20, 70, 10], &mut self.rng)];
        let outcome = Some(weighted(&OUTCOMES, &mut self.rng));
        let (transport, source_ports) = self.transport(family);
        let cube = Cube {
            states: self.states(),
            incoming: self.interface(hook != Hook::Output),
            outgoing: self.interface(hook != Hook::Input),
            source: self.addresses(family, self.kind.open[0]),
            transport,
            source_ports,
            ..Cube::every(hook, family)
        };
        let boxes = self.rng.usize(1..=self.kind.destinations);
        let destination = |_| self.addresses(family, self.kind.open[1]);
        let cubes = (0..boxes).map(destination).map(|destination| Cube { destination, ..cube.clone() });
        (cubes.collect(), outcome)
    }

    fn percent(&mut self, share: u32) -> bool {
        self.rng.u32(..100) < share
    }

    fn states(&mut self) -> States {
        const CHOICES: [States; 5] = [
            States::NEW,
            States::ANY,
            States::ESTABLISHED.union(States::RELATED),
            States::TRACKED_NEW.union(States::UNTRACKED),
            States::INVALID,
        ];
        CHOICES[weighted(&[70, 15, 8, 5, 2], &mut self.rng)]
    }

    fn interface(&mut self, known: bool) -> IntervalSet<u16> {
        if known && self.percent(self.kind.interfaces) {
            IntervalSet::single(self.rng.u16(1..=INTERFACES))
        } else {
            IntervalSet::full()
        }
    }

    fn addresses(&mut self, family: Family, open: u32) -> IntervalSet<u128> {
        if self.percent(open) {
            return family.every_address();
        }
        let level = weighted(&self.kind.depth, &mut self.rng);
        self.trees[family as usize].addresses(level, &mut self.rng)
    }

    /// Protocol with destination port or ICMP message, and source ports.
    fn transport(&mut self, family: Family) -> (IntervalSet<u32>, IntervalSet<u16>) {
        let any = IntervalSet::full();
        let kind = self.kind;
        match weighted(&kind.protocols, &mut self.rng) {
            protocol @ (0 | 1) => {
                let ports = self.ports(&kind.ports);
                (transports([TCP, UDP][protocol], &ports), self.ports(&kind.source_ports))
            }
            2 => (self.message(family), any),
            3 => (transports(PORTLESS[self.rng.usize(..PORTLESS.len())], &any), any),
            _ => (Cube::every(Hook::Forward, family).transport, any),
        }
    }

    fn ports(&mut self, shares: &[u32; 4]) -> IntervalSet<u16> {
        match weighted(shares, &mut self.rng) {
            0 => IntervalSet::full(),
            1 => {
                let services = SERVICES.len();
                IntervalSet::single(
                    SERVICES[self.rng.usize(..services) * self.rng.usize(..services) / services],
                )
            }
            2 => {
                let (first, last) = USUAL_RANGES[weighted(&[50, 20, 10, 5, 5, 5, 5], &mut self.rng)];
                IntervalSet::range(first, last)
            }
            _ => {
                let (a, b) = (self.rng.u16(..), self.rng.u16(..));
                IntervalSet::range(a.min(b), a.max(b))
            }
        }
    }

    /// Every ICMP message of the family, or those of one type.
    fn message(&mut self, family: Family) -> IntervalSet<u32> {
        let (protocol, types) = match family {
            Family::V4 => (ICMP, &V4_TYPES[..]),
            Family::V6 => (ICMPV6, &V6_TYPES[..]),
        };
        let messages = if self.percent(25) {
            IntervalSet::full()
        } else {
            every_code(types[self.rng.usize(..types.len())])
        };
        transports(protocol, &messages)
    }
}

/// The place of one of the weights, each as likely as it is heavy.
pub(crate) fn weighted(weights: &[u32], rng: &mut Rng) -> usize {
    let mut left = rng.u32(..weights.iter().sum::<u32>());
    let mut place = 0;
    while left >= weights[place] {
        left -= weights[place];
        place += 1;
    }
    place
}
