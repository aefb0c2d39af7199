//! What the checks on mail have in common.

use super::{Context, Packets};
use crate::analyze::Decider;
use crate::model::{Entry, Origin, Role};
use crate::packet::IntervalSet;

/// Hosts that hand mail on to others, or to each other.
pub(super) const RELAYS: &[Role] = &[Role::Mx, Role::MtaOut, Role::Msa, Role::Filter];

/// The most ports of a range that somebody wrote because of one of them.
const WIDEST: u32 = 64;

/// The rules that let some of the packets pass and mean to: they name their ports, alone or in a short range. Defaults and rules for wide
/// ranges are left to the checks on those, which say it once.
pub(super) fn listed<'p>(context: &Context<'p>, packets: &Packets) -> Vec<Decider<'p>> {
    let asked = IntervalSet::union_of(packets.cubes().iter().map(|cube| &cube.transport));
    let mut permits = context.permits(packets);
    permits.retain(|permit| names_ports(permit.hit.entry, &asked));
    permits
}

/// Whether an entry comes from a rule that names one of the ports, alone or in a short range.
pub(super) fn names_ports(entry: &Entry, ports: &IntervalSet<u32>) -> bool {
    let named = |transport: &IntervalSet<u32>| {
        let mut ranges = transport.intervals().iter().filter(|(first, last)| last - first < WIDEST);
        ranges.any(|&(first, last)| IntervalSet::range(first, last).overlaps(ports))
    };
    matches!(entry.origin, Origin::Rule(_))
        && entry.when.traffic.terms().iter().any(|term| named(&term.transport()))
}

/// Packets that open a flow from the outside, to the outside or within the site.
pub(super) fn crossing(context: &Context<'_>) -> Packets {
    let all = [context.outward(), context.inward(), context.internal()];
    Packets::new(all.iter().flat_map(Packets::cubes).cloned().collect())
}
