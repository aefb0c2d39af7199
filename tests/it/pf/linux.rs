//! What the model says of a packet on the wire: first match, with the state that Linux's connection tracking would
//! give the packet.

use std::net::IpAddr;

use mailward::model::{Entry, Interfaces, Origin, Policy, Verdict, number};
use mailward::packet::{Cube, Family, Hook, Packet, State, Unknowns};

use super::machine::{Fate, Path, Wire};

/// What the model wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) fate: Fate,
    pub(crate) logged: bool,
    pub(crate) by: Origin,
}

/// The state of a packet without a known flow (`net/netfilter/nf_conntrack_proto_*.c`).
pub(crate) fn state(packet: &Wire) -> State {
    let discovery = 130..=136;
    match (packet.protocol, packet.kind.0) {
        // Of FIN, SYN, RST and ACK: SYN alone, ACK alone, anything else.
        (6, _) => match packet.flags & 0b1_0111 {
            0b10 => State::New,
            0b1_0000 => State::Midstream,
            _ => State::Invalid,
        },
        (1, 8 | 13 | 15 | 17) | (58, 128 | 139) => State::New,
        (58, kind) if discovery.contains(&kind) || kind == 143 => State::Untracked,
        (1 | 58, _) => State::Invalid,
        _ => State::New,
    }
}

/// The entries of a policy with their boxes.
pub(crate) struct Model<'p> {
    policy: &'p Policy,
    entries: Vec<(&'p Entry, Vec<Cube>)>,
}

impl<'p> Model<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self { policy, entries: policy.entries.iter().map(|entry| (entry, entry.cubes())).collect() }
    }

    /// First match.
    pub(crate) fn wanted(&self, packet: &Wire, path: &Path, state: State) -> Wanted {
        let packet = modelled(self.policy, packet, path, state);
        let mut logged = false;
        let deciding = self.entries.iter().filter(|(_, cubes)| cubes.iter().any(|cube| holds(cube, &packet)));
        for (entry, _) in deciding {
            logged |= entry.log.is_some();
            let fate = match entry.verdict {
                Verdict::Observe => continue,
                Verdict::Accept => Fate::Pass,
                Verdict::Drop => Fate::Drop,
                Verdict::Reject if packet.transport >> 16 == 6 => Fate::Reset,
                Verdict::Reject => Fate::Unreachable,
            };
            return Wanted { fate, logged, by: entry.origin };
        }
        panic!("the default matches everything")
    }
}

fn modelled(policy: &Policy, packet: &Wire, path: &Path, state: State) -> Packet {
    let (hook, incoming, outgoing) = match path {
        Path::Input(from) => (Hook::Input, interface_number(policy, from), 0),
        Path::Output(to) => (Hook::Output, 0, interface_number(policy, to)),
        Path::Forward(from, to) => {
            (Hook::Forward, interface_number(policy, from), interface_number(policy, to))
        }
    };
    Packet {
        hook,
        family: if packet.source.is_ipv4() { Family::V4 } else { Family::V6 },
        state,
        incoming,
        outgoing,
        source: number(packet.source),
        destination: number(packet.destination),
        transport: transport(packet),
        source_port: packet.source_port,
        unknowns: Unknowns::none(),
    }
}

/// The protocol of a packet and what a policy may say of what follows it, as [`Packet::transport`] has it.
pub(crate) fn transport(packet: &Wire) -> u32 {
    let kind = u32::from(packet.kind.0) << 8 | u32::from(packet.kind.1);
    let low = match packet.protocol {
        1 | 58 => kind,
        6 | 17 => u32::from(packet.destination_port),
        _ => 0,
    };
    u32::from(packet.protocol) << 16 | low
}

/// The number of an interface; the last one for any that the policy does not name.
pub(crate) fn interface_number(policy: &Policy, name: &str) -> u16 {
    let named = policy.interfaces.named().find(|(_, known)| known.as_str() == name);
    match named {
        Some((number, _)) => number,
        None if name == "lo0" => Interfaces::LOOPBACK,
        None => u16::MAX,
    }
}

fn holds(cube: &Cube, packet: &Packet) -> bool {
    cube.hook == packet.hook
        && cube.family == packet.family
        && cube.states.contains(packet.state)
        && cube.incoming.contains(packet.incoming)
        && cube.outgoing.contains(packet.outgoing)
        && cube.source.contains(packet.source)
        && cube.destination.contains(packet.destination)
        && cube.transport.contains(packet.transport)
        && cube.source_ports.contains(packet.source_port)
}

/// Whether Linux would bring the packet to that hook at all: routing drops what comes from the machine's own
/// addresses, from none, or for a group in the wrong place, before any rule is asked.
pub(super) fn reaches(packet: &Wire, path: &Path) -> bool {
    use super::machine::{is_own, is_own_broadcast};
    let group = |address: IpAddr| address.is_multicast() || address.to_string() == "255.255.255.255";
    let (source, destination) = (packet.source, packet.destination);
    let to_host = is_own(destination) || is_own_broadcast(destination) || group(destination);
    match path {
        Path::Input(from) if from == "lo0" => to_host,
        Path::Input(_) => to_host && !is_own(source) && !destination.is_loopback(),
        Path::Output(to) if to == "lo0" => is_own(source),
        Path::Output(_) => is_own(source) || source.is_unspecified(),
        Path::Forward(from, to) => {
            !to_host
                && !is_own(source)
                && !source.is_unspecified()
                && ![from, to].contains(&&"lo0".to_owned())
        }
    }
}
