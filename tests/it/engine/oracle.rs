//! A second opinion on lists of boxes: binary decision diagrams over the bits of a packet, with one node for equal
//! parts, so that two lists that decide alike are one node. It shares nothing with the engine but the plain data.
//!
//! Slow where the engine is quick: a diagram spells out what a list does to every packet.

use std::collections::{BTreeMap, BTreeSet};

use mailward::packet::{Bounded, Cube, Family, Hook, IntervalSet, Line, State, States};

use super::Oracle;

/// The number of a node or leaf. Equal numbers mean the same for every packet.
type Diagram = u32;

/// All diagrams of some lists.
pub(crate) struct Diagrams {
    nodes: Vec<Node>,
    /// The last node of each hash.
    newest: Vec<Diagram>,
    /// Pairs that were joined, by their hash, and what they came to; the last pair of each hash.
    joined: Vec<[Diagram; 3]>,
    /// All packets that cannot exist, once they are known.
    impossible: Option<Diagram>,
    /// Boxes that were read before, with the value they had.
    cubes: BTreeMap<(Cube, u32), Diagram>,
}

/// A bit to look at, and where to go from there; or, where the bit is [`LEAF`], the value of a leaf.
#[derive(Clone, Copy)]
struct Node {
    bit: u32,
    zero: u32,
    one: u32,
    /// The node before it with the same hash.
    older: Diagram,
}

/// Some neighbouring bits of a packet, the highest first.
#[derive(Clone, Copy)]
struct Field {
    first: u32,
    width: u32,
}

const LEAF: u32 = u32::MAX;
/// The value of packets that no line speaks of, and the first leaf of all.
const OPEN: u32 = u32::MAX;
const NOTHING: Diagram = 0;
/// The value of packets that cannot exist.
const IMPOSSIBLE: u32 = u32::MAX - 1;

/// Hashes are below this.
const HASHES: usize = 1 << 15;
/// More nodes than that are forgotten before the next list is read.
const MANY: usize = 1 << 15;

const HOOK: Field = Field { first: 0, width: 2 };
const FAMILY: Field = Field { first: 2, width: 1 };
const V4_SOURCE: Field = Field { first: 3, width: 32 };
const V6_SOURCE: Field = Field { first: 3, width: 128 };
const V4_DESTINATION: Field = Field { first: 131, width: 32 };
const V6_DESTINATION: Field = Field { first: 131, width: 128 };
const TRANSPORT: Field = Field { first: 259, width: 24 };
const SOURCE_PORT: Field = Field { first: 283, width: 16 };
const INCOMING: Field = Field { first: 299, width: 16 };
const OUTGOING: Field = Field { first: 315, width: 16 };
const STATE: Field = Field { first: 331, width: 4 };
/// Conditions by number; as many as anybody asks about.
const UNKNOWNS: u32 = 335;

impl Oracle for Diagrams {
    fn reached(&mut self, lines: &[Line]) -> BTreeSet<usize> {
        self.forget();
        let mut decided = self.impossible();
        let mut reached = BTreeSet::new();
        for (number, line) in lines.iter().enumerate() {
            let cube = self.cube(&line.cube, leaf_of(line.outcome.unwrap_or(0)));
            let with = self.join(decided, cube);
            reached.extend(Some(number).filter(|_| with != decided));
            decided = if line.outcome.is_some() { with } else { decided };
        }
        reached
    }

    fn alike(&mut self, left: &[Line], right: &[Line]) -> bool {
        self.forget();
        let [left, right] = [left, right].map(|lines| self.list(lines, |number| lines[number].outcome));
        left == right
    }

    fn conflicts(&mut self, left: &[Line], right: &[Line]) -> BTreeSet<(usize, usize)> {
        if self.alike(left, right) {
            return BTreeSet::new();
        }
        let decided =
            [left, right].map(|lines| self.list(lines, |number| lines[number].outcome.and(Some(number))));
        let outcome = |lines: &[Line], number: usize| lines.get(number).and_then(|line| line.outcome);
        let differ = |&(one, other): &(usize, usize)| outcome(left, one) != outcome(right, other);
        let mut pairs = self.pairs(decided, [left.len(), right.len()]);
        pairs.retain(differ);
        pairs
    }
}

impl Diagrams {
    pub(crate) fn new() -> Self {
        let mut diagrams = Self {
            nodes: Vec::new(),
            newest: vec![u32::MAX; HASHES],
            joined: vec![[u32::MAX; 3]; HASHES],
            impossible: None,
            cubes: BTreeMap::new(),
        };
        diagrams.leaf(OPEN);
        diagrams
    }

