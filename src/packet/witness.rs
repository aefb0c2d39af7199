//! One packet out of a box, chosen so that people recognise it.

use super::{Bounded, Cube, Family, Hook, ICMP, ICMPV6, IntervalSet, State, TCP, UDP, Unknowns};

/// A packet with every field decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Packet {
    /// The hook.
    pub hook: Hook,
    /// The address family.
    pub family: Family,
    /// The connection state.
    pub state: State,
    /// Number of the incoming interface.
    pub incoming: u16,
    /// Number of the outgoing interface.
    pub outgoing: u16,
    /// Source address as a number.
    pub source: u128,
    /// Destination address as a number.
    pub destination: u128,
    /// `protocol << 16 | destination port` or `protocol << 16 | type << 8 | code`.
    pub transport: u32,
    /// Source port; 0 where the protocol has none.
    pub source_port: u16,
    /// The conditions that hold; what is not written does not.
    pub unknowns: Unknowns,
}

/// Addresses that the readers of a witness know by name, the best known first, and those that they expect behind interfaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Familiar {
    v4: Vec<u128>,
    v6: Vec<u128>,
    homes: Vec<Home>,
}

/// Addresses of a family that are behind interfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Home {
    family: Family,
    addresses: IntervalSet<u128>,
    interfaces: IntervalSet<u16>,
}

impl Familiar {
    /// How many addresses of each family are kept: each is tried for each witness.
    const MOST: usize = 16;

    /// Adds an address, unless there are enough.
    pub fn add(&mut self, family: Family, address: u128) {
        let known = match family {
            Family::V4 => &mut self.v4,
            Family::V6 => &mut self.v6,
        };
        if known.len() < Self::MOST && !known.contains(&address) {
            known.push(address);
        }
    }

    /// Adds addresses that are behind interfaces.
    pub fn add_home(&mut self, family: Family, addresses: IntervalSet<u128>, interfaces: IntervalSet<u16>) {
        self.homes.push(Home { family, addresses, interfaces });
    }

    fn of(&self, family: Family) -> &[u128] {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// A host at an end of a packet: where there is a choice, one that is behind the interface.
    fn host(&self, end: &End<'_>) -> Option<u128> {
        let known = self.of(end.family);
        let chosen = host(end, known)?;
        let is_here = |home: &&Home| {
            home.family == end.family && end.interface.is_some_and(|number| home.interfaces.contains(number))
        };
        let here = self.homes.iter().filter(is_here);
        if here.clone().any(|home| home.addresses.contains(chosen)) {
            return Some(chosen);
        }
        let at_home = here.map(|home| home.addresses.intersect(end.addresses)).find(|some| !some.is_empty());
        at_home.map_or(Some(chosen), |addresses| host(&End { addresses: &addresses, ..*end }, known))
    }
}

/// One end of a packet.
#[derive(Clone, Copy)]
struct End<'c> {
    family: Family,
    /// The addresses that it may have.
    addresses: &'c IntervalSet<u128>,
    /// Those that read as anybody's, the best first.
    anybody: [[u128; 2]; 3],
    /// The interface behind which it is; none at the end of this machine.
    interface: Option<u16>,
    /// The address of the other end.
    avoid: Option<u128>,
}

/// The first port of the range that systems take source ports from (RFC 6335 §6).
const EPHEMERAL: u16 = 49152;

/// Addresses that read as "somebody, somewhere", for sources and destinations that may be anything: TEST-NET-3, TEST-NET-2 and TEST-NET-1
/// (RFC 5737), and the IPv6 documentation prefix (RFC 3849).
const SOMEBODY: [[u128; 2]; 3] = [
    [0xcb00_7101, 0x2001_0db8_00aa_0000_0000_0000_0000_0001],
    [0xc633_6401, 0x2001_0db8_00bb_0000_0000_0000_0000_0001],
    [0xc000_0201, 0x2001_0db8_00cc_0000_0000_0000_0000_0001],
];
const SOMEWHERE: [[u128; 2]; 3] = [SOMEBODY[1], SOMEBODY[0], SOMEBODY[2]];

/// Addresses that hosts on the Internet have, without the documentation's: the least of them is taken if those are somebody's.
const GLOBAL: [(u128, u128); 2] = [(1 << 24, (10 << 24) - 1), (0x2 << 124, (0x4 << 124) - 1)];

