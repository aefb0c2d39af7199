//! What the checks on declared hosts have in common: whether a host can be reached, and can reach others, at all.
//!
//! A host is shut off if not one of the packets that it lives on may pass. That some may not is nobody's concern here: lists of hostile
//! networks are good practice.

use super::flow::wrongly_refused;
use super::{Context, Packets};
use crate::analyze::Hit;
use crate::model::{Host, Origin, Role, Trust, Verdict};
use crate::packet::{Cube, Family, Hook};

impl<'p> Context<'p> {
    /// The site's own hosts with one of these roles: those in an internal zone, and this machine. What others run is theirs to mend.
    pub fn hosts_with<'a>(&'a self, roles: &'a [Role]) -> impl Iterator<Item = &'p Host> + use<'a, 'p> {
        let zones = &self.policy().zones;
        let own = |host: &Host| {
            let mut internal = zones.iter().filter(|zone| zone.trust == Trust::Internal);
            host.is_self || internal.any(|zone| zone.addresses.overlaps(&host.addresses))
        };
        let hosts = self.policy().hosts.iter().filter(move |host| own(host));
        hosts.filter(move |host| host.roles.iter().any(|role| roles.contains(role)))
    }

    /// Those packets that go to a host.
    #[must_use]
    pub fn to_host(&self, packets: &Packets, host: &Host) -> Packets {
        let others = packets.not_in_hook(Hook::Input).only_to(&host.addresses);
        let own = if host.is_self { packets.in_hook(Hook::Input) } else { Packets::new(Vec::new()) };
        Packets::new([others.cubes(), own.cubes()].concat())
    }

    /// Those packets that come from a host.
    #[must_use]
    pub fn from_host(&self, packets: &Packets, host: &Host) -> Packets {
        let others = packets.not_in_hook(Hook::Output).only_from(&host.addresses);
        let own = if host.is_self { packets.in_hook(Hook::Output) } else { Packets::new(Vec::new()) };
        Packets::new([others.cubes(), own.cubes()].concat())
    }
}

/// Packets from the inside, this machine included, to anywhere else, the inside included.
pub(super) fn sending(context: &Context<'_>) -> Packets {
    Packets::new([context.outward().cubes(), context.internal().cubes()].concat())
}

/// Whether a rule or a default lets some of the packets pass.
pub(super) fn is_open(context: &Context<'_>, packets: &Packets) -> bool {
    packets.cubes().iter().any(|cube| context.hits(cube).next().is_some() || is_excepted(context, cube))
}

/// Whether a rule on an exception lets some of a box pass.
fn is_excepted(context: &Context<'_>, cube: &Cube) -> bool {
    context.decisions().accepting(cube).iter().any(|hit| context.is_excepted(hit))
}

/// For each family of addresses in which not one of the packets may pass: one of them, and who refuses it. Families that no rule lets
/// pass anything in are not in use, and left out.
pub(super) fn shut<'p>(context: &Context<'p>, packets: &Packets) -> Vec<Hit<'p>> {
    let of = |family| {
        let cubes = packets.cubes().iter().filter(move |cube| cube.family == family);
        cubes.cloned().collect::<Vec<Cube>>()
    };
    let is_shut = |cubes: &Vec<Cube>| {
        let open = |cube: &Cube| !context.decisions().accepting(cube).is_empty();
        !cubes.is_empty() && !cubes.iter().any(open)
    };
    let families = Family::ALL.into_iter().filter(|family| is_spoken(context, *family));
    // A forged source is a poor example: it would be refused anyway.
    let refusal = |cube: &Cube| wrongly_refused(context, cube).or_else(|| context.decisions().refusing(cube));
    families.map(of).filter(is_shut).filter_map(|cubes| cubes.iter().find_map(refusal)).collect()
}

/// Whether a rule or a default lets anything pass in a family of addresses.
fn is_spoken(context: &Context<'_>, family: Family) -> bool {
    context.policy().entries.iter().any(|entry| {
        let by_somebody = !matches!(entry.origin, Origin::Baseline(_));
        let accepts = entry.verdict == Verdict::Accept;
        by_somebody && accepts && entry.cubes().iter().any(|cube| cube.family == family && !cube.is_empty())
    })
}
