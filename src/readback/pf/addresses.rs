//! Addresses that no machine has.

use crate::packet::{Family, IntervalSet};

/// Multicast (RFC 5771 §3, RFC 4291 §2.7) and the limited broadcast address (RFC 1122 §3.2.1.3).
pub(super) fn multicast_and_broadcast(family: Family) -> IntervalSet<u128> {
    match family {
        Family::V4 => IntervalSet::from_intervals([(0xe000_0000, 0xefff_ffff), (0xffff_ffff, 0xffff_ffff)]),
        Family::V6 => IntervalSet::range(0xff << 120, u128::MAX),
    }
}

/// What no machine has for its own: those, and the unspecified address (RFC 1122 §3.2.1.3, RFC 4291 §2.5.2).
pub(super) fn never_own(family: Family) -> IntervalSet<u128> {
    multicast_and_broadcast(family).union(&IntervalSet::single(0))
}
