//! Spaces of packets: some fields, each cut into a few cells at values where filters go wrong. Boxes of a space are
//! made of its cells, so that all packets of a cell fare alike.

use fastrand::Rng;
use mailward::packet::{Bounded, Cube, Family, Hook, IntervalSet, Packet, State, States, Unknowns};

use super::brute::exists;

/// What the boxes of some lists may ask for.
pub(crate) struct Space {
    hooks: Vec<Hook>,
    families: Vec<Family>,
    /// Source and destination for each family.
    addresses: [[Axis<u128>; 2]; 2],
    transports: Axis<u32>,
    source_ports: Axis<u16>,
    interfaces: [Axis<u16>; 2],
    states: Vec<State>,
    conditions: Vec<u32>,
}

/// Disjoint cells of a field, and a value outside all of them.
struct Axis<T> {
    cells: Vec<(T, T)>,
    outside: T,
    everything: IntervalSet<T>,
}

/// Where IPv4 networks begin, and single addresses beside them.
const V4: [u128; 12] = [
    0,
    1,
    0x0a00_0000,
    0x0a00_0001,
    0x0a00_0080,
    0x0a00_0100,
    0x0b00_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xc000_0219,
    0xc000_021a,
    0xffff_ffff,
];
/// The same for IPv6.
const V6: [u128; 12] = [
    0,
    1,
    0xffff_ffff,
    0x1_0000_0000,
    0x2001_0db8 << 96,
    (0x2001_0db8 << 96) + 1,
    (0x2001_0db8 << 96) + (1 << 64),
    0x2001_0db9 << 96,
    (1 << 127) - 1,
    1 << 127,
    0xfe80 << 112,
    u128::MAX,
];
const PORTS: [u16; 8] = [0, 1, 25, 26, 1023, 1024, 49152, 65535];
const INTERFACES: [u16; 6] = [0, 1, 2, 3, 9, 65535];
/// TCP ports and a range, UDP ports, ICMP echo requests with and without the usual code, an ICMPv6 type, GRE, and a
/// routing header, which no IPv6 packet has for its protocol.
const TRANSPORTS: [(u32, u32); 13] = [
    (0x06_0000, 0x06_0000),
    (0x06_0001, 0x06_0018),
    (0x06_0019, 0x06_0019),
    (0x06_001a, 0x06_001a),
    (0x06_006e, 0x06_0077),
    (0x06_0400, 0x06_fffe),
    (0x11_0035, 0x11_0035),
    (0x11_0036, 0x11_ffff),
    (0x01_0800, 0x01_0800),
    (0x01_0801, 0x01_08ff),
    (0x3a_8000, 0x3a_80ff),
    (0x2f_0000, 0x2f_ffff),
    (0x2b_0000, 0x2b_ffff),
];
/// A transport outside all of these. TCP's packets can be whatever those of others can, so it stands for all others.
const OTHER_TRANSPORT: u32 = 0x06_ffff;

impl Space {
    /// A space with so few cells that a packet of each can be tried.
    pub(crate) fn tiny(rng: &mut Rng) -> Self {
        let mut fields = [true, true, true, rng.bool(), false, false, false, false, false];
        rng.shuffle(&mut fields);
        Self::of(fields, 3, rng)
    }

    /// A space with most fields, each cut into more cells.
    pub(crate) fn wide(rng: &mut Rng) -> Self {
        let fields = [(); 9].map(|()| rng.u32(..3) > 0);
        Self::of(fields, 7, rng)
    }

    /// A space with those of the fields that are asked for, each with fewer cells than that.
    fn of(fields: [bool; 9], cuts: usize, rng: &mut Rng) -> Self {
        let [hooks, source, destination, transport, source_ports, incoming, outgoing, states, conditions] =
            fields;
        let cuts = |asked: bool| if asked { rng.usize(2..=cuts) } else { 1 };
        let asked = [source, destination, transport, source_ports, incoming, outgoing, states];
        let [source, destination, transport, source_ports, incoming, outgoing, states] = asked.map(cuts);
        let addresses = Family::ALL.map(|family| {
            let pool = if family == Family::V4 { V4 } else { V6 };
            [source, destination].map(|cuts| Axis::cut(&pool, cuts, family.every_address(), rng))
        });
        Self {
            hooks: rng.choose_multiple(Hook::ALL, if hooks { 2 } else { 1 }),
            families: rng.choose_multiple(Family::ALL, if hooks { 2 } else { 1 }),
            addresses,
            transports: Axis {
                cells: rng.choose_multiple(TRANSPORTS, transport - 1),
                outside: OTHER_TRANSPORT,
                everything: IntervalSet::range(0, 0xff_ffff),
            },
            source_ports: Axis::cut(&PORTS, source_ports, IntervalSet::full(), rng),
            interfaces: [incoming, outgoing]
                .map(|cuts| Axis::cut(&INTERFACES, cuts, IntervalSet::full(), rng)),
            states: rng.choose_multiple(State::ALL, states.min(4) - 1),
            conditions: (0..).take(if conditions { 2 } else { 0 }).collect(),
        }
    }

    /// Some box of it.
    pub(crate) fn cube(&self, rng: &mut Rng) -> Cube {
        let (hook, family) = (*rng.choice(&self.hooks).unwrap(), *rng.choice(&self.families).unwrap());
        self.cube_of(hook, family, rng)
    }

