//! Sets of addresses of both families.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::Name;
use crate::packet::{Family, IntervalSet};

/// A set of IPv4 and IPv6 addresses; IPv4 addresses are numbers below 2³².
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Addresses {
    /// The IPv4 part.
    pub v4: IntervalSet<u128>,
    /// The IPv6 part.
    pub v6: IntervalSet<u128>,
}

/// Addresses in a rule, and the name to give them in a ruleset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressSet {
    /// The addresses.
    pub addresses: Addresses,
    /// The one zone or network they were written as; none for lists and literals.
    pub name: Option<Name>,
}

impl Addresses {
    /// Every address of both families.
    #[must_use]
    pub fn every() -> Self {
        Self { v4: Family::V4.every_address(), v6: Family::V6.every_address() }
    }

    /// No address.
    #[must_use]
    pub fn none() -> Self {
        Self { v4: IntervalSet::empty(), v6: IntervalSet::empty() }
    }

    /// Addresses that never leave their link: `169.254.0.0/16` (RFC 3927 §7) and `fe80::/10` (RFC 4291 §2.5.6).
    #[must_use]
    pub fn link_local() -> Self {
        Self {
            v4: IntervalSet::range(0xa9fe_0000, 0xa9fe_ffff),
            v6: IntervalSet::range(0xfe80 << 112, (0xfec0 << 112) - 1),
        }
    }

    /// The addresses of prefixes.
    #[must_use]
    pub fn of_prefixes(prefixes: &[IpNet]) -> Self {
        let (v4, v6): (Vec<&IpNet>, Vec<&IpNet>) = prefixes.iter().partition(|net| net.addr().is_ipv4());
        let bounds = |net: &&IpNet| (number(net.network()), number(net.broadcast()));
        Self {
            v4: IntervalSet::from_intervals(v4.iter().map(bounds)),
            v6: IntervalSet::from_intervals(v6.iter().map(bounds)),
        }
    }

    /// The addresses of one family.
    #[must_use]
    pub fn of(&self, family: Family) -> &IntervalSet<u128> {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// In either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// In both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersect(&other.v4), v6: self.v6.intersect(&other.v6) }
    }

    /// Whether any address is in both; cheaper than the intersection.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.v4.overlaps(&other.v4) || self.v6.overlaps(&other.v6)
    }

    /// In this one and not in the other.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        Self { v4: self.v4.subtract(&other.v4), v6: self.v6.subtract(&other.v6) }
    }

    /// No address of either family.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Every address of that family: no condition at all.
    #[must_use]
    pub fn is_every(&self, family: Family) -> bool {
        *self.of(family) == family.every_address()
    }
}

impl AddressSet {
    /// No condition.
    #[must_use]
    pub fn every() -> Self {
        Self { addresses: Addresses::every(), name: None }
    }
}

/// An address as a number; IPv4 in the lower 32 bits.
#[must_use]
pub fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The address that a number of that family stands for.
#[must_use]
pub fn address(family: Family, number: u128) -> IpAddr {
    match family {
        Family::V4 => Ipv4Addr::from_bits(u32::try_from(number).unwrap_or(u32::MAX)).into(),
        Family::V6 => Ipv6Addr::from_bits(number).into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prefixes(written: &[&str]) -> Addresses {
        let nets: Vec<IpNet> = written.iter().map(|net| net.parse().unwrap()).collect();
        Addresses::of_prefixes(&nets)
    }

    #[test]
    fn prefixes_become_intervals_of_their_family() {
        let both = prefixes(&["10.0.0.0/9", "10.128.0.0/9", "2001:db8::/32", "::1/128"]);
        assert_eq!(both.v4, IntervalSet::range(0x0a00_0000, 0x0aff_ffff));
        let documentation = 0x2001_0db8 << 96;
        assert_eq!(
            both.v6,
            IntervalSet::from_intervals([(1, 1), (documentation, documentation | (u128::MAX >> 32))])
        );
    }

    #[test]
    fn everything_is_every_address_of_both_families() {
        let every = prefixes(&["0.0.0.0/0", "::/0"]);
        assert_eq!(every, Addresses::every());
        assert!(Family::ALL.into_iter().all(|family| every.is_every(family)));
        assert!(every.subtract(&every).is_empty() && Addresses::none().is_empty());
    }

    #[test]
    fn families_do_not_mix() {
        let (v4, v6) = (prefixes(&["0.0.0.0/0"]), prefixes(&["::/0"]));
        assert!(v4.intersect(&v6).is_empty());
        assert_eq!(v4.union(&v6), Addresses::every());
        assert_eq!(Addresses::every().subtract(&v6), v4);
        assert!(v4.is_every(Family::V4) && !v4.is_every(Family::V6));
    }

    proptest! {
        #[test]
        fn a_number_stands_for_its_address(v4: u32, v6: u128) {
            for written in [IpAddr::from(Ipv4Addr::from_bits(v4)), Ipv6Addr::from_bits(v6).into()] {
                let family = if written.is_ipv4() { Family::V4 } else { Family::V6 };
                prop_assert_eq!(address(family, number(written)), written);
            }
        }
    }
}
