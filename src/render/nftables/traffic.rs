//! Protocols, ports and ICMP types in nft's words.

use super::lists::{Kind, Lists};
use crate::model::{Term, Traffic};
use crate::packet::{Family, IntervalSet, TCP, UDP, every_code};
use crate::render::piece::{Piece, piece};
use crate::render::protocols::Protocols;

/// What one rule says about protocols; several rules where nft has no words for the union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The condition; empty for every protocol.
    pub(super) matches: Piece,
    /// The family that the condition implies, if it implies one.
    pub(super) family: Option<Family>,
    /// The protocols that it can mean.
    pub(super) protocols: Protocols,
}

/// TCP and UDP ports with the same source ports.
struct PortGroup<'t> {
    source: &'t IntervalSet<u16>,
    destinations: Vec<(u8, &'t IntervalSet<u16>)>,
}

/// The groups of a traffic, as few as nft can say.
pub(super) fn groups(traffic: &Traffic, lists: &mut Lists) -> Vec<Group> {
    let mut groups = Vec::new();
    if *traffic == Traffic::any() {
        groups.push(Group { matches: Piece::default(), family: None, protocols: Protocols::Mixed });
    }
    groups.extend(whole_protocols(traffic, lists));
    groups.extend(port_groups(traffic).iter().map(|group| group.said(lists)));
    for term in traffic.terms() {
        match term {
            Term::Icmp(kinds) => groups.extend(icmp(Family::V4, kinds, lists)),
            Term::Icmpv6(kinds) => groups.extend(icmp(Family::V6, kinds, lists)),
            Term::Any | Term::Ports { .. } | Term::Protocol(_) => {}
        }
    }
    groups
}

/// The protocols that are meant whole: those of both families in one group, those of one family in another.
fn whole_protocols(traffic: &Traffic, lists: &mut Lists) -> Vec<Group> {
    let whole = |term: &&Term| match term {
        Term::Protocol(_) => true,
        Term::Ports { source, destination, .. } => source.is_full() && destination.is_full(),
        Term::Any | Term::Icmp(_) | Term::Icmpv6(_) => false,
    };
    let whole: Vec<&Term> = traffic.terms().iter().filter(whole).collect();
    let (both, only_v4): (Vec<&Term>, Vec<&Term>) =
        whole.into_iter().partition(|term| term.exists_in(Family::V6));
    let kinds = [(both, None), (only_v4, Some(Family::V4))].into_iter();
    kinds.filter_map(|(terms, family)| protocols(&terms, family, lists)).collect()
}

fn protocols(terms: &[&Term], family: Option<Family>, lists: &mut Lists) -> Option<Group> {
    let number = |term: &&Term| match term {
        Term::Ports { protocol, .. } | Term::Protocol(protocol) => Some(*protocol),
        Term::Any | Term::Icmp(_) | Term::Icmpv6(_) => None,
    };
    let numbers: Vec<u8> = terms.iter().filter_map(number).collect();
    if numbers.is_empty() {
        return None;
    }
    let l4proto = l4proto(&numbers, lists);
    let matches = match family {
        Some(Family::V4) => piece!("meta nfproto ipv4 {}", l4proto),
        Some(Family::V6) => piece!("meta nfproto ipv6 {}", l4proto),
        None => l4proto,
    };
    Some(Group { matches, family, protocols: Protocols::of(numbers) })
}

fn l4proto(numbers: &[u8], lists: &mut Lists) -> Piece {
    let names = numbers.iter().map(|&number| protocol(number)).collect();
    piece!("meta l4proto {}", lists.operand(Kind::Protocols, names))
}

fn port_groups(traffic: &Traffic) -> Vec<PortGroup<'_>> {
    let mut groups: Vec<PortGroup<'_>> = Vec::new();
    for term in traffic.terms() {
        let Term::Ports { protocol, source, destination } = term else { continue };
        if source.is_full() && destination.is_full() {
            continue;
        }
        match groups.iter_mut().find(|group| group.source == source) {
            Some(group) => group.destinations.push((*protocol, destination)),
            None => groups.push(PortGroup { source, destinations: vec![(*protocol, destination)] }),
        }
    }
    groups
}

