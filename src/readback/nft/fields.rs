//! What rules look at in packets and is understood, and the names that its values have.

use crate::packet::{Family, ICMP, ICMPV6, TCP, UDP};

/// Something of a packet that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// The incoming interface.
    Incoming,
    /// The outgoing interface.
    Outgoing,
    /// The family, as a number of `linux/netfilter.h`.
    Family,
    /// The family, as an Ethernet type.
    EtherType,
    /// The transport protocol.
    Protocol,
    /// The protocol in the header of IPv4.
    HeaderProtocol,
    /// What follows the header of IPv6 first.
    NextHeader,
    /// The source address.
    Source(Family),
    /// The destination address.
    Destination(Family),
    /// The source port.
    SourcePort(Layer),
    /// The destination port.
    DestinationPort(Layer),
    /// The flags of TCP.
    TcpFlags,
    /// The type of an ICMP or ICMPv6 message.
    IcmpType(Family),
    /// Its code.
    IcmpCode(Family),
    /// What connection tracking says.
    State,
}

/// Whose ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layer {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// Whatever the transport protocol is: `th`.
    Any,
}

/// Every field by the words that select it.
const FIELDS: [(&str, Field); 24] = [
    ("meta iifname", Field::Incoming),
    ("meta iif", Field::Incoming),
    ("meta oifname", Field::Outgoing),
    ("meta oif", Field::Outgoing),
    ("meta nfproto", Field::Family),
    ("meta protocol", Field::EtherType),
    ("meta l4proto", Field::Protocol),
    ("ip protocol", Field::HeaderProtocol),
    ("ip6 nexthdr", Field::NextHeader),
    ("ip saddr", Field::Source(Family::V4)),
    ("ip daddr", Field::Destination(Family::V4)),
    ("ip6 saddr", Field::Source(Family::V6)),
    ("ip6 daddr", Field::Destination(Family::V6)),
    ("tcp sport", Field::SourcePort(Layer::Tcp)),
    ("tcp dport", Field::DestinationPort(Layer::Tcp)),
    ("udp sport", Field::SourcePort(Layer::Udp)),
    ("udp dport", Field::DestinationPort(Layer::Udp)),
    ("th sport", Field::SourcePort(Layer::Any)),
    ("th dport", Field::DestinationPort(Layer::Any)),
    ("tcp flags", Field::TcpFlags),
    ("icmp type", Field::IcmpType(Family::V4)),
    ("icmp code", Field::IcmpCode(Family::V4)),
    ("icmpv6 type", Field::IcmpType(Family::V6)),
    ("icmpv6 code", Field::IcmpCode(Family::V6)),
];

/// Names of ICMP types (nft(8), `icmp_type`; RFC 792, RFC 1256, RFC 950).
const ICMP_TYPES: &[(&str, u8)] = &[
    ("echo-reply", 0),
    ("destination-unreachable", 3),
    ("source-quench", 4),
    ("redirect", 5),
    ("echo-request", 8),
    ("router-advertisement", 9),
    ("router-solicitation", 10),
    ("time-exceeded", 11),
    ("parameter-problem", 12),
    ("timestamp-request", 13),
    ("timestamp-reply", 14),
    ("info-request", 15),
    ("info-reply", 16),
    ("address-mask-request", 17),
    ("address-mask-reply", 18),
];

/// Names of ICMPv6 types (nft(8), `icmpv6_type`; RFC 4443, RFC 4861, RFC 2710, RFC 3810, RFC 2894, RFC 3122).
const ICMPV6_TYPES: &[(&str, u8)] = &[
    ("destination-unreachable", 1),
    ("packet-too-big", 2),
    ("time-exceeded", 3),
    ("parameter-problem", 4),
    ("echo-request", 128),
    ("echo-reply", 129),
    ("mld-listener-query", 130),
    ("mld-listener-report", 131),
    ("mld-listener-done", 132),
    ("mld-listener-reduction", 132),
    ("nd-router-solicit", 133),
    ("nd-router-advert", 134),
    ("nd-neighbor-solicit", 135),
    ("nd-neighbor-advert", 136),
    ("nd-redirect", 137),
    ("router-renumbering", 138),
    ("ind-neighbor-solicit", 141),
    ("ind-neighbor-advert", 142),
    ("mld2-listener-report", 143),
];

/// Names of the codes of ICMP's destination-unreachable (nft(8), `icmp_code`; RFC 792, RFC 1812 §5.2.7.1).
const ICMP_CODES: &[(&str, u8)] = &[
    ("net-unreachable", 0),
    ("host-unreachable", 1),
    ("prot-unreachable", 2),
    ("port-unreachable", 3),
    ("frag-needed", 4),
    ("net-prohibited", 9),
    ("host-prohibited", 10),
    ("admin-prohibited", 13),
];

