//! Packets in words.

use std::net::{IpAddr, SocketAddr};

use crate::catalog;
use crate::model::{Policy, address};
use crate::packet::{Family, Hook, ICMP, ICMPV6, Packet, State, TCP, UDP};

/// A packet as people write it: `forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110`.
///
/// Only interfaces that the hook can see are named, and none if the policy names none. Packets that do not open
/// a flow say so at the end.
#[must_use]
pub fn describe(policy: &Policy, packet: &Packet) -> String {
    let place = match interfaces(policy, packet) {
        Some(interfaces) => format!("{}, {interfaces}", packet.hook.name()),
        None => packet.hook.name().to_owned(),
    };
    format!("{place}: {} {}{}", traffic(packet), endpoints(packet), state(packet.state))
}

fn interfaces(policy: &Policy, packet: &Packet) -> Option<String> {
    policy.interfaces.named().next()?;
    let name = |number| policy.interfaces.name(number).unwrap_or("another interface");
    Some(match packet.hook {
        Hook::Input => name(packet.incoming).to_owned(),
        Hook::Output => name(packet.outgoing).to_owned(),
        Hook::Forward => format!("{} → {}", name(packet.incoming), name(packet.outgoing)),
    })
}

fn endpoints(packet: &Packet) -> String {
    let source = address(packet.family, packet.source);
    let destination = address(packet.family, packet.destination);
    match packet.port() {
        Some(port) => format!("{} → {}", socket(source, packet.source_port), socket(destination, port)),
        None => format!("{source} → {destination}"),
    }
}

fn socket(address: IpAddr, port: u16) -> String {
    SocketAddr::new(address, port).to_string()
}

fn state(state: State) -> &'static str {
    match state {
        State::New => "",
        State::Midstream => " (mid-stream, no SYN)",
        State::Established => " (established)",
        State::Related => " (related)",
        State::Invalid => " (invalid)",
        State::Untracked => " (untracked)",
    }
}

/// The protocol, with the message for ICMP and ICMPv6, in the names that a policy may use.
fn traffic(packet: &Packet) -> String {
    match packet.protocol() {
        TCP => "TCP".to_owned(),
        UDP => "UDP".to_owned(),
        ICMP => format!("ICMP {}", message(Family::V4, packet)),
        ICMPV6 => format!("ICMPv6 {}", message(Family::V6, packet)),
        number => {
            let mut names = catalog::protocol_names();
            let name = names.find(|name| catalog::protocol(name) == Some(number));
            format!("protocol {}", name.map_or_else(|| number.to_string(), str::to_owned))
        }
    }
}

/// A message of ICMP (IPv4) or ICMPv6 (IPv6).
fn message(language: Family, packet: &Packet) -> String {
    let Some((kind, code)) = packet.icmp() else { return String::new() };
    let called = |code| {
        let mut names = catalog::icmp_names(language);
        names.find(|name| catalog::icmp_type(language, name) == Some((kind, code)))
    };
    match (called(Some(code)), called(None), code) {
        (Some(name), _, _) | (None, Some(name), 0) => name.to_owned(),
        (None, Some(name), code) => format!("{name} code {code}"),
        (None, None, code) => format!("type {kind} code {code}"),
    }
}
