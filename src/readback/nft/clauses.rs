//! Values of fields into conditions on packets.

use super::fields::{Field, Layer, icmp};
use super::tcp_flags;
use crate::model::Addresses;
use crate::packet::{Family, IntervalSet, States, TCP, transport, transports};
use crate::readback::clause::Clause;

/// The numbers of the families (`linux/netfilter.h`) and their Ethernet types (IANA).
const FAMILIES: [(Family, u128, u128); 2] = [(Family::V4, 2, 0x0800), (Family::V6, 10, 0x86dd)];

/// What connection tracking calls states, as bits (`linux/netfilter/nf_conntrack_common.h`).
const STATES: [(u128, States); 5] = [
    (0x01, States::INVALID),
    (0x02, States::ESTABLISHED),
    (0x04, States::RELATED),
    (0x08, States::TRACKED_NEW),
    (0x40, States::UNTRACKED),
];

/// Headers that may stand between that of IPv6 and the transport protocol (RFC 8200 §4.1, RFC 4302).
const EXTENSIONS: [u8; 5] = [0, 43, 44, 51, 60];

/// Conditions that stand in where values say more than is known of packets.
pub(super) trait Doubts {
    /// Whether the values are what they are: known by what was written.
    fn value(&mut self) -> Clause;
    /// A condition of another text.
    fn text(&mut self, text: &str, holds: bool) -> Clause;
}

/// Packets in which a field has one of some values.
pub(super) fn clauses(
    every: &Clause,
    field: Field,
    values: &IntervalSet<u128>,
    doubts: &mut dyn Doubts,
) -> Vec<Clause> {
    if values.is_empty() {
        return Vec::new();
    }
    let to = |transport| Clause { transport, ..every.clone() };
    let one = match field {
        Field::Incoming => Clause { incoming: narrow(values), ..every.clone() },
        Field::Outgoing => Clause { outgoing: narrow(values), ..every.clone() },
        Field::Family => return families(every, |&(_, number, _)| values.contains(number)),
        Field::EtherType => return families(every, |&(_, _, number)| values.contains(number)),
        Field::Protocol => to(protocols(values)),
        Field::HeaderProtocol => of_family(to(protocols(values)), Family::V4),
        Field::NextHeader => return next_header(every, values, doubts),
        Field::Source(family) => Clause { source: addresses(family, values), ..every.clone() },
        Field::Destination(family) => {
            Clause { destination: addresses(family, values), ..of_family(every.clone(), family) }
        }
        Field::SourcePort(layer) => return source_ports(every, layer, values, doubts),
        Field::DestinationPort(layer) => return destination_ports(every, layer, values, doubts),
        Field::TcpFlags => return tcp_flags::clauses(every, values, doubts),
        Field::IcmpType(family) => of_family(to(icmp_types(family, values)), family),
        Field::IcmpCode(family) => of_family(to(icmp_codes(family, values)), family),
        Field::State => Clause { states: states(values), ..every.clone() },
    };
    vec![one]
}

/// Numbers that fit, as numbers of that width.
fn narrow(values: &IntervalSet<u128>) -> IntervalSet<u16> {
    let fit = |number: u128| u16::try_from(number).unwrap_or(u16::MAX);
    let starts_low = |&&(first, _): &&(u128, u128)| first <= u128::from(u16::MAX);
    let low = values.intervals().iter().filter(starts_low);
    IntervalSet::from_intervals(low.map(|&(first, last)| (fit(first), fit(last))))
}

fn families(every: &Clause, holds: impl Fn(&(Family, u128, u128)) -> bool) -> Vec<Clause> {
    let all: Vec<Family> =
        FAMILIES.iter().filter(|family| holds(family)).map(|&(family, ..)| family).collect();
    match *all {
        [] => Vec::new(),
        [family] => vec![of_family(every.clone(), family)],
        _ => vec![every.clone()],
    }
}

/// The same packets, but of one family only.
pub(super) fn of_family(clause: Clause, family: Family) -> Clause {
    let source = match family {
        Family::V4 => Addresses { v4: clause.source.v4, v6: IntervalSet::empty() },
        Family::V6 => Addresses { v4: IntervalSet::empty(), v6: clause.source.v6 },
    };
    Clause { source, ..clause }
}

fn addresses(family: Family, values: &IntervalSet<u128>) -> Addresses {
    match family {
        Family::V4 => Addresses { v4: values.clone(), v6: IntervalSet::empty() },
        Family::V6 => Addresses { v4: IntervalSet::empty(), v6: values.clone() },
    }
}

/// Everything of some protocols.
pub(super) fn protocols(values: &IntervalSet<u128>) -> IntervalSet<u32> {
    let number = |value: u128| u8::try_from(value).unwrap_or(u8::MAX);
    let whole =
        |&(first, last): &(u128, u128)| (transport(number(first), 0), transport(number(last), u16::MAX));
    IntervalSet::from_intervals(values.intervals().iter().map(whole))
}