/// The same of ICMPv6 (nft(8), `icmpv6_code`; RFC 4443 §3.1).
const ICMPV6_CODES: &[(&str, u8)] = &[
    ("no-route", 0),
    ("admin-prohibited", 1),
    ("addr-unreachable", 3),
    ("port-unreachable", 4),
    ("policy-fail", 5),
    ("reject-route", 6),
];

/// Names of the flags of TCP (nft(8), `tcp_flag`).
const TCP_FLAGS: &[(&str, u8)] = &[
    ("fin", 0x01),
    ("syn", 0x02),
    ("rst", 0x04),
    ("psh", 0x08),
    ("ack", 0x10),
    ("urg", 0x20),
    ("ecn", 0x40),
    ("cwr", 0x80),
];

/// Names of the states of connection tracking, as bits (nft(8), `ct_state`).
const STATES: &[(&str, u8)] =
    &[("invalid", 0x01), ("established", 0x02), ("related", 0x04), ("new", 0x08), ("untracked", 0x40)];

/// Numbers of families (`linux/netfilter.h`).
const FAMILIES: &[(&str, u8)] = &[("ipv4", 2), ("ipv6", 10)];

/// Ethernet types (nft(8), `ether_type`).
const ETHER_TYPES: &[(&str, u16)] = &[
    ("ip", 0x0800),
    ("ip6", 0x86dd),
    ("arp", 0x0806),
    ("vlan", 0x8100),
    ("8021q", 0x8100),
    ("8021ad", 0x88a8),
];

impl Field {
    /// The field that two words select; none if it is not understood.
    pub(super) fn of(header: &str, key: &str) -> Option<Self> {
        if (header, key) == ("ct", "state") {
            return Some(Self::State);
        }
        let of_words = |name: &str| {
            name.strip_prefix(header).and_then(|tail| tail.strip_prefix(' ')).is_some_and(|tail| tail == key)
        };
        FIELDS.iter().find(|(name, _)| of_words(name)).map(|&(_, field)| field)
    }

    /// The words that select it.
    pub(super) fn name(self) -> &'static str {
        FIELDS.iter().find(|(_, field)| *field == self).map_or("ct state", |&(name, _)| name)
    }

    /// How many bits its values have; for interfaces those of the numbers that they get here.
    pub(super) const fn bits(self) -> u32 {
        match self {
            Self::Source(Family::V6) | Self::Destination(Family::V6) => 128,
            Self::Source(Family::V4) | Self::Destination(Family::V4) => 32,
            Self::Incoming
            | Self::Outgoing
            | Self::EtherType
            | Self::SourcePort(_)
            | Self::DestinationPort(_) => 16,
            _ => 8,
        }
    }

    /// Whether its values are bits that a list of names means any of.
    pub(super) const fn is_bits(self) -> bool {
        matches!(self, Self::TcpFlags | Self::State)
    }

    /// Whether its values are names of interfaces.
    pub(super) const fn is_interface(self) -> bool {
        matches!(self, Self::Incoming | Self::Outgoing)
    }

    /// The number that a name stands for.
    pub(super) fn symbol(self, name: &str) -> Option<u16> {
        let find = |names: &[(&str, u8)]| number(names, name).map(u16::from);
        match self {
            Self::Family => find(FAMILIES),
            Self::EtherType => number(ETHER_TYPES, name),
            Self::Protocol | Self::HeaderProtocol | Self::NextHeader => {
                crate::readback::names::protocol(name).map(u16::from)
            }
            Self::SourcePort(_) | Self::DestinationPort(_) => crate::readback::names::port(name),
            Self::TcpFlags => find(TCP_FLAGS),
            Self::IcmpType(Family::V4) => find(ICMP_TYPES),
            Self::IcmpType(Family::V6) => find(ICMPV6_TYPES),
            Self::IcmpCode(family) => icmp_code(family, name).map(u16::from),
            Self::State => find(STATES),
            Self::Incoming | Self::Outgoing | Self::Source(_) | Self::Destination(_) => None,
        }
    }
}

impl Layer {
    /// The protocols with these ports; both for any.
    pub(super) const fn protocols(self) -> &'static [u8] {
        match self {
            Self::Tcp => &[TCP],
            Self::Udp => &[UDP],
            Self::Any => &[TCP, UDP],
        }
    }
}

/// The ICMP protocol of a family.
pub(super) const fn icmp(family: Family) -> u8 {
    match family {
        Family::V4 => ICMP,
        Family::V6 => ICMPV6,
    }
}

/// The code of destination-unreachable that a name stands for.
pub(super) fn icmp_code(family: Family, name: &str) -> Option<u8> {
    match family {
        Family::V4 => number(ICMP_CODES, name),
        Family::V6 => number(ICMPV6_CODES, name),
    }
}

/// The names of the flags of TCP, and their bits.
pub(super) fn tcp_flag_names() -> impl Iterator<Item = (&'static str, u8)> {
    TCP_FLAGS.iter().copied()
}

fn number<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    names.iter().find(|(known, _)| *known == name).map(|&(_, number)| number)
}