/// Destination ports that people know, the ones this program is about first.
const KNOWN_PORTS: [u16; 12] = [25, 110, 143, 587, 465, 993, 995, 443, 80, 22, 53, 123];

/// Protocols without ports that people know: GRE and ESP.
const KNOWN_PROTOCOLS: [u8; 2] = [47, 50];

impl Packet {
    /// A packet of the box that can exist, always the same one; none if there is none.
    #[must_use]
    pub fn of(cube: &Cube) -> Option<Self> {
        Self::among(cube, &Familiar::default())
    }

    /// The same, of hosts that people know by name where there is a choice.
    #[must_use]
    pub fn among(cube: &Cube, familiar: &Familiar) -> Option<Self> {
        let part = cube.possible_parts().next()?;
        let incoming = interface(&part.incoming, None)?;
        let outgoing = interface(&part.outgoing, Some(incoming).filter(|_| part.hook == Hook::Forward))?;
        let source = familiar.host(&End {
            family: part.family,
            addresses: &part.source,
            anybody: SOMEBODY,
            interface: (part.hook != Hook::Output).then_some(incoming),
            avoid: None,
        })?;
        let destination = familiar.host(&End {
            family: part.family,
            addresses: &part.destination,
            anybody: SOMEWHERE,
            interface: (part.hook != Hook::Input).then_some(outgoing),
            avoid: Some(source),
        })?;
        Some(Self {
            hook: part.hook,
            family: part.family,
            state: part.states.iter().next()?,
            incoming,
            outgoing,
            source,
            destination,
            transport: transport(part.family, &part.transport)?,
            source_port: prefer(&part.source_ports, [EPHEMERAL])?,
            unknowns: part.unknowns.holding(),
        })
    }

    /// The protocol number.
    #[must_use]
    pub fn protocol(&self) -> u8 {
        self.transport.to_be_bytes()[1]
    }

    /// The destination port; none for a protocol without ports.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        matches!(self.protocol(), TCP | UDP).then(|| u16::from_be_bytes(self.lower()))
    }

    /// Type and code of ICMP or ICMPv6; none for other protocols.
    #[must_use]
    pub fn icmp(&self) -> Option<(u8, u8)> {
        let [kind, code] = self.lower();
        matches!(self.protocol(), ICMP | ICMPV6).then_some((kind, code))
    }

    fn lower(&self) -> [u8; 2] {
        let [_, _, high, low] = self.transport.to_be_bytes();
        [high, low]
    }
}

/// The first of the preferred values that is in a set, else its smallest.
fn prefer<T: Bounded>(set: &IntervalSet<T>, preferred: impl IntoIterator<Item = T>) -> Option<T> {
    preferred.into_iter().find(|&value| set.contains(value)).or_else(|| Some(set.bounds()?.0))
}

/// The first interface a policy names (number 1, see [`Interfaces`](crate::model::Interfaces)) or the next
/// one; the loopback (number 0) and the one to avoid only if there is no other.
fn interface(set: &IntervalSet<u16>, avoid: Option<u16>) -> Option<u16> {
    let is_good = |&number: &u16| number != 0 && Some(number) != avoid;
    let mut every = set.intervals().iter().flat_map(|&(first, last)| first..=last);
    every.find(is_good).or_else(|| prefer(set, [1]))
}

/// The one of a pair of values that is of a family.
const fn of_family<T: Copy>(family: Family, [v4, v6]: [T; 2]) -> T {
    match family {
        Family::V4 => v4,
        Family::V6 => v6,
    }
}

/// An address that a host could have: somebody's where it may be anybody's, one of the Internet where a quarter of that is in one piece, else a
/// known one, else a low one. Other than the one to avoid where there is a choice.
fn host(end: &End<'_>, known: &[u128]) -> Option<u128> {
    let set = end.addresses;
    let is_free = |address: &u128| set.contains(*address) && Some(*address) != end.avoid;
    let mut anybody = end.anybody.map(|pair| of_family(end.family, pair)).into_iter();
    if let Some(first) = anybody.next().filter(is_free) {
        return Some(first);
    }
    let (start, last) = of_family(end.family, GLOBAL);
    let is_wide =
        |&(first, end): &(u128, u128)| end.min(last).saturating_sub(first.max(start)) > (last - start) / 4;
    if set.intervals().iter().any(is_wide) {
        let global = set.intersect(&IntervalSet::range(start, last));
        return anybody.find(is_free).or_else(|| low(&global, end.avoid));
    }
    known.iter().copied().find(is_free).or_else(|| low(set, end.avoid))
}

