//! What one sentence can say: boxes that differ in one field or in the family only.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::Addresses;
use crate::packet::{
    Bounded, Cube, Family, Hook, ICMP, ICMPV6, IntervalSet, States, TCP, UDP, Unknowns, transports,
};

/// A box of packets of one family or of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scene {
    pub(super) hook: Hook,
    /// In the usual order.
    pub(super) families: Vec<Family>,
    pub(super) states: States,
    pub(super) incoming: IntervalSet<u16>,
    pub(super) outgoing: IntervalSet<u16>,
    /// None of a family that is not there.
    pub(super) source: Addresses,
    pub(super) destination: Addresses,
    /// What each family can carry of it.
    pub(super) transport: IntervalSet<u32>,
    pub(super) source_ports: IntervalSet<u16>,
    pub(super) unknowns: Unknowns,
}

impl Scene {
    /// One box.
    pub(super) fn of(cube: &Cube) -> Self {
        Self::spoken(&plain(cube))
    }

    fn spoken(cube: &Cube) -> Self {
        let of = |set: &IntervalSet<u128>| match cube.family {
            Family::V4 => Addresses { v4: set.clone(), ..Addresses::none() },
            Family::V6 => Addresses { v6: set.clone(), ..Addresses::none() },
        };
        Self {
            hook: cube.hook,
            families: vec![cube.family],
            states: cube.states,
            incoming: cube.incoming.clone(),
            outgoing: cube.outgoing.clone(),
            source: of(&cube.source),
            destination: of(&cube.destination),
            transport: cube.transport.clone(),
            source_ports: cube.source_ports.clone(),
            unknowns: cube.unknowns.clone(),
        }
    }

    /// The family, if there is only one.
    pub(super) fn only_family(&self) -> Option<Family> {
        match self.families.as_slice() {
            [family] => Some(*family),
            _ => None,
        }
    }

    /// Everything that its families can carry.
    pub(super) fn every_transport(&self) -> IntervalSet<u32> {
        IntervalSet::union_of(&self.families.iter().map(|&family| carried(family)).collect::<Vec<_>>())
    }

    /// Both as one, if they are the same but for the family.
    fn with_other_family(&self, other: &Self) -> Option<Self> {
        let common = carried(Family::V4).intersect(&carried(Family::V6));
        let same = self.only_family()? != other.only_family()?
            && (self.hook, self.states) == (other.hook, other.states)
            && self.incoming == other.incoming
            && self.outgoing == other.outgoing
            && self.source_ports == other.source_ports
            && self.unknowns == other.unknowns
            && self.transport.intersect(&common) == other.transport.intersect(&common);
        same.then(|| Self {
            families: Family::ALL.to_vec(),
            source: self.source.union(&other.source),
            destination: self.destination.union(&other.destination),
            transport: self.transport.union(&other.transport),
            ..self.clone()
        })
    }
}

/// The scenes that boxes come to, in the order of the first box of each.
pub(super) fn gather<'c>(cubes: impl IntoIterator<Item = &'c Cube>) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    for cube in merged(cubes.into_iter().flat_map(parts).collect()) {
        let scene = Scene::spoken(&cube);
        let both =
            scenes.iter().enumerate().find_map(|(at, known)| Some((at, known.with_other_family(&scene)?)));
        match both {
            Some((at, both)) => scenes.splice(at..=at, [both]).for_each(drop),
            None => scenes.push(scene),
        }
    }
    scenes
}

/// What a family can carry: ICMP belongs to IPv4 and ICMPv6 to IPv6, whatever a box says, and see
/// [`Family::has_protocol`].
pub(super) fn carried(family: Family) -> IntervalSet<u32> {
    static BY_FAMILY: LazyLock<[IntervalSet<u32>; 2]> = LazyLock::new(|| {
        [(Family::V4, ICMPV6), (Family::V6, ICMP)].map(|(family, foreign)| {
            let carried = (0..=u8::MAX).filter(|&number| number != foreign && family.has_protocol(number));
            IntervalSet::union_of(&carried.map(protocol).collect::<Vec<_>>())
        })
    });
    let [v4, v6] = &*BY_FAMILY;
    match family {
        Family::V4 => v4.clone(),
        Family::V6 => v6.clone(),
    }
}

/// Everything of one protocol.
pub(super) fn protocol(number: u8) -> IntervalSet<u32> {
    transports(number, &IntervalSet::full())
}

/// Everything with ports.
fn with_ports() -> IntervalSet<u32> {
    protocol(TCP).union(&protocol(UDP))
}

