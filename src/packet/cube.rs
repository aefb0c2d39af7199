//! Boxes of packets: a set of values for each field, and everything in their product.

use super::{Family, Hook, IntervalSet, States};

/// All packets of one hook and family whose fields lie in the given sets.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Source ports; everything where the protocol has none.
    pub source_ports: IntervalSet<u16>,
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
        }
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
            && self.transport.overlaps(&other.transport)
            && self.source.overlaps(&other.source)
            && self.destination.overlaps(&other.destination)
            && self.incoming.overlaps(&other.incoming)
            && self.outgoing.overlaps(&other.outgoing)
            && self.source_ports.overlaps(&other.source_ports)
    }

    /// The packets in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        self.overlaps(other).then(|| Self {
            hook: self.hook,
            family: self.family,
            states: self.states.intersect(other.states),
            incoming: self.incoming.intersect(&other.incoming),
            outgoing: self.outgoing.intersect(&other.outgoing),
            source: self.source.intersect(&other.source),
            destination: self.destination.intersect(&other.destination),
            transport: self.transport.intersect(&other.transport),
            source_ports: self.source_ports.intersect(&other.source_ports),
        })
    }

    /// Whether every packet of this one is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.hook == other.hook
            && self.family == other.family
            && self.states.subtract(other.states).is_empty()
            && self.transport.is_subset(&other.transport)
            && self.source.is_subset(&other.source)
            && self.destination.is_subset(&other.destination)
            && self.incoming.is_subset(&other.incoming)
            && self.outgoing.is_subset(&other.outgoing)
            && self.source_ports.is_subset(&other.source_ports)
    }

    /// The packets of this one that are not in the other, as disjoint boxes.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Vec<Self> {
        let Some(common) = self.intersect(other) else { return vec![self.clone()] };
        let mut rest = Vec::new();
        let mut left = self.clone();
        macro_rules! split {
            ($($field:ident),*) => {$(
                let outside = left.$field.subtract(&common.$field);
                if !outside.is_empty() {
                    rest.push(Self { $field: outside, ..left.clone() });
                }
                left.$field = common.$field.clone();
            )*};
        }
        let outside = left.states.subtract(common.states);
        if !outside.is_empty() {
            rest.push(Self { states: outside, ..left.clone() });
        }
        left.states = common.states;
        split!(transport, source, destination, incoming, outgoing, source_ports);
        rest
    }
}

/// A part of `target` that none of the `cover` holds; none if every packet is covered.
///
/// The part is not all that is left uncovered, only a non-empty box of it.
#[must_use]
pub fn uncovered<'a>(target: &Cube, cover: impl IntoIterator<Item = &'a Cube>) -> Option<Cube> {
    let mut relevant: Vec<&Cube> = Vec::new();
    for cube in cover {
        if target.is_subset(cube) {
            return None;
        }
        if cube.overlaps(target) {
            relevant.push(cube);
        }
    }
    search(target, &relevant)
}

/// Depth first: take what the first cover leaves, piece by piece, through the other covers.
fn search(target: &Cube, cover: &[&Cube]) -> Option<Cube> {
    let Some((first, others)) = cover.split_first() else { return Some(target.clone()) };
    if !first.overlaps(target) {
        return search(target, others);
    }
    target.subtract(first).iter().find_map(|piece| search(piece, others))
}
