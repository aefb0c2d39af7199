//! Elements of sets.

use super::kind::{Dimension, Kind};
use crate::packet::{Family, IntervalSet, TCP, UDP};
use crate::readback::InterfacePattern;
use crate::readback::iptables::given::Fault;
use crate::readback::iptables::icmp;
use crate::readback::iptables::value::{self, Value};
use crate::readback::iptables::words::Word;

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// One part for each dimension; nothing in a set that is not looked into.
    pub(super) parts: Vec<Part>,
    /// Whether it is an exception: `nomatch`.
    pub(super) excluded: bool,
}

/// A part of an element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Addresses, and the length of their prefix.
    Addresses(IntervalSet<u128>, u8),
    /// Ports of TCP or UDP.
    Ports(Vec<u8>, (u16, u16)),
    /// Packets of a protocol without ports, as [`Cube::transport`](crate::packet::Cube::transport) holds them.
    Transport(IntervalSet<u32>),
    /// An interface.
    Interface(InterfacePattern),
    /// Another set.
    Set(String),
    /// Something that is not looked into.
    Hidden(String),
}

impl Element {
    /// Reads an element of a set.
    pub(super) fn read(word: &Word, kind: &Kind, excluded: bool) -> Result<Self, Fault> {
        if kind.dimensions.is_empty() {
            return Ok(Self { parts: Vec::new(), excluded });
        }
        let written: Vec<&str> = word.text.split(',').collect();
        if written.len() != kind.dimensions.len() {
            let title = format!("`{}` has not {} parts", word.text, kind.dimensions.len());
            return Err(Fault::new(&word.span, title));
        }
        let parts = kind.dimensions.iter().zip(written).map(|(&dimension, text)| {
            part(dimension, text, kind).map_err(|why| Fault::new(&word.span, format!("`{text}` is {why}")))
        });
        Ok(Self { parts: parts.collect::<Result<_, _>>()?, excluded })
    }
}

fn part(dimension: Dimension, text: &str, kind: &Kind) -> Result<Part, &'static str> {
    match dimension {
        Dimension::Ip | Dimension::Net => addresses(text, kind),
        Dimension::Port => port(text, kind.family),
        Dimension::BarePort => {
            known(value::ports(text, '-'), text, |range| Part::Ports(vec![TCP, UDP], range))
        }
        Dimension::Interface if text.starts_with("physdev:") => Ok(Part::Hidden(text.to_owned())),
        Dimension::Interface => Ok(Part::Interface(value::interface(text))),
        Dimension::Set => Ok(Part::Set(text.to_owned())),
    }
}

fn addresses(text: &str, kind: &Kind) -> Result<Part, &'static str> {
    let family = kind.family;
    let read = if text.contains('-') && value::address(text, family).is_none() {
        match value::range(text, family) {
            Value::Known(set) => Value::Known((set, value::bits(family))),
            Value::Name => Value::Name,
            Value::Wrong(why) => Value::Wrong(why),
        }
    } else {
        value::prefix(text, family)
    };
    known(read, text, |(set, length)| match kind.netmask {
        Some(netmask) => Part::Addresses(widened(&set, netmask, family), length.min(netmask)),
        None => Part::Addresses(set, length),
    })
}

/// The prefixes of a length around addresses.
fn widened(set: &IntervalSet<u128>, length: u8, family: Family) -> IntervalSet<u128> {
    let free = u32::from(value::bits(family).saturating_sub(length));
    let host = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
    IntervalSet::from_intervals(set.intervals().iter().map(|&(first, last)| (first & !host, last | host)))
}

/// `tcp:25`, `25` (TCP), `udp:1000-2000`, `icmp:echo-request`, `icmp:8/0`, `gre:0`.
fn port(text: &str, family: Family) -> Result<Part, &'static str> {
    let (protocol, port) = text.split_once(':').unwrap_or(("tcp", text));
    let Value::Known(number) = value::protocol(protocol) else { return Ok(Part::Hidden(text.to_owned())) };
    match number {
        TCP | UDP => known(value::ports(port, '-'), text, |range| Part::Ports(vec![number], range)),
        1 | 58 => icmp::packets(port, family).map(Part::Transport).ok_or("no ICMP type"),
        // Others have no ports that packets are told apart by.
        _ => Ok(Part::Hidden(text.to_owned())),
    }
}

fn known<T>(value: Value<T>, text: &str, part: impl FnOnce(T) -> Part) -> Result<Part, &'static str> {
    match value {
        Value::Known(known) => Ok(part(known)),
        Value::Name => Ok(Part::Hidden(text.to_owned())),
        Value::Wrong(why) => Err(why),
    }
}