impl PortGroup<'_> {
    fn said(&self, lists: &mut Lists) -> Group {
        let matches = match self.destinations.as_slice() {
            [(number, ports)] => self.of_one(&protocol(*number), ports, lists),
            [(_, ports), others @ ..] if others.iter().all(|(_, other)| other == ports) => {
                let numbers: Vec<u8> = self.destinations.iter().map(|(number, _)| *number).collect();
                let l4proto = l4proto(&numbers, lists);
                joined([
                    l4proto,
                    self.source_ports(&piece!("th"), lists),
                    ports_of(&piece!("th dport"), ports, lists),
                ])
            }
            several => {
                let pairs = several.iter().flat_map(|(number, ports)| {
                    ports.intervals().iter().map(|&interval| (protocol(*number), interval))
                });
                let operand = lists.services(&pairs.collect::<Vec<_>>());
                joined([
                    piece!("meta l4proto . th dport {}", operand),
                    self.source_ports(&piece!("th"), lists),
                ])
            }
        };
        let protocols = Protocols::of(self.destinations.iter().map(|(number, _)| *number));
        Group { matches, family: None, protocols }
    }

    fn of_one(&self, protocol: &Piece, ports: &IntervalSet<u16>, lists: &mut Lists) -> Piece {
        let destination = ports_of(&piece!("{} dport", protocol), ports, lists);
        joined([self.source_ports(protocol, lists), destination])
    }

    fn source_ports(&self, header: &Piece, lists: &mut Lists) -> Piece {
        ports_of(&piece!("{} sport", header), self.source, lists)
    }
}

/// A condition on one port field; empty where every port will do.
fn ports_of(field: &Piece, ports: &IntervalSet<u16>, lists: &mut Lists) -> Piece {
    if ports.is_full() { Piece::default() } else { piece!("{} {}", field, lists.ports(ports)) }
}

/// ICMP types, whole ones together and those with codes together. `icmp type` implies the family and the protocol.
fn icmp(family: Family, kinds: &IntervalSet<u16>, lists: &mut Lists) -> Vec<Group> {
    let (word, protocol) = match family {
        Family::V4 => (piece!("icmp"), piece!("meta nfproto ipv4 meta l4proto icmp")),
        Family::V6 => (piece!("icmpv6"), piece!("meta nfproto ipv6 meta l4proto ipv6-icmp")),
    };
    let (type_list, code_list) = match family {
        Family::V4 => (Kind::IcmpTypes, Kind::IcmpCodes),
        Family::V6 => (Kind::Icmpv6Types, Kind::Icmpv6Codes),
    };
    let group = |matches| Group { matches, family: Some(family), protocols: Protocols::Others };
    if kinds.is_full() {
        return vec![group(protocol)];
    }
    let types = whole_types(kinds);
    let types = (!types.is_empty()).then(|| piece!("{} type {}", word, lists.operand(type_list, types)));
    let codes = match types_with_codes(kinds).as_slice() {
        [] => None,
        // nft compares concatenations with sets only.
        [[number, code]] => Some(piece!("{} type {} {} code {}", word, number, word, code)),
        several => {
            let pairs = several.iter().map(|[number, code]| piece!("{} . {}", number, code)).collect();
            Some(piece!("{} type . {} code {}", word, word, lists.operand(code_list, pairs)))
        }
    };
    types.into_iter().chain(codes).map(group).collect()
}

fn whole_types(kinds: &IntervalSet<u16>) -> Vec<Piece> {
    (0..=u8::MAX).filter(|&number| holds_whole(kinds, number)).map(|number| piece!("{}", number)).collect()
}

fn types_with_codes(kinds: &IntervalSet<u16>) -> Vec<[u8; 2]> {
    let each = kinds.intervals().iter().flat_map(|&(first, last)| first..=last).map(u16::to_be_bytes);
    each.filter(|[number, _]| !holds_whole(kinds, *number)).collect()
}

fn holds_whole(kinds: &IntervalSet<u16>, number: u8) -> bool {
    every_code(number).is_subset(kinds)
}

/// nft knows these without `/etc/protocols`.
fn protocol(number: u8) -> Piece {
    match number {
        TCP => piece!("tcp"),
        UDP => piece!("udp"),
        other => piece!("{}", other),
    }
}

