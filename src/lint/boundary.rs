//! The boundary of the site: which packets come in over it, go out over it, or stay inside.
//!
//! Inside is what `trust: internal` zones cover; everything else is outside, declared or not. Where an internal and
//! an untrusted zone overlap, the packet is outside, unless the internal zone lies wholly in the untrusted one: then
//! it is an island of its own in it, as a LAN is in `0.0.0.0/0`.

use std::collections::{BTreeMap, BTreeSet};

use super::Packets;
use crate::model::{Addresses, Interfaces, Trust, Zone};
use crate::packet::{Cube, Family, Hook, IntervalSet, States};

/// The two sides, each as interfaces with the addresses behind them. Loopback is on neither.
#[derive(Debug)]
pub(super) struct Boundary {
    inside: Vec<Place>,
    outside: Vec<Place>,
}

/// Addresses behind interfaces.
#[derive(Clone, Debug)]
struct Place {
    interfaces: IntervalSet<u16>,
    addresses: Addresses,
}

impl Boundary {
    /// The boundary that zones draw.
    pub(super) fn of(zones: &[Zone]) -> Self {
        let mut inside = BTreeMap::new();
        let mut outside = BTreeMap::new();
        for segment in segments(zones) {
            let addresses = inside_at(zones, segment.0);
            add(&mut outside, Addresses::every().subtract(&addresses), segment);
            add(&mut inside, addresses, segment);
        }
        let mut outside = places(outside);
        outside.sort_by_key(|place| !is_declared(place, zones)); // witnesses then cross a border people know
        Self { inside: places(inside), outside }
    }

    /// Packets that open a flow from the inside or this machine to the outside.
    ///
    /// Without any internal zone nobody knows where inside is: then every forwarded packet counts, rather than none.
    pub(super) fn outward(&self) -> Packets {
        let mut cubes = between(self.inside_or_everything(), &self.outside);
        cubes.extend(to(&self.outside));
        Packets::new(cubes)
    }

    /// Packets that open a flow from the outside to the inside or this machine; see [`Boundary::outward`] for
    /// policies without an internal zone.
    pub(super) fn inward(&self) -> Packets {
        let mut cubes = between(&self.outside, self.inside_or_everything());
        cubes.extend(from(&self.outside));
        Packets::new(cubes)
    }

    /// Packets that open a flow between the inside and itself, this machine included, but not within this machine.
    pub(super) fn internal(&self) -> Packets {
        let mut cubes = between(&self.inside, &self.inside);
        cubes.extend(from(&self.inside));
        cubes.extend(to(&self.inside));
        Packets::new(cubes)
    }

    /// Packets that open a flow from the outside to anywhere: this machine, the inside, the outside again.
    pub(super) fn entering(&self) -> Packets {
        let mut cubes = between(&self.outside, &[Place::anywhere()]);
        cubes.extend(from(&self.outside));
        Packets::new(cubes)
    }

    fn inside_or_everything(&self) -> &[Place] {
        if self.inside.is_empty() { &self.outside } else { &self.inside }
    }
}

impl Place {
    /// Everything but loopback.
    fn anywhere() -> Self {
        Self {
            interfaces: IntervalSet::range(Interfaces::LOOPBACK + 1, u16::MAX),
            addresses: Addresses::every(),
        }
    }
}

/// Packets that open a flow in a hook.
pub(super) fn opening(hook: Hook, family: Family) -> Cube {
    Cube { states: States::NEW, ..Cube::every(hook, family) }
}

/// Forwarded packets between places.
fn between(sources: &[Place], destinations: &[Place]) -> Vec<Cube> {
    let pairs = sources.iter().flat_map(|from| destinations.iter().map(move |to| (from, to)));
    let cubes = pairs.flat_map(|(from, to)| {
        Family::ALL.map(|family| Cube {
            incoming: from.interfaces.clone(),
            outgoing: to.interfaces.clone(),
            source: from.addresses.of(family).clone(),
            destination: to.addresses.of(family).clone(),
            ..opening(Hook::Forward, family)
        })
    });
    cubes.collect()
}

