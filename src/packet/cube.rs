//! Boxes of packets: a set of values for each field, and everything in their product.

use std::iter;
use std::sync::LazyLock;

use super::field::Field;
use super::{Family, Hook, IntervalSet, Packet, States, TCP, UDP, Unknowns, transport, transports};

/// All packets of one hook and family whose fields lie in the given sets.
///
/// A box may also speak of packets that cannot exist: SYNs of a protocol without them, or source ports of a
/// protocol without ports. [`Cube::possible`] leaves them out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cube {
    /// The hook.
    pub hook: Hook,
    /// The address family.
    pub family: Family,
    /// Connection states.
    pub states: States,
    /// Incoming interfaces, by number; everything in the output hook.
    pub incoming: IntervalSet<u16>,
    /// Outgoing interfaces, by number; everything in the input hook.
    pub outgoing: IntervalSet<u16>,
    /// Source addresses; IPv4 in the lower 32 bits.
    pub source: IntervalSet<u128>,
    /// Destination addresses.
    pub destination: IntervalSet<u128>,
    /// Protocol and what follows it: `protocol << 16 | destination port`, or `protocol << 16 | type << 8 | code`
    /// for ICMP and ICMPv6; for other protocols the lower half is free.
    pub transport: IntervalSet<u32>,
    /// Source ports. Packets of a protocol without ports count as having port 0, so that "everything" means
    /// them too and a choice of ports does not.
    pub source_ports: IntervalSet<u16>,
    /// Conditions that mailward cannot look into; those of a policy have none.
    pub unknowns: Unknowns,
}

impl Cube {
    /// Every packet of a hook and family.
    #[must_use]
    pub fn every(hook: Hook, family: Family) -> Self {
        Self {
            hook,
            family,
            states: States::ANY,
            incoming: IntervalSet::full(),
            outgoing: IntervalSet::full(),
            source: family.every_address(),
            destination: family.every_address(),
            transport: IntervalSet::range(0, 0xff_ffff),
            source_ports: IntervalSet::full(),
            unknowns: Unknowns::none(),
        }
    }

    /// One packet, and every other that differs from it in conditions it does not speak of.
    #[must_use]
    pub fn single(packet: &Packet) -> Self {
        Self {
            hook: packet.hook,
            family: packet.family,
            states: States::of(&[packet.state]),
            incoming: IntervalSet::single(packet.incoming),
            outgoing: IntervalSet::single(packet.outgoing),
            source: IntervalSet::single(packet.source),
            destination: IntervalSet::single(packet.destination),
            transport: IntervalSet::single(packet.transport),
            source_ports: IntervalSet::single(packet.source_port),
            unknowns: packet.unknowns.clone(),
        }
    }

    /// Whether a packet is in it.
    #[must_use]
    pub fn contains(&self, packet: &Packet) -> bool {
        self.hook == packet.hook
            && self.family == packet.family
            && self.states.contains(packet.state)
            && self.source.contains(packet.source)
            && self.destination.contains(packet.destination)
            && self.transport.contains(packet.transport)
            && self.incoming.contains(packet.incoming)
            && self.outgoing.contains(packet.outgoing)
            && self.source_ports.contains(packet.source_port)
            && self.unknowns.hold_in(&packet.unknowns)
    }

    /// Whether it holds no packet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
            || self.incoming.is_empty()
            || self.outgoing.is_empty()
            || self.source.is_empty()
            || self.destination.is_empty()
            || self.transport.is_empty()
            || self.source_ports.is_empty()
    }

    /// Whether some packet is in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.hook == other.hook
            && self.family == other.family
            && !self.states.intersect(other.states).is_empty()
            && !Field::ALL.into_iter().any(|field| self.is_apart(field, other))
            && !self.unknowns.contradicts(&other.unknowns)
    }

    /// The packets in both; none if there are none.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        if !self.overlaps(other) {
            return None;
        }
        let mut both = Self { unknowns: self.unknowns.intersect(&other.unknowns)?, ..self.clone() };
        for field in Field::ALL {
            both.keep(field, other);
        }
        Some(both)
    }

    /// Whether every packet of this one is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        let is_within = || {
            self.hook == other.hook
                && self.family == other.family
                && Field::ALL.into_iter().all(|field| self.is_within(field, other))
                && self.unknowns.imply(&other.unknowns)
        };
        self.is_empty() || is_within()
    }

    /// The packets of this one that are not in the other, as disjoint boxes, none of them empty.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Vec<Self> {
        let mut left = self.clone();
        let mut rest = Vec::new();
        if !self.overlaps(other) {
            return if self.is_empty() { rest } else { vec![left] };
        }
        for field in Field::ALL {
            let mut outside = left.clone();
            outside.take_out(field, other);
            left.keep(field, other);
            rest.extend(Some(outside).filter(|outside| !outside.is_empty()));
        }
        for (number, holds) in self.unknowns.missing(&other.unknowns) {
            let with = |holds| left.unknowns.intersect(&Unknowns::of([(number, holds)])?);
            rest.extend(with(!holds).map(|unknowns| Self { unknowns, ..left.clone() }));
            left.unknowns = with(holds).unwrap_or_default();
        }
        rest
    }

    /// The same packets without those that cannot exist, as disjoint boxes: TCP, UDP, and the protocols without
    /// ports, of which IPv6 has fewer (see [`Family::has_protocol`]). Every packet of what is left can exist, so every
    /// part of it has a witness.
    #[must_use]
    pub fn possible(&self) -> Vec<Self> {
        self.possible_parts().collect()
    }

    /// [`Cube::possible`], one part after the other.
    pub(super) fn possible_parts(&self) -> impl Iterator<Item = Self> {
        let tcp = || self.of_protocols(&protocol(TCP), States::ANY, &IntervalSet::full());
        let udp = || self.of_protocols(&protocol(UDP), States::WITHOUT_SYN, &IntervalSet::full());
        let others =
            || self.of_protocols(without_ports(self.family), States::WITHOUT_SYN, &IntervalSet::single(0));
        let rest = iter::once_with(udp).chain(iter::once_with(others));
        iter::once_with(tcp).chain(rest).filter(|part| !part.is_empty())
    }

    fn of_protocols(&self, transport: &IntervalSet<u32>, states: States, ports: &IntervalSet<u16>) -> Self {
        Self {
            states: self.states.intersect(states),
            transport: self.transport.intersect(transport),
            source_ports: self.source_ports.intersect(ports),
            ..self.clone()
        }
    }
}

/// Everything of one protocol.
pub(super) fn protocol(number: u8) -> IntervalSet<u32> {
    transports(number, &IntervalSet::full())
}

/// Everything of the protocols without ports that packets of a family can have.
pub(super) fn without_ports(family: Family) -> &'static IntervalSet<u32> {
    static V4: LazyLock<IntervalSet<u32>> = LazyLock::new(|| portless(Family::V4));
    static V6: LazyLock<IntervalSet<u32>> = LazyLock::new(|| portless(Family::V6));
    match family {
        Family::V4 => &V4,
        Family::V6 => &V6,
    }
}

fn portless(family: Family) -> IntervalSet<u32> {
    let portless = |number: &u8| ![TCP, UDP].contains(number) && family.has_protocol(*number);
    let whole = |number| (transport(number, 0), transport(number, u16::MAX));
    IntervalSet::from_intervals((0..=u8::MAX).filter(portless).map(whole))
}

#[cfg(test)]
mod tests;
