//! A packet of the engine on the wire, and the machine that it is for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mailward::packet::{Family, Hook, ICMP, ICMPV6, Packet, State, TCP, UDP};
use mailward::readback::InterfaceTable;

use crate::kernel::differential::case::{Sender, Shot};
use crate::kernel::differential::gateway::Gateway;
use crate::kernel::differential::witness::Sighting;
use crate::pf::{Path, Wire};

/// The one packet of a machine has this id.
const ID: u16 = 1;

/// An interface for machines that need none.
const SPARE: &str = "em9";

/// Protocols of which connection tracking wants to see more than this test writes: DCCP, SCTP, UDP-Lite.
const LOOKED_INTO: [u8; 3] = [33, 132, 136];

/// A packet on its way through a machine.
pub(super) struct Errand {
    pub(super) shot: Shot,
    path: Path,
    /// Interfaces of the machine.
    interfaces: Vec<String>,
    /// The route to where the packet goes, as `ip` takes it.
    route: String,
}

impl Errand {
    /// A packet that can be sent; else why it cannot.
    pub(super) fn of(packet: &Packet, table: &InterfaceTable) -> Result<Self, &'static str> {
        let wire = wire(packet);
        if crate::pf::state(&wire) != packet.state || LOOKED_INTO.contains(&wire.protocol) {
            return Err("the packet is in a state that the first one of a flow is never in");
        }
        let (incoming, outgoing) = (name(table, packet.incoming), name(table, packet.outgoing));
        let (path, out) = match packet.hook {
            Hook::Input => (Path::Input(incoming), None),
            Hook::Forward => (Path::Forward(incoming, outgoing.clone()), Some(outgoing)),
            Hook::Output => (Path::Output(outgoing.clone()), Some(outgoing)),
        };
        let route = route(wire.destination, out.filter(|name| name != "lo0"))?;
        let interfaces = interfaces(&path);
        let by = interfaces[0].clone();
        let is_own = packet.hook == Hook::Output || matches!(&path, Path::Input(from) if from == "lo0");
        if is_own && wire.source == Ipv4Addr::UNSPECIFIED {
            return Err("the kernel puts an address where there is none");
        }
        let from = if is_own { Sender::Gateway(by) } else { Sender::Outside(by) };
        Ok(Self { shot: Shot { id: ID, packet: wire, from }, path, interfaces, route })
    }

    /// A new machine that the packet can go through.
    pub(super) fn machine(&self) -> Gateway {
        let names: Vec<&str> = self.interfaces.iter().map(String::as_str).collect();
        Gateway::wired(&names, &self.route)
    }

    /// Whether the packet was seen where it is about to be decided.
    pub(super) fn is_seen_in(&self, sighting: &Sighting) -> bool {
        sighting.id == ID && sighting.path() == self.path
    }
}

/// The name of an interface; one that nobody speaks of has any.
fn name(table: &InterfaceTable, number: u16) -> String {
    match table.name(number) {
        Some(name) if name == "lo" => "lo0".to_owned(),
        Some(name) => name,
        None => format!("em{number}"),
    }
}

/// The interfaces on a way but for the loopback, the first one first.
fn interfaces(path: &Path) -> Vec<String> {
    let (first, second) = match path {
        Path::Input(one) | Path::Output(one) => (one, None),
        Path::Forward(from, to) => (from, Some(to).filter(|to| *to != from)),
    };
    let named: Vec<String> =
        [Some(first), second].into_iter().flatten().filter(|name| *name != "lo0").cloned().collect();
    if named.is_empty() { vec![SPARE.to_owned()] } else { named }
}

/// The route to an address: by an interface, or to this machine itself.
fn route(to: IpAddr, by: Option<String>) -> Result<String, &'static str> {
    let is_unicast = match to {
        IpAddr::V4(to) => (1..224).contains(&to.octets()[0]) && !to.is_loopback(),
        IpAddr::V6(to) => to.segments()[0] >> 13 == 1 || to.is_unique_local(),
    };
    match by {
        Some(by) if is_unicast => Ok(format!("route add {to} dev {by}\n")),
        None if to.is_loopback() => Ok(String::new()),
        None if is_unicast => Ok(format!("route add local {to} dev lo\n")),
        _ => Err("nothing leads to the address"),
    }
}

/// The packet on the wire, as it looks if it is the first one of a flow.
fn wire(packet: &Packet) -> Wire {
    let protocol = packet.protocol();
    let [.., high, low] = packet.transport.to_be_bytes();
    let port = if matches!(protocol, TCP | UDP) { u16::from_be_bytes([high, low]) } else { 0 };
    Wire {
        source: address(packet.family, packet.source),
        destination: address(packet.family, packet.destination),
        protocol,
        source_port: packet.source_port,
        destination_port: port,
        flags: match packet.state {
            State::New => 0b10,
            State::Midstream => 0b1_0000,
            _ => 0,
        },
        kind: if matches!(protocol, ICMP | ICMPV6) { (high, low) } else { (0, 0) },
        about: None,
    }
}

fn address(family: Family, number: u128) -> IpAddr {
    match family {
        Family::V4 => Ipv4Addr::from(u32::try_from(number).expect("32 bits")).into(),
        Family::V6 => Ipv6Addr::from(number).into(),
    }
}
