//! Names of numbers: ICMP types and IP protocols.

use std::collections::BTreeMap;

use super::CatalogError;
use super::data::{ICMP, IcmpData, KindData, PROTOCOLS};
use crate::packet::Family;

/// ICMP messages by name: the type and, for narrower names, the code.
type Kinds = BTreeMap<String, (u8, Option<u8>)>;

/// What the names of numbers mean.
#[derive(Debug)]
pub(super) struct Numbers {
    icmp: Kinds,
    icmpv6: Kinds,
    /// IP protocols by name.
    pub(super) protocols: BTreeMap<String, u8>,
}

impl Numbers {
    /// Everything the data files say.
    pub(super) fn read() -> Result<Self, CatalogError> {
        let IcmpData { icmp, icmpv6, .. } = ICMP.read()?;
        Ok(Self { icmp: kinds(icmp), icmpv6: kinds(icmpv6), protocols: PROTOCOLS.read()? })
    }

    /// The messages of ICMP for IPv4, of ICMPv6 for IPv6.
    pub(super) fn icmp(&self, family: Family) -> &Kinds {
        match family {
            Family::V4 => &self.icmp,
            Family::V6 => &self.icmpv6,
        }
    }
}

fn kinds(data: BTreeMap<String, KindData>) -> Kinds {
    data.into_iter().map(|(name, data)| (name, data.message())).collect()
}