/// Packets from places to this machine.
fn from(sources: &[Place]) -> Vec<Cube> {
    let cubes = sources.iter().flat_map(|from| {
        Family::ALL.map(|family| Cube {
            incoming: from.interfaces.clone(),
            source: from.addresses.of(family).clone(),
            ..opening(Hook::Input, family)
        })
    });
    cubes.collect()
}

/// Packets from this machine to places.
fn to(destinations: &[Place]) -> Vec<Cube> {
    let cubes = destinations.iter().flat_map(|to| {
        Family::ALL.map(|family| Cube {
            outgoing: to.interfaces.clone(),
            destination: to.addresses.of(family).clone(),
            ..opening(Hook::Output, family)
        })
    });
    cubes.collect()
}

/// The interfaces but loopback, cut wherever a zone starts or ends.
fn segments(zones: &[Zone]) -> Vec<(u16, u16)> {
    let first = Interfaces::LOOPBACK + 1;
    let intervals = zones.iter().flat_map(|zone| zone.interfaces.intervals());
    let cuts = intervals.flat_map(|&(start, end)| [Some(start), end.checked_add(1)]).flatten();
    let starts: BTreeSet<u16> = cuts.filter(|&cut| cut > first).chain([first]).collect();
    let ends = starts.iter().skip(1).map(|start| start - 1).chain([u16::MAX]);
    starts.iter().copied().zip(ends).collect()
}

/// The addresses that are inside when they come or go through an interface.
fn inside_at(zones: &[Zone], interface: u16) -> Addresses {
    let here: Vec<&Zone> = zones.iter().filter(|zone| zone.interfaces.contains(interface)).collect();
    let (internal, untrusted): (Vec<&Zone>, Vec<&Zone>) =
        here.into_iter().partition(|zone| zone.trust == Trust::Internal);
    let [v4, v6] = Family::ALL.map(|family| inside_of(&internal, &untrusted, family));
    let inside = Addresses { v4, v6 };
    if untrusted.is_empty() && internal.iter().any(|zone| !zone.interfaces.is_full()) {
        return inside.union(&link_local());
    }
    inside
}

/// The internal addresses of one family that no untrusted zone claims.
fn inside_of(internal: &[&Zone], untrusted: &[&Zone], family: Family) -> IntervalSet<u128> {
    let own = internal.iter().map(|zone| {
        let others = untrusted.iter().filter(|other| !is_island(zone, other, family));
        others.fold(zone.addresses.of(family).clone(), |own, other| own.subtract(other.addresses.of(family)))
    });
    own.fold(IntervalSet::empty(), |all, own| all.union(&own))
}

/// Whether a zone lies wholly inside another one.
fn is_island(zone: &Zone, sea: &Zone, family: Family) -> bool {
    zone.interfaces.is_subset(&sea.interfaces)
        && zone.addresses.of(family).is_subset(sea.addresses.of(family))
}

/// Link-local addresses never leave their link (RFC 3927 §7, RFC 4291 §2.5.6): on an interface where only internal
/// zones are, they are internal.
fn link_local() -> Addresses {
    let (v4, v6) = (0xa9fe_0000, 0xfe80 << 112);
    Addresses { v4: IntervalSet::range(v4, v4 | 0xffff), v6: IntervalSet::range(v6, v6 | (u128::MAX >> 10)) }
}

/// Whether an untrusted zone was declared there.
fn is_declared(place: &Place, zones: &[Zone]) -> bool {
    let mut untrusted = zones.iter().filter(|zone| zone.trust == Trust::Untrusted);
    untrusted.any(|zone| zone.interfaces.overlaps(&place.interfaces))
}

/// Notes addresses behind an interval of interfaces.
fn add(side: &mut BTreeMap<Addresses, Vec<(u16, u16)>>, addresses: Addresses, interfaces: (u16, u16)) {
    if !addresses.is_empty() {
        side.entry(addresses).or_default().push(interfaces);
    }
}

/// One place for each distinct set of addresses.
fn places(side: BTreeMap<Addresses, Vec<(u16, u16)>>) -> Vec<Place> {
    let place = |(addresses, interfaces): (Addresses, Vec<(u16, u16)>)| Place {
        interfaces: IntervalSet::from_intervals(interfaces),
        addresses,
    };
    side.into_iter().map(place).collect()
}