/// A low address of a set.
fn low(set: &IntervalSet<u128>, avoid: Option<u128>) -> Option<u128> {
    let (start, end) = *set.intervals().first()?;
    // The first address of a prefix names the network, unless the prefix has two addresses or one (RFC 3021).
    let first = if start % 4 == 0 && end - start >= 3 { start + 1 } else { start };
    (first..=end).take(2).find(|&address| Some(address) != avoid).or(Some(first))
}

/// A protocol with a port or a type that people know.
fn transport(family: Family, set: &IntervalSet<u32>) -> Option<u32> {
    let echo = match family {
        Family::V4 => (ICMP, 8 << 8),
        Family::V6 => (ICMPV6, 128 << 8),
    };
    let ports = |protocol| KNOWN_PORTS.into_iter().map(move |port| (protocol, port));
    let others = KNOWN_PROTOCOLS.into_iter().map(|protocol| (protocol, 0));
    let known = ports(TCP).chain([(UDP, 53)]).chain(ports(UDP)).chain([echo]).chain(others);
    let known = known.map(|(protocol, lower): (u8, u16)| super::transport(protocol, lower));
    prefer(set, known)
        .map(|value| if is_port_zero(value) && set.contains(value + 1) { value + 1 } else { value })
}

/// Whether it is port 0 of TCP or UDP, which nobody uses (IANA: reserved).
fn is_port_zero(transport: u32) -> bool {
    [TCP, UDP].into_iter().any(|protocol| transport == super::transport(protocol, 0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{States, tiny, transports};
    use super::*;

    fn forward(family: Family) -> Cube {
        Cube::every(Hook::Forward, family)
    }

    fn of(cube: &Cube) -> Packet {
        Packet::of(cube).unwrap()
    }

    fn tcp(first: u16, last: u16) -> IntervalSet<u32> {
        transports(TCP, &IntervalSet::range(first, last))
    }

    proptest! {
        #[test]
        fn a_witness_is_in_its_box_and_can_exist(cube in tiny::cube()) {
            match Packet::of(&cube) {
                Some(packet) => {
                    prop_assert!(cube.contains(&packet));
                    prop_assert!(tiny::packets().contains(&packet));
                }
                None => prop_assert!(tiny::packets().iter().all(|packet| !cube.contains(packet))),
            }
        }
    }

    #[test]
    fn everything_is_a_mail_from_somebody_to_somewhere() {
        let packet = of(&forward(Family::V4));
        let expected = Packet {
            hook: Hook::Forward,
            family: Family::V4,
            state: State::New,
            incoming: 1,
            outgoing: 2,
            source: 0xcb00_7101,
            destination: 0xc633_6401,
            transport: 0x06_0019,
            source_port: 49152,
            unknowns: Unknowns::none(),
        };
        assert_eq!(packet, expected);
    }

    #[test]
    fn hosts_have_addresses_that_hosts_have() {
        let network = IntervalSet::range(0x0a14_0000, 0x0a14_ffff);
        let within = Cube { source: network.clone(), destination: network, ..forward(Family::V4) };
        let packet = of(&within);
        assert_eq!((packet.source, packet.destination), (0x0a14_0001, 0x0a14_0002));
        for (first, last) in [(0x0a14_0005, 0x0a14_0009), (0x0a14_0000, 0x0a14_0001), (u128::MAX, u128::MAX)]
        {
            let cube = Cube { source: IntervalSet::range(first, last), ..forward(Family::V6) };
            assert_eq!(of(&cube).source, first, "a range, a pair of hosts, a single one");
        }
    }

    #[test]
    fn hosts_that_people_know_by_name_come_first() {
        let network = IntervalSet::range(0x0a14_0000, 0x0a14_ffff);
        let within = Cube { source: network.clone(), destination: network, ..forward(Family::V4) };
        let mut familiar = Familiar::default();
        for address in [0x0a14_0019, 0x0b00_0001, 0x0a14_0020] {
            familiar.add(Family::V4, address);
        }
        let packet = Packet::among(&within, &familiar).unwrap();
        assert_eq!((packet.source, packet.destination), (0x0a14_0019, 0x0a14_0020));
        let anybody = Packet::among(&forward(Family::V4), &familiar).unwrap();
        assert_eq!(anybody.source, 0xcb00_7101, "everybody is more than a known host");
    }

    #[test]
    fn anybody_has_an_address_of_the_internet_whatever_is_taken() {
        let taken =
            |networks: &[(u128, u128)]| IntervalSet::from_intervals(networks.iter().copied()).complement();
        let source = |source: &IntervalSet<u128>| {
            let source = source.intersect(&Family::V4.every_address());
            of(&Cube { source, ..forward(Family::V4) }).source
        };
        let (one, two, three) =
            ((0xc000_0200, 0xc000_02ff), (0xc633_6400, 0xc633_64ff), (0xcb00_7100, 0xcb00_71ff));
        assert_eq!(source(&taken(&[three])), 0xc633_6401);
        let source_taken = taken(&[three]).intersect(&Family::V4.every_address());
        let both = of(&Cube { source: source_taken, ..forward(Family::V4) });
        assert_ne!(both.source, both.destination, "nobody sends to himself over a firewall");
        assert_eq!(source(&taken(&[two, three])), 0xc000_0201);
        assert_eq!(source(&taken(&[one, two, three])), 0x0100_0001, "and not 0.0.0.1, which nobody has");
    }

    #[test]
    fn hosts_are_behind_their_interfaces_where_there_is_a_choice() {
        let lan = IntervalSet::range(0xcb00_7100, 0xcb00_71ff);
        let mut familiar = Familiar::default();
        familiar.add_home(Family::V4, lan.clone(), IntervalSet::single(1));
        familiar.add_home(Family::V4, lan.complement(), IntervalSet::single(2));
        let from = |incoming, source| {
            let cube = Cube { incoming: IntervalSet::single(incoming), source, ..forward(Family::V4) };
            Packet::among(&cube, &familiar).unwrap().source
        };
        assert_eq!(from(1, Family::V4.every_address()), 0xcb00_7101);
        assert_eq!(from(2, Family::V4.every_address()), 0xc633_6401, "the other address is in the lan");
        assert_eq!(from(2, lan), 0xcb00_7101, "there is no choice");
    }

    #[test]
    fn services_that_people_know_come_first() {
        let to = |transport| of(&Cube { transport, ..forward(Family::V4) }).transport & 0xffff;
        assert_eq!(to(tcp(100, 200)), 110);
        assert_eq!(to(tcp(9000, 9010)), 9000);
        assert_eq!(to(tcp(0, 9)), 1, "port 0 is reserved");
        assert_eq!(to(tcp(0, 0)), 0);
        assert_eq!(to(IntervalSet::range(0x11_0000, 0x11_ffff)), 53);
        assert_eq!(to(IntervalSet::range(0x01_0000, 0x01_ffff)), 0x0800, "echo request");
    }

    #[test]
    fn protocols_that_people_know_come_first() {
        let streams =
            IntervalSet::range(0x06_0000, 0x06_ffff).union(&IntervalSet::range(0x11_0000, 0x11_ffff));
        let portless = |family| Cube { transport: streams.complement(), ..forward(family) };
        assert_eq!(of(&portless(Family::V4)).icmp(), Some((8, 0)));
        assert_eq!(of(&portless(Family::V6)).icmp(), Some((128, 0)));
        let rest = Cube { transport: IntervalSet::range(0x02_0000, 0x05_ffff), ..forward(Family::V4) };
        assert_eq!((of(&rest).protocol(), of(&rest).port(), of(&rest).source_port), (2, None, 0));
    }

    #[test]
    fn interfaces_with_names_come_first() {
        let on = |incoming| of(&Cube { incoming, ..forward(Family::V4) }).incoming;
        assert_eq!(on(IntervalSet::full()), 1);
        assert_eq!(on(IntervalSet::from_intervals([(0, 0), (3, 3)])), 3);
        assert_eq!(on(IntervalSet::single(0)), 0);
        let hairpin = Cube {
            incoming: IntervalSet::single(2),
            outgoing: IntervalSet::single(2),
            ..forward(Family::V4)
        };
        assert_eq!(of(&hairpin).outgoing, 2);
    }

    #[test]
    fn only_tcp_is_midstream() {
        let states = States::of(&[State::Midstream, State::Untracked]);
        assert_eq!(of(&Cube { states, ..forward(Family::V6) }).state, State::Midstream);
        let udp = IntervalSet::range(0x11_0000, 0x11_ffff);
        assert_eq!(of(&Cube { states, transport: udp, ..forward(Family::V6) }).state, State::Untracked);
    }
}
