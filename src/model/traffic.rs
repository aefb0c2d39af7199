//! What a service lets through: protocols, ports and ICMP types.

use crate::packet::{Family, ICMP, ICMPV6, IntervalSet, transports};

/// A union of [`Term`]s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    // INVARIANT: not empty; [`Term::Any`] stands alone; no two terms could be written as one.
    terms: Vec<Term>,
}

/// One kind of traffic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// Every protocol.
    Any,
    /// A protocol with ports: TCP or UDP.
    Ports {
        /// [`TCP`](crate::packet::TCP) or [`UDP`](crate::packet::UDP).
        protocol: u8,
        /// Source ports; everything where none was asked for.
        source: IntervalSet<u16>,
        /// Destination ports.
        destination: IntervalSet<u16>,
    },
    /// ICMP (IPv4 only): `type << 8 | code`.
    Icmp(IntervalSet<u16>),
    /// ICMPv6 (IPv6 only): `type << 8 | code`.
    Icmpv6(IntervalSet<u16>),
    /// A whole protocol by its IANA number; never ICMP or ICMPv6.
    Protocol(u8),
}

impl Traffic {
    /// Every packet.
    #[must_use]
    pub fn any() -> Self {
        Self { terms: vec![Term::Any] }
    }

    /// One kind of traffic.
    #[must_use]
    pub fn one(term: Term) -> Self {
        Self { terms: vec![term] }
    }

    /// The union of terms, merged and sorted; none if there is no term.
    #[must_use]
    pub fn of(terms: impl IntoIterator<Item = Term>) -> Option<Self> {
        let mut sorted: Vec<Term> = terms.into_iter().collect();
        sorted.sort_unstable();
        if sorted.first() == Some(&Term::Any) {
            return Some(Self::any());
        }
        let mut merged: Vec<Term> = Vec::with_capacity(sorted.len());
        for mut term in sorted {
            // A merged term may fit another one that its parts did not.
            while let Some((at, both)) = mergeable(&merged, &term) {
                merged.remove(at);
                term = both;
            }
            merged.push(term);
        }
        merged.sort_unstable();
        (!merged.is_empty()).then_some(Self { terms: merged })
    }

    /// The terms, sorted and merged.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether a packet of that family can be meant.
    #[must_use]
    pub fn exists_in(&self, family: Family) -> bool {
        self.terms.iter().any(|term| term.exists_in(family))
    }
}

impl Term {
    /// Whether a packet of that family can be meant.
    #[must_use]
    pub fn exists_in(&self, family: Family) -> bool {
        match self {
            Self::Any | Self::Ports { .. } => true,
            Self::Protocol(number) => family.has_protocol(*number),
            Self::Icmp(_) => family == Family::V4,
            Self::Icmpv6(_) => family == Family::V6,
        }
    }

    /// The values of [`Cube::transport`](crate::packet::Cube::transport) it stands for.
    #[must_use]
    pub fn transport(&self) -> IntervalSet<u32> {
        match self {
            Self::Any => IntervalSet::range(0, 0xff_ffff),
            Self::Ports { protocol, destination, .. } => transports(*protocol, destination),
            Self::Icmp(kinds) => transports(ICMP, kinds),
            Self::Icmpv6(kinds) => transports(ICMPV6, kinds),
            Self::Protocol(protocol) => transports(*protocol, &IntervalSet::full()),
        }
    }

    /// The source ports; everything where the term does not speak of them.
    #[must_use]
    pub fn source_ports(&self) -> IntervalSet<u16> {
        match self {
            Self::Ports { source, .. } => source.clone(),
            Self::Any | Self::Icmp(_) | Self::Icmpv6(_) | Self::Protocol(_) => IntervalSet::full(),
        }
    }

    /// Both as one term, where that says the same.
    fn merge(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (
                Self::Ports { protocol, source, destination },
                Self::Ports { protocol: p, source: s, destination: d },
            ) if protocol == p && (source == s || destination == d) => Some(Self::Ports {
                protocol: *protocol,
                source: source.union(s),
                destination: destination.union(d),
            }),
            (Self::Icmp(a), Self::Icmp(b)) => Some(Self::Icmp(a.union(b))),
            (Self::Icmpv6(a), Self::Icmpv6(b)) => Some(Self::Icmpv6(a.union(b))),
            (Self::Protocol(a), Self::Protocol(b)) if a == b => Some(Self::Protocol(*a)),
            _ => None,
        }
    }
}

