//! Packets by where they claim to come from.

use super::{Context, Packets};
use crate::analyze::Decider;
use crate::catalog::{self, Network};
use crate::model::{Addresses, Origin, Trust, Zone};
use crate::packet::{Cube, Hook, IntervalSet};

/// Packets that arrive for this machine or to be forwarded, opening a flow, away from the loopback.
pub(super) fn arriving(context: &Context<'_>) -> Packets {
    let hooks = [Hook::Input, Hook::Forward].map(|hook| context.opening(hook));
    Packets::new(hooks.iter().flat_map(Packets::cubes).cloned().collect()).off_loopback()
}

/// The addresses of a built-in network.
pub(super) fn block(name: &str) -> Addresses {
    catalog::network(name).map_or_else(Addresses::none, Network::addresses)
}

/// The rules that let some of the packets pass. What a default accepts, or a rule like one, is for the checks on defaults.
pub(super) fn permits_by_rules<'p>(context: &Context<'p>, packets: &Packets) -> Vec<Decider<'p>> {
    let mut permits = context.permits(packets);
    permits.retain(|permit| {
        let origin = permit.hit.entry.origin;
        origin != Origin::Default && !context.decides_everything(origin)
    });
    permits
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
