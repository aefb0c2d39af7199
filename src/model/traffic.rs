//! What a service lets through: protocols, ports and ICMP types.

use crate::packet::{Family, ICMP, ICMPV6, IntervalSet};

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

/// Hop-by-hop options, routing, fragment, authentication header and destination options (RFC 8200 §4.1, RFC 4302):
/// in IPv6 they stand before the protocol, and filters look through them, so no packet has one for its protocol.
const IPV6_EXTENSION_HEADERS: [u8; 5] = [0, 43, 44, 51, 60];

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
        for term in sorted {
            match merged.last().and_then(|last| last.merge(&term)) {
                Some(both) => merged.splice(merged.len() - 1.., [both]).for_each(drop),
                None => merged.push(term),
            }
        }
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
            Self::Protocol(number) => family == Family::V4 || !IPV6_EXTENSION_HEADERS.contains(number),
            Self::Icmp(_) => family == Family::V4,
            Self::Icmpv6(_) => family == Family::V6,
        }
    }

    /// The values of [`Cube::transport`](crate::packet::Cube::transport) it stands for.
    #[must_use]
    pub fn transport(&self) -> IntervalSet<u32> {
        let within = |protocol: u8, set: &IntervalSet<u16>| {
            let base = u32::from(protocol) << 16;
            let shifted = set.intervals().iter().map(|&(a, b)| (base | u32::from(a), base | u32::from(b)));
            IntervalSet::from_intervals(shifted)
        };
        match self {
            Self::Any => IntervalSet::range(0, 0xff_ffff),
            Self::Ports { protocol, destination, .. } => within(*protocol, destination),
            Self::Icmp(kinds) => within(ICMP, kinds),
            Self::Icmpv6(kinds) => within(ICMPV6, kinds),
            Self::Protocol(protocol) => within(*protocol, &IntervalSet::full()),
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

    fn merge(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (
                Self::Ports { protocol, source, destination },
                Self::Ports { protocol: p, source: s, destination: d },
            ) if protocol == p && source == s => {
                Some(Self::Ports { protocol: *p, source: s.clone(), destination: destination.union(d) })
            }
            (Self::Icmp(a), Self::Icmp(b)) => Some(Self::Icmp(a.union(b))),
            (Self::Icmpv6(a), Self::Icmpv6(b)) => Some(Self::Icmpv6(a.union(b))),
            (Self::Protocol(a), Self::Protocol(b)) if a == b => Some(Self::Protocol(*a)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extension_headers_are_protocols_in_ipv4_only() {
        let (authentication, encapsulation) = (Term::Protocol(51), Term::Protocol(50));
        assert!(authentication.exists_in(Family::V4) && !authentication.exists_in(Family::V6));
        assert!(encapsulation.exists_in(Family::V4) && encapsulation.exists_in(Family::V6));
    }
}