    /// Some box of a hook and family.
    pub(crate) fn cube_of(&self, hook: Hook, family: Family, rng: &mut Rng) -> Cube {
        let [source, destination] = &self.addresses[family as usize];
        Cube {
            states: self.some_states(rng),
            incoming: self.interfaces[0].some(rng),
            outgoing: self.interfaces[1].some(rng),
            source: source.some(rng),
            destination: destination.some(rng),
            transport: self.transports.some(rng),
            source_ports: self.source_ports.some(rng),
            unknowns: self.some_conditions(rng),
            ..Cube::every(hook, family)
        }
    }

    /// A packet of every cell that has one.
    pub(crate) fn packets(&self) -> Vec<Packet> {
        let kinds =
            self.hooks.iter().flat_map(|&hook| self.families.iter().map(move |&family| (hook, family)));
        let mut packets: Vec<Packet> =
            kinds.flat_map(|(hook, family)| self.packets_of(hook, family)).collect();
        packets.retain(exists);
        packets
    }

    fn packets_of(&self, hook: Hook, family: Family) -> Vec<Packet> {
        let [source, destination] = &self.addresses[family as usize];
        let one = Packet {
            hook,
            family,
            state: State::New,
            incoming: 0,
            outgoing: 0,
            source: 0,
            destination: 0,
            transport: 0,
            source_port: 0,
            unknowns: Unknowns::none(),
        };
        let packets = each(&[one], &source.values(), |packet, value| packet.source = value);
        let packets = each(&packets, &destination.values(), |packet, value| packet.destination = value);
        let packets = each(&packets, &self.transports.values(), |packet, value| packet.transport = value);
        let packets = each(&packets, &self.source_ports.values(), |packet, value| packet.source_port = value);
        let packets = each(&packets, &self.interfaces[0].values(), |packet, value| packet.incoming = value);
        let packets = each(&packets, &self.interfaces[1].values(), |packet, value| packet.outgoing = value);
        let packets = each(&packets, &self.states_and_another(), |packet, value| packet.state = value);
        let literals = self.conditions.iter().map(|&number| [(number, false), (number, true)]);
        literals.fold(packets, |packets, values| {
            let also = |(number, holds)| Unknowns::of([(number, holds)]).unwrap();
            each(&packets, &values.map(also), |packet, value| {
                packet.unknowns = packet.unknowns.intersect(&value).unwrap();
            })
        })
    }

    /// The states that boxes ask for, and one that stands for all others: protocols without SYNs have it too.
    fn states_and_another(&self) -> Vec<State> {
        let usual = [State::New, State::Established, State::Related, State::Invalid];
        let another = usual.into_iter().find(|state| !self.states.contains(state));
        self.states.iter().copied().chain(another).collect()
    }

    fn some_states(&self, rng: &mut Rng) -> States {
        let amount = rng.usize(0..=self.states.len());
        let some = States::of(&rng.choose_multiple(self.states.iter().copied(), amount));
        match rng.u32(..100) {
            _ if self.states.is_empty() => States::ANY,
            0..40 => States::ANY,
            40..80 => some,
            _ => States::ANY.subtract(some),
        }
    }

    fn some_conditions(&self, rng: &mut Rng) -> Unknowns {
        let asked = self.conditions.iter().filter(|_| rng.u32(..4) == 0).copied().collect::<Vec<_>>();
        Unknowns::of(asked.into_iter().map(|number| (number, rng.bool()))).unwrap()
    }
}

/// Each of the packets with each of the values.
fn each<T: Clone>(packets: &[Packet], values: &[T], set: fn(&mut Packet, T)) -> Vec<Packet> {
    let with = |packet: &Packet, value: &T| {
        let mut packet = packet.clone();
        set(&mut packet, value.clone());
        packet
    };
    packets.iter().flat_map(|packet| values.iter().map(move |value| with(packet, value))).collect()
}

impl<T: Bounded> Axis<T> {
    /// The cells between so many cuts of a pool; what is below the first and above the last is one cell more.
    fn cut(pool: &[T], cuts: usize, everything: IntervalSet<T>, rng: &mut Rng) -> Self {
        let mut cuts = rng.choose_multiple(pool.iter().copied(), cuts);
        cuts.sort_unstable();
        let cells = cuts.windows(2).map(|pair| (pair[0], pair[1].previous().unwrap())).collect();
        // Zero where it is in none of the cells: it is the source port of packets without one.
        let outside = if cuts[0] > T::MIN { T::MIN } else { cuts[cuts.len() - 1] };
        Self { cells, outside, everything }
    }

    /// Everything, some neighbouring cells, all but these, or rarely nothing.
    fn some(&self, rng: &mut Rng) -> IntervalSet<T> {
        let (first, count) = (rng.usize(..self.cells.len().max(1)), rng.usize(1..=self.cells.len().max(1)));
        let some = IntervalSet::from_intervals(self.cells.iter().copied().skip(first).take(count));
        match rng.u32(..100) {
            _ if self.cells.is_empty() => self.everything.clone(),
            0..40 => self.everything.clone(),
            40..84 => some,
            84..99 => self.everything.subtract(&some),
            _ => IntervalSet::empty(),
        }
    }

    fn values(&self) -> Vec<T> {
        self.cells.iter().map(|&(first, _)| first).chain([self.outside]).collect()
    }
}
