//! Packets in the spelling that `mailward trace` reads.

use super::describe::protocol_name;
use crate::catalog;
use crate::model::{Policy, address};
use crate::packet::{Family, Hook, ICMP, ICMPV6, Packet, State, TCP, UDP};

/// A packet as one asks about it: `tcp 10.20.0.1:49152 > 198.51.100.1:110 in lan0 out wan0`. Reading it gives the same
/// packet, but for interfaces that the policy does not name, which all are `other`.
#[must_use]
pub fn spell(policy: &Policy, packet: &Packet) -> String {
    let interface = |number| policy.interfaces.name(number).unwrap_or("other");
    let incoming = (packet.hook != Hook::Output).then(|| format!(" in {}", interface(packet.incoming)));
    let outgoing = (packet.hook != Hook::Input).then(|| format!(" out {}", interface(packet.outgoing)));
    let state = (packet.state != State::New).then(|| format!(" {}", packet.state.name()));
    let rest: Vec<String> = [incoming, outgoing, state].into_iter().flatten().collect();
    let source = end(packet, packet.source, packet.source_port);
    let destination = end(packet, packet.destination, packet.port().unwrap_or_default());
    format!("{} {source} > {destination}{}", traffic(packet), rest.concat())
}

fn end(packet: &Packet, number: u128, port: u16) -> String {
    let address = address(packet.family, number);
    match packet.port() {
        Some(_) => std::net::SocketAddr::new(address, port).to_string(),
        None => address.to_string(),
    }
}

fn traffic(packet: &Packet) -> String {
    match packet.protocol() {
        TCP => "tcp".to_owned(),
        UDP => "udp".to_owned(),
        ICMP => format!("icmp {}", message(Family::V4, packet)),
        ICMPV6 => format!("icmpv6 {}", message(Family::V6, packet)),
        number => protocol_name(number),
    }
}

/// Type and code, by name if the name says both: without a code it means code 0.
fn message(language: Family, packet: &Packet) -> String {
    let (kind, code) = packet.icmp().unwrap_or_default();
    let is_this = |name: &&str| {
        let (own, own_code) = catalog::icmp_type(language, name).unwrap_or_default();
        own == kind && own_code.unwrap_or(0) == code
    };
    let mut names: Vec<&str> = catalog::icmp_names(language).filter(is_this).collect();
    // The narrower name first.
    names.sort_by_key(|name| catalog::icmp_type(language, name).and_then(|(_, code)| code).is_none());
    names.first().map_or_else(|| format!("{kind}/{code}"), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::sample;
    use super::*;
    use crate::packet::{States, Unknowns, transport};
    use crate::source::Sources;
    use crate::{lower, parse};

    /// Any packet of the sample policy that can be on the wire, by one of its interfaces or another one.
    fn packets() -> impl Strategy<Value = Packet> {
        let addresses = (any::<u32>(), any::<u32>()).prop_map(|(a, b)| (Family::V4, a.into(), b.into()));
        let v6 = (any::<u128>(), any::<u128>()).prop_map(|(a, b)| (Family::V6, a | 1 << 127, b | 1 << 127));
        let way = (select(Hook::ALL.to_vec()), 0..4_u16, 0..4_u16);
        (way, prop_oneof![addresses, v6], any::<(u8, u16, u16)>(), select(State::ALL.to_vec())).prop_map(
            |(
                (hook, incoming, outgoing),
                (family, source, destination),
                (protocol, lower, source_port),
                state,
            )| {
                let foreign = if family == Family::V4 { ICMPV6 } else { ICMP };
                let exists = family.has_protocol(protocol) && protocol != foreign;
                let protocol = if exists { protocol } else { TCP };
                let has_ports = [TCP, UDP].contains(&protocol);
                let lower = match protocol {
                    TCP | UDP => lower.max(1),
                    ICMP | ICMPV6 => lower,
                    _ => 0,
                };
                Packet {
                    hook,
                    family,
                    state: if protocol == TCP || States::WITHOUT_SYN.contains(state) {
                        state
                    } else {
                        State::New
                    },
                    incoming: if hook == Hook::Output { 0 } else { incoming },
                    outgoing: if hook == Hook::Input { 0 } else { outgoing },
                    source,
                    destination,
                    transport: transport(protocol, lower),
                    source_port: if has_ports { source_port.max(1) } else { 0 },
                    unknowns: Unknowns::none(),
                }
            },
        )
    }

    /// The packet that a text means in the sample policy.
    fn read(text: &str) -> Packet {
        let parsed = parse::packets("<packet>", text, &mut Sources::default());
        let [decl] = parsed.packets.as_slice() else { panic!("{text}: {:?}", parsed.diagnostics) };
        let asked = lower::packet(decl, &sample::policy(&[]));
        asked.unwrap_or_else(|problems| panic!("{text}: {problems:?}")).packet
    }

    proptest! {
        #[test]
        fn what_is_spelt_is_read_as_the_same_packet(packet in packets()) {
            prop_assert_eq!(read(&spell(&sample::policy(&[]), &packet)), packet);
        }

        #[test]
        fn messages_and_services_are_read_as_the_same_packet(kind: u8, code in 0..16_u8) {
            let lower = u16::from_be_bytes([kind, code]);
            let echo = read("icmp 8/0 10.0.0.1 > 10.0.0.2 in lan0");
            let packet = Packet { transport: transport(ICMP, lower), ..echo };
            prop_assert_eq!(read(&spell(&sample::policy(&[]), &packet)), packet);
        }
    }

    #[test]
    fn packets_are_spelt_as_people_write_them() {
        let spelt = |text: &str| spell(&sample::policy(&[]), &read(text));
        let pop3 = "tcp 10.20.0.1:49152 > 198.51.100.1:110 in lan0 out wan0";
        assert_eq!(spelt(pop3), pop3);
        assert_eq!(spelt("6 10.20.0.1 -> 198.51.100.1:pop3 out wan0 in lan0 NEW"), pop3);
        assert_eq!(spelt("10.20.0.1→198.51.100.1:110 in lan0 out wan0"), pop3);
        let dns = "udp [2001:db8::1]:5353 > [2001:db8::53]:53 out other related";
        assert_eq!(spelt(dns), dns);
        assert_eq!(spelt("icmp 8 10.0.0.1 > 10.0.0.2 in lo"), "icmp echo-request 10.0.0.1 > 10.0.0.2 in lo");
        assert_eq!(
            spelt("icmp 3/4 10.0.0.1 > 10.0.0.2 in lan0"),
            "icmp fragmentation-needed 10.0.0.1 > 10.0.0.2 in lan0"
        );
        assert_eq!(spelt("icmp 3/7 10.0.0.1 > 10.0.0.2 in lan0"), "icmp 3/7 10.0.0.1 > 10.0.0.2 in lan0");
        assert_eq!(spelt("GRE 10.0.0.1 > 10.0.0.2 in lan0"), "gre 10.0.0.1 > 10.0.0.2 in lan0");
        assert_eq!(spelt("253 10.0.0.1 > 10.0.0.2 in lan0"), "253 10.0.0.1 > 10.0.0.2 in lan0");
    }
}