/// The first of the terms that can be written as one with another, and how.
fn mergeable(terms: &[Term], other: &Term) -> Option<(usize, Term)> {
    terms.iter().enumerate().find_map(|(at, term)| Some((at, term.merge(other)?)))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::packet::{TCP, UDP};

    fn ports() -> impl Strategy<Value = IntervalSet<u16>> {
        let written = vec((0..6_u16, 0..6_u16), 1..3).prop_map(IntervalSet::from_intervals);
        prop_oneof![Just(IntervalSet::full()), written]
    }

    fn term() -> impl Strategy<Value = Term> {
        let with_ports = (prop_oneof![Just(TCP), Just(UDP)], ports(), ports());
        prop_oneof![
            6 => with_ports.prop_map(|(protocol, source, destination)| Term::Ports { protocol, source, destination }),
            1 => ports().prop_map(Term::Icmp),
            1 => ports().prop_map(Term::Icmpv6),
            1 => prop_oneof![Just(47), Just(50)].prop_map(Term::Protocol),
        ]
    }

    fn means(terms: &[Term], transport: u32, source_port: u16) -> bool {
        let one =
            |term: &Term| term.transport().contains(transport) && term.source_ports().contains(source_port);
        terms.iter().any(one)
    }

    proptest! {
        #[test]
        fn merging_keeps_the_meaning_and_leaves_nothing_to_merge(terms in vec(term(), 1..8)) {
            let traffic = Traffic::of(terms.clone()).unwrap();
            for protocol in [TCP, UDP, ICMP, ICMPV6, 47, 50, 51] {
                for (port, source_port) in (0..8_u32).flat_map(|port| (0..8).map(move |source| (port, source))) {
                    let transport = u32::from(protocol) << 16 | port;
                    let expected = means(&terms, transport, source_port);
                    prop_assert_eq!(means(traffic.terms(), transport, source_port), expected);
                }
            }
            prop_assert!(traffic.terms().is_sorted());
            for (at, term) in traffic.terms().iter().enumerate() {
                prop_assert_eq!(mergeable(&traffic.terms()[..at], term), None);
            }
        }
    }

    #[test]
    fn everything_stands_alone() {
        let traffic = Traffic::of([Term::Protocol(47), Term::Any]).unwrap();
        assert_eq!(traffic, Traffic::any());
        assert_eq!(Traffic::of([]), None);
    }

    #[test]
    fn adjacent_ports_become_one_range() {
        let tcp = |first, last| Term::Ports {
            protocol: TCP,
            source: IntervalSet::full(),
            destination: IntervalSet::range(first, last),
        };
        assert_eq!(Traffic::of([tcp(26, 65535), tcp(0, 25)]).unwrap().terms(), [tcp(0, 65535)]);
    }

    #[test]
    fn source_ports_to_the_same_ports_become_one_term() {
        let from = |first, last| Term::Ports {
            protocol: UDP,
            source: IntervalSet::range(first, last),
            destination: IntervalSet::single(53),
        };
        assert_eq!(Traffic::of([from(1024, 65535), from(53, 1023)]).unwrap().terms(), [from(53, 65535)]);
    }

    #[test]
    fn a_term_is_told_by_its_transport() {
        assert_eq!(Term::Icmp(IntervalSet::single(0x0304)).transport(), IntervalSet::single(0x01_0304));
        assert_eq!(Term::Protocol(47).transport(), IntervalSet::range(0x2f_0000, 0x2f_ffff));
        assert_eq!(Term::Any.transport(), IntervalSet::range(0, 0xff_ffff));
    }

    #[test]
    fn messages_exist_in_their_own_family() {
        let (icmp, icmpv6) = (Term::Icmp(IntervalSet::full()), Term::Icmpv6(IntervalSet::full()));
        assert!(icmp.exists_in(Family::V4) && !icmp.exists_in(Family::V6));
        assert!(icmpv6.exists_in(Family::V6) && !icmpv6.exists_in(Family::V4));
    }

    #[test]
    fn extension_headers_are_protocols_in_ipv4_only() {
        let (authentication, encapsulation) = (Term::Protocol(51), Term::Protocol(50));
        assert!(authentication.exists_in(Family::V4) && !authentication.exists_in(Family::V6));
        assert!(encapsulation.exists_in(Family::V4) && encapsulation.exists_in(Family::V6));
    }
}
