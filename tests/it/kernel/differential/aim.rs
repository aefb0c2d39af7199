//! Packets that the rules of a policy speak of. Of packets out of the blue most are left to a default.

use std::net::IpAddr;

use fastrand::Rng;
use mailward::model::{Entry, Origin, Policy, number};
use mailward::packet::{Cube, Family, Hook};

use super::case::{Routes, Sender};
use super::gateway::INTERFACES;
use crate::pf::{Pool, Wire, interface_number, is_own, state, transport};

/// What there is to aim with.
pub(super) struct Aim<'c> {
    policy: &'c Policy,
    routes: &'c Routes,
    addresses: Vec<IpAddr>,
    /// What the rules speak of.
    cubes: Vec<Cube>,
}

impl<'c> Aim<'c> {
    /// Aims at the rules of a policy with addresses of a pool.
    pub(super) fn new(policy: &'c Policy, pool: &Pool, routes: &'c Routes) -> Self {
        let rules = policy.entries.iter().filter(|entry| matches!(entry.origin, Origin::Rule(_)));
        let cubes = rules.flat_map(Entry::cubes).collect();
        Self { policy, routes, addresses: pool.addresses().collect(), cubes }
    }

    /// The packet between ends of which a rule speaks, if one does of the rest of it.
    pub(super) fn at_a_rule(&self, packet: &Wire, random: &mut Rng) -> Option<(Wire, Sender)> {
        let family = if packet.source.is_ipv4() { Family::V4 } else { Family::V6 };
        let cubes: Vec<&Cube> = self.cubes.iter().filter(|cube| cube.family == family).collect();
        let cube = any(&cubes, random, |cube| {
            cube.states.contains(state(packet))
                && cube.transport.contains(transport(packet))
                && cube.source_ports.contains(packet.source_port)
        })?;
        let interface = any(&INTERFACES, random, |name| cube.incoming.contains(self.number(name)))?;
        let is_of_family = |address: &IpAddr| address.is_ipv4() == (family == Family::V4);
        let source = any(&self.addresses, random, |address| {
            let is_sender = is_own(*address) == (cube.hook == Hook::Output);
            is_of_family(address) && is_sender && cube.source.contains(number(*address))
        })?;
        let destination = any(&self.addresses, random, |address| {
            let is_behind = self.is_behind(cube, *address);
            is_of_family(address) && is_behind && cube.destination.contains(number(*address))
        })?;
        let interface = interface.to_owned();
        let from =
            if cube.hook == Hook::Output { Sender::Gateway(interface) } else { Sender::Outside(interface) };
        Some((Wire { source, destination, ..packet.clone() }, from))
    }

    /// Whether packets for an address go through the hook of a box, and out by one of its interfaces.
    fn is_behind(&self, cube: &Cube, address: IpAddr) -> bool {
        match cube.hook {
            Hook::Input => is_own(address),
            Hook::Forward | Hook::Output => {
                self.routes.get(&address).is_some_and(|name| cube.outgoing.contains(self.number(name)))
            }
        }
    }

    fn number(&self, interface: &str) -> u16 {
        interface_number(self.policy, interface)
    }
}

fn any<T: Copy>(all: &[T], random: &mut Rng, wanted: impl Fn(&T) -> bool) -> Option<T> {
    let wanted: Vec<T> = all.iter().copied().filter(wanted).collect();
    random.choice(wanted)
}