    /// What each packet that can exist comes to: the value of the first line that has one and holds it.
    fn list(&mut self, lines: &[Line], value: impl Fn(usize) -> Option<usize>) -> Diagram {
        let mut all = self.impossible();
        for (number, line) in lines.iter().enumerate() {
            if let Some(value) = value(number) {
                let cube = self.cube(&line.cube, leaf_of(value));
                all = self.join(all, cube);
            }
        }
        all
    }

    /// Where there is much of what nobody asks about any more, starts from nothing.
    fn forget(&mut self) {
        if self.nodes.len() > MANY {
            *self = Self::new();
        }
    }

    /// All packets that cannot exist.
    fn impossible(&mut self) -> Diagram {
        if let Some(known) = self.impossible {
            return known;
        }
        let all = impossible().iter().fold(NOTHING, |all, cube| {
            let cube = self.cube(cube, IMPOSSIBLE);
            self.join(all, cube)
        });
        self.impossible = Some(all);
        all
    }

    /// The pairs of values that packets come to; another value for those that come to none.
    fn pairs(&self, diagrams: [Diagram; 2], none: [usize; 2]) -> BTreeSet<(usize, usize)> {
        let (mut pairs, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![diagrams]);
        while let Some([left, right]) = open.pop() {
            let (a, b) = (self.nodes[left as usize], self.nodes[right as usize]);
            if !seen.insert([left, right]) {
                continue;
            }
            if a.bit == LEAF && b.bit == LEAF {
                let values = (value(a, none[0]), value(b, none[1]));
                pairs.extend(Some(values).filter(|_| a.zero != IMPOSSIBLE));
                continue;
            }
            let bit = a.bit.min(b.bit);
            let sides =
                |diagram, node: Node| if node.bit == bit { [node.zero, node.one] } else { [diagram; 2] };
            let ([a_zero, a_one], [b_zero, b_one]) = (sides(left, a), sides(right, b));
            open.extend([[a_zero, b_zero], [a_one, b_one]]);
        }
        pairs
    }

    /// The first diagram where it is not open, else the second.
    fn join(&mut self, first: Diagram, second: Diagram) -> Diagram {
        let (a, b) = (self.nodes[first as usize], self.nodes[second as usize]);
        if first == NOTHING {
            return second;
        }
        if a.bit == LEAF || second == NOTHING || first == second {
            return first;
        }
        let at = hash(first, second, 0);
        let [known_first, known_second, known] = self.joined[at];
        if known_first == first && known_second == second {
            return known;
        }
        let bit = if a.bit < b.bit { a.bit } else { b.bit };
        let (a_zero, a_one) = if a.bit == bit { (a.zero, a.one) } else { (first, first) };
        let (b_zero, b_one) = if b.bit == bit { (b.zero, b.one) } else { (second, second) };
        let zero = self.join(a_zero, b_zero);
        let one = self.join(a_one, b_one);
        let both = self.branch(bit, zero, one);
        self.joined[at] = [first, second, both];
        both
    }

    /// The value for packets of a box, open for all others.
    fn cube(&mut self, cube: &Cube, value: u32) -> Diagram {
        let key = (cube.clone(), value);
        if let Some(&known) = self.cubes.get(&key) {
            return known;
        }
        let diagram = self.spelled_out(cube, value);
        self.cubes.insert(key, diagram);
        diagram
    }

    /// The same, from the last bits to the first.
    fn spelled_out(&mut self, cube: &Cube, value: u32) -> Diagram {
        let (source, destination) = match cube.family {
            Family::V4 => (V4_SOURCE, V4_DESTINATION),
            Family::V6 => (V6_SOURCE, V6_DESTINATION),
        };
        let states = State::ALL.into_iter().filter(|&state| cube.states.contains(state));
        let states = IntervalSet::from_intervals(states.map(|state| (state as u16, state as u16)));
        let mut inside = self.leaf(value);
        for &(number, holds) in cube.unknowns.literals().iter().rev() {
            let bit = Field { first: UNKNOWNS + number, width: 1 };
            inside = self.field(bit, &IntervalSet::single(u16::from(holds)), inside);
        }
        inside = self.field(STATE, &states, inside);
        inside = self.field(OUTGOING, &cube.outgoing, inside);
        inside = self.field(INCOMING, &cube.incoming, inside);
        inside = self.field(SOURCE_PORT, &cube.source_ports, inside);
        inside = self.field(TRANSPORT, &cube.transport, inside);
        inside = self.field(destination, &cube.destination, inside);
        inside = self.field(source, &cube.source, inside);
        inside = self.field(FAMILY, &IntervalSet::single(cube.family as u16), inside);
        self.field(HOOK, &IntervalSet::single(cube.hook as u16), inside)
    }

