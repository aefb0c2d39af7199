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
    describe_with(|number| policy.interfaces.name(number).map(str::to_owned), packet)
}

/// The same with names for the numbers of interfaces, of which the first is 1.
#[must_use]
pub fn describe_with(name: impl Fn(u16) -> Option<String>, packet: &Packet) -> String {
    let place = match interfaces(name, packet) {
        Some(interfaces) => format!("{}, {interfaces}", packet.hook.name()),
        None => packet.hook.name().to_owned(),
    };
    format!("{place}: {} {}{}", traffic(packet), endpoints(packet), state(packet.state))
}

fn interfaces(name: impl Fn(u16) -> Option<String>, packet: &Packet) -> Option<String> {
    name(1)?;
    let name = |number| name(number).unwrap_or_else(|| "another interface".to_owned());
    Some(match packet.hook {
        Hook::Input => name(packet.incoming),
        Hook::Output => name(packet.outgoing),
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
        State::EstablishedSyn => " (established, SYN)",
        State::Related => " (related)",
        State::RelatedSyn => " (related, SYN)",
        State::Invalid => " (invalid)",
        State::InvalidSyn => " (invalid, SYN)",
        State::Untracked => " (untracked)",
        State::UntrackedSyn => " (untracked, SYN)",
    }
}

/// The protocol, with the message for ICMP and ICMPv6, in the names that a policy may use.
fn traffic(packet: &Packet) -> String {
    match packet.protocol() {
        TCP => "TCP".to_owned(),
        UDP => "UDP".to_owned(),
        ICMP => format!("ICMP {}", packet_message(Family::V4, packet)),
        ICMPV6 => format!("ICMPv6 {}", packet_message(Family::V6, packet)),
        number => format!("protocol {}", protocol_name(number)),
    }
}

/// The message of a packet of ICMP (IPv4) or ICMPv6 (IPv6).
fn packet_message(language: Family, packet: &Packet) -> String {
    packet.icmp().map(|(kind, code)| message(language, kind, Some(code))).unwrap_or_default()
}

/// A message of ICMP (IPv4) or ICMPv6 (IPv6): a type, with a code or with every code.
pub(super) fn message(language: Family, kind: u8, code: Option<u8>) -> String {
    let called = |code| {
        let mut names = catalog::icmp_names(language);
        names.find(|name| catalog::icmp_type(language, name) == Some((kind, code)))
    };
    match (called(code), called(None), code) {
        (Some(name), _, _) | (None, Some(name), Some(0)) => name.to_owned(),
        (None, Some(name), Some(code)) => format!("{name} code {code}"),
        (None, None, Some(code)) => format!("type {kind} code {code}"),
        (None, _, None) => format!("type {kind}"),
    }
}

/// A protocol by the name that a policy may use, or by its number.
pub(super) fn protocol_name(number: u8) -> String {
    let mut names = catalog::protocol_names();
    let name = names.find(|name| catalog::protocol(name) == Some(number));
    name.map_or_else(|| number.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::sample;
    use crate::model::{Interfaces, number};
    use crate::packet::{Cube, IntervalSet, transport};

    fn packet(hook: Hook, source: &str, destination: &str, transport: u32) -> Packet {
        let (source, destination): (IpAddr, IpAddr) = (source.parse().unwrap(), destination.parse().unwrap());
        let family = if source.is_ipv4() { Family::V4 } else { Family::V6 };
        let cube = Cube {
            source: IntervalSet::single(number(source)),
            destination: IntervalSet::single(number(destination)),
            transport: IntervalSet::single(transport),
            ..Cube::every(hook, family)
        };
        Packet::of(&cube).unwrap()
    }

    /// In a policy with the interfaces `lan0` and `wan0`.
    fn said(packet: &Packet) -> String {
        describe(&sample::policy(&[]), packet)
    }

    #[test]
    fn forwarded_packets_have_two_interfaces() {
        let pop3 = packet(Hook::Forward, "10.20.0.1", "198.51.100.1", transport(TCP, 110));
        assert_eq!(said(&pop3), "forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110");
        let elsewhere = Packet { outgoing: 7, ..pop3.clone() };
        assert_eq!(
            said(&elsewhere),
            "forward, lan0 → another interface: TCP 10.20.0.1:49152 → 198.51.100.1:110"
        );
        let mut nameless = sample::policy(&[]);
        nameless.interfaces = Interfaces::new(Vec::new());
        assert_eq!(describe(&nameless, &pop3), "forward: TCP 10.20.0.1:49152 → 198.51.100.1:110");
    }

    #[test]
    fn a_hook_shows_only_what_it_sees() {
        let dns = packet(Hook::Input, "2001:db8::1", "2001:db8::53", transport(UDP, 53));
        assert_eq!(said(&dns), "input, lan0: UDP [2001:db8::1]:49152 → [2001:db8::53]:53");
        let local = Packet { incoming: Interfaces::LOOPBACK, ..dns };
        assert_eq!(said(&local), "input, lo: UDP [2001:db8::1]:49152 → [2001:db8::53]:53");
        let out = Packet { outgoing: 2, ..packet(Hook::Output, "10.0.0.1", "10.0.0.2", transport(TCP, 25)) };
        assert_eq!(said(&out), "output, wan0: TCP 10.0.0.1:49152 → 10.0.0.2:25");
    }

    #[test]
    fn messages_have_the_names_of_the_catalogue() {
        let icmp = |kind: u8, code: u8| {
            let lower = u16::from_be_bytes([kind, code]);
            said(&packet(Hook::Input, "10.0.0.1", "10.0.0.2", transport(ICMP, lower)))
        };
        assert_eq!(icmp(8, 0), "input, lan0: ICMP echo-request 10.0.0.1 → 10.0.0.2");
        assert_eq!(icmp(3, 4), "input, lan0: ICMP fragmentation-needed 10.0.0.1 → 10.0.0.2");
        assert_eq!(icmp(3, 7), "input, lan0: ICMP destination-unreachable code 7 10.0.0.1 → 10.0.0.2");
        assert_eq!(icmp(250, 1), "input, lan0: ICMP type 250 code 1 10.0.0.1 → 10.0.0.2");
        let neighbour = packet(Hook::Input, "fe80::1", "ff02::1", transport(ICMPV6, 135 << 8));
        assert_eq!(said(&neighbour), "input, lan0: ICMPv6 nd-neighbor-solicit fe80::1 → ff02::1");
    }

    #[test]
    fn other_protocols_have_no_ports() {
        let gre = packet(Hook::Input, "10.0.0.1", "10.0.0.2", transport(47, 0));
        assert_eq!(said(&gre), "input, lan0: protocol gre 10.0.0.1 → 10.0.0.2");
        let unknown = packet(Hook::Input, "10.0.0.1", "10.0.0.2", transport(253, 0));
        assert_eq!(said(&unknown), "input, lan0: protocol 253 10.0.0.1 → 10.0.0.2");
    }

    #[test]
    fn what_does_not_open_a_flow_says_so() {
        let opening = packet(Hook::Input, "10.0.0.1", "10.0.0.2", transport(TCP, 25));
        let said = |state| said(&Packet { state, ..opening.clone() });
        assert_eq!(
            said(State::Midstream),
            "input, lan0: TCP 10.0.0.1:49152 → 10.0.0.2:25 (mid-stream, no SYN)"
        );
        assert_eq!(said(State::Related), "input, lan0: TCP 10.0.0.1:49152 → 10.0.0.2:25 (related)");
    }
}
