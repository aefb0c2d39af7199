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
