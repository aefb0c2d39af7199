//! Types of ICMP and ICMPv6 by their names in iptables (`iptables -p icmp -h`, `ip6tables -p ipv6-icmp -h`).

use super::value::integer;
use crate::packet::{Family, ICMP, ICMPV6, IntervalSet, every_code, transport, transports};

/// A name, its type, and its code where it has one.
type Row = (&'static str, u8, Option<u8>);

/// Numbers of RFC 792 and RFC 1812.
const V4: &[Row] = &[
    ("echo-reply", 0, None),
    ("pong", 0, None),
    ("destination-unreachable", 3, None),
    ("network-unreachable", 3, Some(0)),
    ("host-unreachable", 3, Some(1)),
    ("protocol-unreachable", 3, Some(2)),
    ("port-unreachable", 3, Some(3)),
    ("fragmentation-needed", 3, Some(4)),
    ("source-route-failed", 3, Some(5)),
    ("network-unknown", 3, Some(6)),
    ("host-unknown", 3, Some(7)),
    ("network-prohibited", 3, Some(9)),
    ("host-prohibited", 3, Some(10)),
    ("tos-network-unreachable", 3, Some(11)),
    ("tos-host-unreachable", 3, Some(12)),
    ("communication-prohibited", 3, Some(13)),
    ("host-precedence-violation", 3, Some(14)),
    ("precedence-cutoff", 3, Some(15)),
    ("source-quench", 4, None),
    ("redirect", 5, None),
    ("network-redirect", 5, Some(0)),
    ("host-redirect", 5, Some(1)),
    ("tos-network-redirect", 5, Some(2)),
    ("tos-host-redirect", 5, Some(3)),
    ("echo-request", 8, None),
    ("ping", 8, None),
    ("router-advertisement", 9, None),
    ("router-solicitation", 10, None),
    ("time-exceeded", 11, None),
    ("ttl-exceeded", 11, None),
    ("ttl-zero-during-transit", 11, Some(0)),
    ("ttl-zero-during-reassembly", 11, Some(1)),
    ("parameter-problem", 12, None),
    ("ip-header-bad", 12, Some(0)),
    ("required-option-missing", 12, Some(1)),
    ("timestamp-request", 13, None),
    ("timestamp-reply", 14, None),
    ("address-mask-request", 17, None),
    ("address-mask-reply", 18, None),
];

/// Numbers of RFC 4443 and RFC 4861.
const V6: &[Row] = &[
    ("destination-unreachable", 1, None),
    ("no-route", 1, Some(0)),
    ("communication-prohibited", 1, Some(1)),
    ("beyond-scope", 1, Some(2)),
    ("address-unreachable", 1, Some(3)),
    ("port-unreachable", 1, Some(4)),
    ("failed-policy", 1, Some(5)),
    ("reject-route", 1, Some(6)),
    ("packet-too-big", 2, None),
    ("time-exceeded", 3, None),
    ("ttl-exceeded", 3, None),
    ("ttl-zero-during-transit", 3, Some(0)),
    ("ttl-zero-during-reassembly", 3, Some(1)),
    ("parameter-problem", 4, None),
    ("bad-header", 4, Some(0)),
    ("unknown-header-type", 4, Some(1)),
    ("unknown-option", 4, Some(2)),
    ("echo-request", 128, None),
    ("ping", 128, None),
    ("echo-reply", 129, None),
    ("pong", 129, None),
    ("mld-listener-query", 130, None),
    ("mld-listener-report", 131, None),
    ("mld-listener-done", 132, None),
    ("router-solicitation", 133, None),
    ("router-advertisement", 134, None),
    ("neighbour-solicitation", 135, None),
    ("neighbor-solicitation", 135, None),
    ("neighbour-advertisement", 136, None),
    ("neighbor-advertisement", 136, None),
    ("redirect", 137, None),
];

/// The packets of `--icmp-type` or `--icmpv6-type`: a number, `type/code`, a name or its unambiguous beginning, or
/// `any`. None if it is nothing of that.
pub(super) fn packets(word: &str, family: Family) -> Option<IntervalSet<u32>> {
    let protocol = match family {
        Family::V4 => ICMP,
        Family::V6 => ICMPV6,
    };
    let word = word.to_ascii_lowercase();
    // In IPv4, 255 stands for every type (`linux/netfilter_ipv4/ip_tables.h`).
    if word == "any" || (family == Family::V4 && word == "255") {
        return Some(transports(protocol, &IntervalSet::full()));
    }
    let (number, code) = numbers(&word).or_else(|| named(&word, family))?;
    Some(match code {
        None => transports(protocol, &every_code(number)),
        Some(code) => IntervalSet::single(transport(protocol, u16::from_be_bytes([number, code]))),
    })
}

fn numbers(word: &str) -> Option<(u8, Option<u8>)> {
    let byte = |word| integer(word).and_then(|number| u8::try_from(number).ok());
    match word.split_once('/') {
        None => Some((byte(word)?, None)),
        Some((number, code)) => Some((byte(number)?, Some(byte(code)?))),
    }
}

fn named(word: &str, family: Family) -> Option<(u8, Option<u8>)> {
    let table = match family {
        Family::V4 => V4,
        Family::V6 => V6,
    };
    let meaning = |&(_, number, code): &Row| (number, code);
    if let Some(exact) = table.iter().find(|(name, ..)| *name == word) {
        return Some(meaning(exact));
    }
    let mut begins = table.iter().filter(|(name, ..)| name.starts_with(word));
    let first = begins.next().map(meaning)?;
    begins.all(|other| meaning(other) == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(word: &str, family: Family) -> Option<(u32, u32)> {
        packets(word, family).and_then(|set| set.bounds())
    }

    #[test]
    fn types_are_numbers_or_names() {
        assert_eq!(bounds("8", Family::V4), Some((0x01_0800, 0x01_08ff)));
        assert_eq!(bounds("3/4", Family::V4), Some((0x01_0304, 0x01_0304)));
        assert_eq!(bounds("Fragmentation-Needed", Family::V4), Some((0x01_0304, 0x01_0304)));
        assert_eq!(bounds("any", Family::V4), Some((0x01_0000, 0x01_ffff)));
        assert_eq!(bounds("packet-too-big", Family::V6), Some((0x3a_0200, 0x3a_02ff)));
        assert_eq!(bounds("neighbour-sol", Family::V6), Some((0x3a_8700, 0x3a_87ff)));
        assert_eq!(bounds("host", Family::V4), None, "several names begin so");
        assert_eq!(bounds("256", Family::V4), None);
    }
}
