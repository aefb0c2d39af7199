//! The packets a check asks about.

use crate::model::{Addresses, Interfaces};
use crate::packet::{Cube, Hook, IntervalSet, TCP, UDP, transports};

/// A union of boxes, narrowed step by step: `context.outward().tcp(&[110])`.
#[derive(Clone, Debug)]
pub struct Packets {
    // INVARIANT: no box is empty.
    cubes: Vec<Cube>,
}

impl Packets {
    /// The union of boxes.
    #[must_use]
    pub fn new(mut cubes: Vec<Cube>) -> Self {
        cubes.retain(|cube| !cube.is_empty());
        Self { cubes }
    }

    /// The boxes; none is empty.
    #[must_use]
    pub fn cubes(&self) -> &[Cube] {
        &self.cubes
    }

    /// Those to TCP ports.
    #[must_use]
    pub fn tcp(&self, ports: &[u16]) -> Self {
        self.transport(&to_ports(TCP, ports))
    }

    /// Those to UDP ports.
    #[must_use]
    pub fn udp(&self, ports: &[u16]) -> Self {
        self.transport(&to_ports(UDP, ports))
    }

    /// Those whose [`Cube::transport`] is in the set.
    #[must_use]
    pub fn transport(&self, transport: &IntervalSet<u32>) -> Self {
        self.map(|cube| Cube { transport: cube.transport.intersect(transport), ..cube.clone() })
    }

    /// Those of one hook.
    #[must_use]
    pub fn in_hook(&self, hook: Hook) -> Self {
        Self { cubes: self.cubes.iter().filter(|cube| cube.hook == hook).cloned().collect() }
    }

    /// Those of the other hooks.
    #[must_use]
    pub fn not_in_hook(&self, hook: Hook) -> Self {
        Self { cubes: self.cubes.iter().filter(|cube| cube.hook != hook).cloned().collect() }
    }

    /// Those that neither come from the loopback interface nor go there.
    #[must_use]
    pub fn off_loopback(&self) -> Self {
        let link = IntervalSet::range(Interfaces::LOOPBACK + 1, u16::MAX);
        let off = |set: &IntervalSet<u16>, known| if known { set.intersect(&link) } else { set.clone() };
        self.map(|cube| Cube {
            incoming: off(&cube.incoming, cube.hook != Hook::Output),
            outgoing: off(&cube.outgoing, cube.hook != Hook::Input),
            ..cube.clone()
        })
    }

    /// Those to one of the addresses.
    #[must_use]
    pub fn only_to(&self, destinations: &Addresses) -> Self {
        self.map(|cube| Cube {
            destination: cube.destination.intersect(destinations.of(cube.family)),
            ..cube.clone()
        })
    }

    /// Those from one of the addresses.
    #[must_use]
    pub fn only_from(&self, sources: &Addresses) -> Self {
        self.map(|cube| Cube { source: cube.source.intersect(sources.of(cube.family)), ..cube.clone() })
    }

    /// Those from elsewhere.
    #[must_use]
    pub fn not_from(&self, sources: &Addresses) -> Self {
        self.map(|cube| Cube { source: cube.source.subtract(sources.of(cube.family)), ..cube.clone() })
    }

    /// Those in one of the boxes.
    #[must_use]
    pub fn within(&self, boxes: &[Cube]) -> Self {
        let inside = |cube: &Cube| boxes.iter().filter_map(|one| cube.intersect(one)).collect::<Vec<Cube>>();
        Self::new(self.cubes.iter().flat_map(inside).collect())
    }

    /// Those outside of a box.
    #[must_use]
    pub fn without(&self, taken: &Cube) -> Self {
        Self::new(self.cubes.iter().flat_map(|cube| cube.subtract(taken)).collect())
    }

    /// Those to elsewhere.
    #[must_use]
    pub fn not_to(&self, destinations: &Addresses) -> Self {
        self.map(|cube| Cube {
            destination: cube.destination.subtract(destinations.of(cube.family)),
            ..cube.clone()
        })
    }

    /// For each hook and family a box around the packets: all addresses and interfaces, the traffic of any of them.
    pub(super) fn hulls(&self) -> Vec<Cube> {
        let mut hulls: Vec<Cube> = Vec::new();
        for cube in &self.cubes {
            match hulls.iter_mut().find(|hull| hull.hook == cube.hook && hull.family == cube.family) {
                Some(hull) if hull.transport == cube.transport => {}
                Some(hull) => hull.transport = hull.transport.union(&cube.transport),
                None => {
                    let transport = cube.transport.clone();
                    hulls.push(Cube { transport, ..Cube::every(cube.hook, cube.family) });
                }
            }
        }
        hulls
    }

    fn map(&self, narrow: impl Fn(&Cube) -> Cube) -> Self {
        Self::new(self.cubes.iter().map(narrow).collect())
    }
}

/// Values of [`Cube::transport`] for ports of TCP or UDP.
pub(super) fn to_ports(protocol: u8, ports: &[u16]) -> IntervalSet<u32> {
    transports(protocol, &IntervalSet::from_intervals(ports.iter().map(|&port| (port, port))))
}