/// A box without what means nothing: source ports of a protocol without ports are cut off it, unless there are other
/// protocols too.
fn plain(cube: &Cube) -> Cube {
    match parts(cube).as_slice() {
        [one] => one.clone(),
        _ => cube.clone(),
    }
}

/// The same packets, what has ports apart from what has none where source ports are asked for, and without
/// conditions that mean nothing: states and ports that a protocol does not have, protocols that a family does not
/// carry. Where nothing else is left, the box stays as it is.
fn parts(cube: &Cube) -> Vec<Cube> {
    let transport = cube.transport.intersect(&carried(cube.family));
    let (ported, portless) = (transport.intersect(&with_ports()), transport.subtract(&with_ports()));
    let parts = if cube.source_ports.is_full() || portless.is_empty() {
        vec![Cube { transport, ..cube.clone() }]
    } else {
        let source_ports = every_if_zero(&cube.source_ports);
        vec![
            Cube { transport: ported, ..cube.clone() },
            Cube { transport: portless, source_ports, ..cube.clone() },
        ]
    };
    let parts: Vec<Cube> = parts.into_iter().map(streamless).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { vec![cube.clone()] } else { parts }
}

/// What has no ports counts as having port 0.
fn every_if_zero(ports: &IntervalSet<u16>) -> IntervalSet<u16> {
    if ports.contains(0) { IntervalSet::full() } else { IntervalSet::empty() }
}

/// Without TCP there are no SYNs: whether one is asked for means nothing then.
fn streamless(cube: Cube) -> Cube {
    if cube.transport.overlaps(&protocol(TCP)) {
        return cube;
    }
    let states = cube.states.intersect(States::WITHOUT_SYN);
    let pairs = [States::ESTABLISHED, States::RELATED, States::INVALID, States::UNTRACKED];
    let both =
        pairs.into_iter().filter(|pair| !pair.intersect(states).is_empty()).fold(states, States::union);
    Cube { states: if states == States::WITHOUT_SYN { States::ANY } else { both }, ..cube }
}

/// The same packets in fewer boxes: those that differ in one field become one, field by field until none does.
fn merged(mut cubes: Vec<Cube>) -> Vec<Cube> {
    loop {
        let before = cubes.len();
        cubes = along(cubes, |cube| &mut cube.transport);
        cubes = along(cubes, |cube| &mut cube.source);
        cubes = along(cubes, |cube| &mut cube.destination);
        cubes = along(cubes, |cube| &mut cube.incoming);
        cubes = along(cubes, |cube| &mut cube.outgoing);
        cubes = along(cubes, |cube| &mut cube.source_ports);
        if cubes.len() == before {
            return cubes;
        }
    }
}

/// Boxes that differ in one field only become one.
fn along<T: Bounded>(cubes: Vec<Cube>, field: fn(&mut Cube) -> &mut IntervalSet<T>) -> Vec<Cube> {
    let mut alike: BTreeMap<Cube, (usize, Vec<IntervalSet<T>>)> = BTreeMap::new();
    for (place, mut cube) in cubes.into_iter().enumerate() {
        let values = std::mem::replace(field(&mut cube), IntervalSet::empty());
        alike.entry(cube).or_insert_with(|| (place, Vec::new())).1.push(values);
    }
    let mut merged: Vec<(usize, Cube)> = Vec::with_capacity(alike.len());
    for (mut cube, (place, values)) in alike {
        *field(&mut cube) = IntervalSet::union_of(&values);
        merged.push((place, cube));
    }
    merged.sort_by_key(|(place, _)| *place);
    merged.into_iter().map(|(_, cube)| cube).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::super::sample;
    use super::*;
    use crate::packet::Packet;

    fn holds(scene: &Scene, packet: &Packet) -> bool {
        scene.hook == packet.hook
            && scene.states.contains(packet.state)
            && scene.incoming.contains(packet.incoming)
            && scene.outgoing.contains(packet.outgoing)
            && scene.source.of(packet.family).contains(packet.source)
            && scene.destination.of(packet.family).contains(packet.destination)
            && scene.transport.contains(packet.transport)
            && scene.source_ports.contains(packet.source_port)
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_won(cubes in vec(sample::question(), 1..8)) {
            let scenes = gather(&cubes);
            let is_carried = |packet: &&Packet| carried(packet.family).contains(packet.transport);
            for packet in sample::packets().iter().filter(is_carried) {
                let is_in_a_box = cubes.iter().any(|cube| cube.contains(packet));
                let is_in_a_scene = scenes.iter().any(|scene| holds(scene, packet));
                prop_assert_eq!(is_in_a_box, is_in_a_scene, "{:?} {:?}", packet, scenes);
            }
        }
    }
}