/// The pieces that say something, with blanks between.
pub(super) fn joined(pieces: impl IntoIterator<Item = Piece>) -> Piece {
    Piece::join(pieces.into_iter().filter(|piece| !piece.is_empty()), " ")
}

#[cfg(test)]
mod tests {
    use super::super::lists::tests::small;
    use super::*;

    fn said(terms: &[Term]) -> Vec<String> {
        let traffic = Traffic::of(terms.to_vec()).unwrap();
        groups(&traffic, &mut small()).iter().map(|group| group.matches.to_string()).collect()
    }

    fn ports(protocol: u8, destination: &[(u16, u16)]) -> Term {
        let destination = IntervalSet::from_intervals(destination.iter().copied());
        Term::Ports { protocol, source: IntervalSet::full(), destination }
    }

    #[test]
    fn ports_are_said_as_briefly_as_nft_can() {
        assert_eq!(said(&[ports(TCP, &[(25, 25)])]), ["tcp dport 25"]);
        assert_eq!(said(&[ports(TCP, &[(9000, 9010)])]), ["tcp dport 9000-9010"]);
        assert_eq!(said(&[ports(TCP, &[(25, 25), (465, 465)])]), ["tcp dport { 25, 465 }"]);
        assert_eq!(said(&[ports(TCP, &[(25, 25), (109, 110)])]), ["tcp dport { 25, 109, 110 }"]);
        assert_eq!(said(&[ports(TCP, &[(25, 25), (30, 40)])]), ["tcp dport @ports_25_30to40"]);
        assert_eq!(
            said(&[ports(TCP, &[(53, 53)]), ports(UDP, &[(53, 53)])]),
            ["meta l4proto { tcp, udp } th dport 53"]
        );
        assert_eq!(
            said(&[ports(TCP, &[(443, 443)]), ports(UDP, &[(123, 123)])]),
            ["meta l4proto . th dport { tcp . 443, udp . 123 }"]
        );
        assert_eq!(
            said(&[ports(TCP, &[(443, 443)]), ports(UDP, &[(1, 9)])]),
            ["meta l4proto . th dport @services_tcp_443_udp_1to9"]
        );
    }

    #[test]
    fn source_ports_are_asked_for() {
        let dhcp = |protocol| Term::Ports {
            protocol,
            source: IntervalSet::single(67),
            destination: IntervalSet::single(68),
        };
        assert_eq!(said(&[dhcp(UDP)]), ["udp sport 67 udp dport 68"]);
        assert_eq!(said(&[dhcp(UDP), dhcp(TCP)]), ["meta l4proto { tcp, udp } th sport 67 th dport 68"]);
        assert_eq!(
            said(&[dhcp(UDP), ports(UDP, &[(53, 53)])]),
            ["udp dport 53", "udp sport 67 udp dport 68"]
        );
    }

    #[test]
    fn whole_protocols_stand_together() {
        let every = [(0, u16::MAX)];
        assert_eq!(said(&[Term::Any]), [""]);
        assert_eq!(said(&[ports(TCP, &every)]), ["meta l4proto tcp"]);
        assert_eq!(said(&[ports(TCP, &every), Term::Protocol(47)]), ["meta l4proto { tcp, 47 }"]);
        assert_eq!(
            said(&[ports(TCP, &every), Term::Protocol(51)]),
            ["meta l4proto tcp", "meta nfproto ipv4 meta l4proto 51"],
            "in IPv6 it is an extension header, which nobody looks at"
        );
    }

    #[test]
    fn icmp_types_and_codes_are_numbers() {
        let kinds = IntervalSet::from_intervals([(0x0304, 0x0304), (0x030d, 0x030d), (0x0800, 0x08ff)]);
        assert_eq!(said(&[Term::Icmp(kinds)]), ["icmp type 8", "icmp type . icmp code { 3 . 4, 3 . 13 }"]);
        assert_eq!(said(&[Term::Icmp(IntervalSet::single(0x0304))]), ["icmp type 3 icmp code 4"]);
        let errors = IntervalSet::range(0x0100, 0x04ff);
        assert_eq!(said(&[Term::Icmpv6(errors)]), ["icmpv6 type { 1, 2, 3, 4 }"]);
        assert_eq!(said(&[Term::Icmp(IntervalSet::full())]), ["meta nfproto ipv4 meta l4proto icmp"]);
    }
}
