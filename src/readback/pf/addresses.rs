//! Addresses that no machine has.

use crate::packet::{Family, IntervalSet};

/// Groups, and everybody on the link (RFC 1122 §3.2.1.3, RFC 4291 §2.7).
pub(super) fn groups(family: Family) -> IntervalSet<u128> {
    match family {
        Family::V4 => IntervalSet::from_intervals([(0xe000_0000, 0xefff_ffff), (0xffff_ffff, 0xffff_ffff)]),
        Family::V6 => IntervalSet::range(0xff << 120, u128::MAX),
    }
}

/// Addresses that no machine has for its own: groups, and none at all (RFC 1122 §3.2.1.3, RFC 4291 §2.5.2).
pub(super) fn never_own(family: Family) -> IntervalSet<u128> {
    groups(family).union(&IntervalSet::single(0))
}
