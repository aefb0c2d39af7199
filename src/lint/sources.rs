//! Packets by where they claim to come from.

use super::{Context, Packets};
use crate::model::{Addresses, Entry, Term, Trust, Zone};
use crate::packet::{Cube, Hook, IntervalSet, States};

/// Packets that arrive for this machine or to be forwarded, opening a flow, away from the loopback.
pub(super) fn arriving(context: &Context<'_>) -> Packets {
    let hooks = [Hook::Input, Hook::Forward].map(|hook| context.opening(hook));
    Packets::new(hooks.iter().flat_map(Packets::cubes).cloned().collect()).off_loopback()
}

/// Those packets that come in by an interface of an untrusted zone.
pub(super) fn by_untrusted(context: &Context<'_>, packets: &Packets) -> Packets {
    let zones = context.policy().zones.iter().filter(|zone| zone.trust == Trust::Untrusted);
    let interfaces = IntervalSet::union_of(zones.map(|zone| &zone.interfaces));
    let cubes = packets.cubes().iter();
    Packets::new(
        cubes.map(|cube| Cube { incoming: cube.incoming.intersect(&interfaces), ..cube.clone() }).collect(),
    )
}

/// The addresses of the zones of that trust which list some.
pub(super) fn networks(context: &Context<'_>, trust: Trust) -> Addresses {
    let zones = context.policy().zones.iter().filter(|zone| zone.trust == trust && zone.has_networks);
    zones.map(|zone: &Zone| &zone.addresses).fold(Addresses::none(), |all, one| all.union(one))
}

/// Whether an entry names messages of ICMP or ICMPv6, and does not speak of all of them.
pub(super) fn names_messages(entry: &Entry) -> bool {
    let is_list = |term: &Term| match term {
        Term::Icmp(kinds) | Term::Icmpv6(kinds) => !kinds.is_full(),
        Term::Any | Term::Ports { .. } | Term::Protocol(_) => false,
    };
    entry.when.traffic.terms().iter().any(is_list)
}

/// The same packets, whatever connection tracking says of them: messages about no known flow count as invalid.
pub(super) fn in_any_state(packets: &Packets) -> Packets {
    let cubes = packets.cubes().iter().map(|cube| Cube { states: States::ANY, ..cube.clone() });
    Packets::new(cubes.collect())
}
