//! The boundary of the site: which packets come in over it, go out over it, or stay inside.
//!
//! Inside is what `trust: internal` zones cover, interfaces and networks together; the rest is outside, declared or
//! not. Two cases need a decision:
//!
//! * Where an internal and an untrusted zone overlap, the packet is outside, unless the internal zone lies wholly in the
//!   untrusted one: then it is an island of its own in it, as a LAN is in `0.0.0.0/0`.
//! * An address that an internal zone lists, seen through an interface that is not the zone's, is neither inside nor
//!   outside: it is forged or misrouted, and the baseline's anti-spoofing is there for that. Otherwise every rule that
//!   names a host of the site by its address would seem to speak about the outside.

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
            let here = Here::of(zones, segment.0);
            add(&mut inside, here.inside(), segment);
            add(&mut outside, here.outside(zones), segment);
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

/// The zones at one interface.
struct Here<'z> {
    internal: Vec<&'z Zone>,
    untrusted: Vec<&'z Zone>,
}

impl<'z> Here<'z> {
    fn of(zones: &'z [Zone], interface: u16) -> Self {
        let here = zones.iter().filter(|zone| zone.interfaces.contains(interface));
        let (internal, untrusted) = here.partition(|zone| zone.trust == Trust::Internal);
        Self { internal, untrusted }
    }

    /// The addresses that are inside when they come or go through the interface.
    fn inside(&self) -> Addresses {
        let own = self.internal.iter().map(|zone| unclaimed(zone, &self.untrusted));
        let inside = own.fold(Addresses::none(), |all, own| all.union(&own));
        if self.untrusted.is_empty() && self.internal.iter().any(|zone| !zone.interfaces.is_full()) {
            // What never leaves a link on which only internal zones are is internal.
            return inside.union(&Addresses::link_local());
        }
        inside
    }

    /// The addresses that are outside when they come or go through the interface.
    fn outside(&self, zones: &[Zone]) -> Addresses {
        let listing = |zone: &&Zone| zone.has_networks;
        let listed = zones.iter().filter(|zone| zone.trust == Trust::Internal).filter(listing);
        let claims: Vec<&Zone> = self.untrusted.iter().copied().filter(listing).collect();
        listed.fold(Addresses::every().subtract(&self.inside()), |rest, zone| {
            rest.subtract(&unclaimed(zone, &claims))
        })
    }
}

/// The addresses of an internal zone that no untrusted zone claims.
fn unclaimed(zone: &Zone, untrusted: &[&Zone]) -> Addresses {
    let [v4, v6] = Family::ALL.map(|family| {
        let claims = untrusted.iter().filter(|other| !is_island(zone, other, family));
        let own = zone.addresses.of(family).clone();
        claims.fold(own, |own, other| own.subtract(other.addresses.of(family)))
    });
    Addresses { v4, v6 }
}

/// Whether a zone lies wholly inside another one.
fn is_island(zone: &Zone, sea: &Zone, family: Family) -> bool {
    zone.interfaces.is_subset(&sea.interfaces)
        && zone.addresses.of(family).is_subset(sea.addresses.of(family))
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

#[cfg(test)]
mod tests;