/// What follows the header of IPv6 first: the transport protocol, unless extension headers stand before it.
fn next_header(every: &Clause, values: &IntervalSet<u128>, doubts: &mut dyn Doubts) -> Vec<Clause> {
    let extensions = IntervalSet::from_intervals(EXTENSIONS.map(|number| (number.into(), number.into())));
    let text = "IPv6 extension headers";
    let mut all = Vec::new();
    let direct = values.subtract(&extensions);
    if !direct.is_empty() {
        let direct = Clause { transport: protocols(&direct), ..of_family(every.clone(), Family::V6) };
        all.extend(direct.and(&doubts.text(text, false)));
    }
    if values.overlaps(&extensions) {
        let behind = of_family(doubts.text(text, true), Family::V6);
        let is_any = extensions.is_subset(values);
        all.extend(if is_any { Some(behind) } else { behind.and(&doubts.value()) });
    }
    all
}

fn source_ports(
    every: &Clause,
    layer: Layer,
    values: &IntervalSet<u128>,
    doubts: &mut dyn Doubts,
) -> Vec<Clause> {
    let transport = whole(layer);
    let exact = Clause { transport, source_ports: narrow(values), ..every.clone() };
    with_others(every, layer, exact, values, doubts)
}

fn destination_ports(
    every: &Clause,
    layer: Layer,
    values: &IntervalSet<u128>,
    doubts: &mut dyn Doubts,
) -> Vec<Clause> {
    let ports = narrow(values);
    let sets: Vec<IntervalSet<u32>> =
        layer.protocols().iter().map(|&number| transports(number, &ports)).collect();
    let exact = Clause { transport: IntervalSet::union_of(&sets), ..every.clone() };
    with_others(every, layer, exact, values, doubts)
}

/// Everything of the protocols of a layer.
fn whole(layer: Layer) -> IntervalSet<u32> {
    IntervalSet::from_intervals(
        layer.protocols().iter().map(|&number| (transport(number, 0), transport(number, u16::MAX))),
    )
}

/// `th` reads the same bytes of other protocols, whatever they mean there.
fn with_others(
    every: &Clause,
    layer: Layer,
    exact: Clause,
    values: &IntervalSet<u128>,
    doubts: &mut dyn Doubts,
) -> Vec<Clause> {
    if layer != Layer::Any {
        return vec![exact];
    }
    let others = every.transport.subtract(&whole(layer));
    if others.is_empty() {
        return vec![exact];
    }
    let others = Clause { transport: others, ..every.clone() };
    let is_any = IntervalSet::range(0, u128::from(u16::MAX)).is_subset(values);
    let others = if is_any { Some(others) } else { others.and(&doubts.value()) };
    std::iter::once(exact).chain(others).collect()
}

fn icmp_types(family: Family, types: &IntervalSet<u128>) -> IntervalSet<u32> {
    let lower = |&(first, last): &(u128, u128)| {
        let number = |value: u128| u8::try_from(value).unwrap_or(u8::MAX);
        (u16::from_be_bytes([number(first), 0]), u16::from_be_bytes([number(last), u8::MAX]))
    };
    transports(icmp(family), &IntervalSet::from_intervals(types.intervals().iter().map(lower)))
}

fn icmp_codes(family: Family, codes: &IntervalSet<u128>) -> IntervalSet<u32> {
    let number = |value: u128| u8::try_from(value).unwrap_or(u8::MAX);
    let of_type = |kind: u8| {
        let span = move |&(first, last): &(u128, u128)| {
            (u16::from_be_bytes([kind, number(first)]), u16::from_be_bytes([kind, number(last)]))
        };
        codes.intervals().iter().map(span)
    };
    transports(icmp(family), &IntervalSet::from_intervals((0..=u8::MAX).flat_map(of_type)))
}

fn states(values: &IntervalSet<u128>) -> States {
    let held = STATES.iter().filter(|(bit, _)| values.contains(*bit));
    held.fold(States::of(&[]), |all, &(_, states)| all.union(states))
}

/// The protocol whose header holds something that is not understood, and its family if it has but one.
pub(super) fn needs(every: &Clause, selector: &str) -> Clause {
    let mut words = selector.split(' ');
    let (header, key) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let to = |number: u8| {
        let transport = IntervalSet::range(transport(number, 0), transport(number, u16::MAX));
        Clause { transport, ..every.clone() }
    };
    match (header, key) {
        // Whether options and chunks are there is asked of packets that cannot have them, too.
        ("tcp" | "ip" | "dccp", "option") | ("sctp", "chunk") => every.clone(),
        ("ip", _) => of_family(every.clone(), Family::V4),
        ("ip6" | "hbh" | "rt0" | "rt2" | "rt4" | "srh" | "frag" | "dst" | "mh" | "exthdr", _)
        | ("rt", "type" | "hdrlength" | "seg-left") => of_family(every.clone(), Family::V6),
        ("icmp", _) => of_family(to(icmp(Family::V4)), Family::V4),
        ("icmpv6", _) => of_family(to(icmp(Family::V6)), Family::V6),
        ("igmp", _) => of_family(to(2), Family::V4),
        ("tcp", _) => to(TCP),
        (header @ ("udp" | "udplite" | "sctp" | "dccp" | "esp" | "comp" | "gre"), _) => {
            let name = if header == "comp" { "ipcomp" } else { header };
            crate::readback::names::protocol(name).map_or_else(|| every.clone(), to)
        }
        _ => every.clone(),
    }
}