    /// What is inside, for packets with one of the values in a field.
    fn field<T: Bounded>(&mut self, field: Field, values: &IntervalSet<T>, inside: Diagram) -> Diagram {
        let mut all = NOTHING;
        for &(first, last) in values.intervals() {
            let part = self.interval(field, (first.widen(), last.widen()), inside);
            all = self.join(part, all);
        }
        all
    }

    /// The same for one interval, from the last bit to the first.
    fn interval(&mut self, field: Field, (first, last): (u128, u128), inside: Diagram) -> Diagram {
        if last - first == u128::MAX >> (u128::BITS - field.width) {
            return inside;
        }
        let (mut within, mut from, mut to) = (inside, inside, inside);
        for place in 0..field.width {
            let bit = field.first + field.width - 1 - place;
            within = match (first >> place & 1, last >> place & 1) {
                (0, 0) => self.branch(bit, within, NOTHING),
                (1, 1) => self.branch(bit, NOTHING, within),
                _ => self.branch(bit, from, to),
            };
            // Above the highest bit in which the two differ, both bounds are met or neither is.
            if first >> place != last >> place {
                let [above, below] = [(from, inside), (NOTHING, from)];
                let (zero, one) = [above, below][usize::from(first >> place & 1 == 1)];
                from = self.branch(bit, zero, one);
                let [below, above] = [(inside, to), (to, NOTHING)];
                let (zero, one) = [above, below][usize::from(last >> place & 1 == 1)];
                to = self.branch(bit, zero, one);
            }
        }
        within
    }

    fn leaf(&mut self, value: u32) -> Diagram {
        self.number(LEAF, value, value)
    }

    fn branch(&mut self, bit: u32, zero: Diagram, one: Diagram) -> Diagram {
        if zero == one { zero } else { self.number(bit, zero, one) }
    }

    /// The node that is so; a new one if there is none.
    fn number(&mut self, bit: u32, zero: Diagram, one: Diagram) -> Diagram {
        let at = hash(zero, one, bit);
        let mut number = self.newest[at];
        while number != u32::MAX {
            let node = self.nodes[number as usize];
            if node.bit == bit && node.zero == zero && node.one == one {
                return number;
            }
            number = node.older;
        }
        let older = self.newest[at];
        let number = u32::try_from(self.nodes.len()).unwrap();
        self.nodes.push(Node { bit, zero, one, older });
        self.newest[at] = number;
        number
    }
}

fn hash(a: u32, b: u32, c: u32) -> usize {
    let mixed = u64::from(a).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ u64::from(b).wrapping_mul(0xc2b2_ae3d_27d4_eb4f)
        ^ u64::from(c).wrapping_mul(0x1656_67b1_9e37_79f9);
    (mixed >> 32) as usize % HASHES
}

fn leaf_of(value: usize) -> u32 {
    u32::try_from(value).unwrap()
}

/// Boxes of all packets that cannot exist. SYNs, and the middle of a stream, are TCP's; only TCP and UDP have ports,
/// and what has none counts as having source port 0; an IPv6 packet has no extension header for its protocol
/// (RFC 8200 §4.1).
fn impossible() -> Vec<Cube> {
    let without_streams = IntervalSet::from_intervals([(0, 0x05_ffff), (0x07_0000, 0xff_ffff)]);
    let without_ports = without_streams.subtract(&IntervalSet::range(0x11_0000, 0x11_ffff));
    let extensions = [0x00, 0x2b, 0x2c, 0x33, 0x3c].map(|number: u32| (number << 16, number << 16 | 0xffff));
    let extensions = IntervalSet::from_intervals(extensions);
    let streams =
        [State::Midstream, State::EstablishedSyn, State::RelatedSyn, State::InvalidSyn, State::UntrackedSyn];
    let of = |hook, family| {
        let every = Cube::every(hook, family);
        let mut cubes = vec![
            Cube { states: States::of(&streams), transport: without_streams.clone(), ..every.clone() },
            Cube {
                source_ports: IntervalSet::range(1, u16::MAX),
                transport: without_ports.clone(),
                ..every.clone()
            },
        ];
        if family == Family::V6 {
            cubes.push(Cube { transport: extensions.clone(), ..every });
        }
        cubes
    };
    Hook::ALL.into_iter().flat_map(|hook| Family::ALL.map(|family| of(hook, family))).flatten().collect()
}

/// The value of a leaf; another one for packets that come to none.
fn value(leaf: Node, none: usize) -> usize {
    if leaf.zero == OPEN { none } else { leaf.zero as usize }
}
