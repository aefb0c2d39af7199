//! What the checks on declared hosts have in common: whether a host can be reached, and can reach others.
//!
//! A host is shut off if not one of the packets that it lives on may pass, or only those of a few addresses where it is there for
//! everybody. That some may not is nobody's concern here: lists of hostile networks are good practice.

use super::breadth::{End, Many};
use super::{Context, Packets};
use crate::analyze::Hit;
use crate::model::{Addresses, BaselinePart, Host, Origin, Role, Trust, Verdict, Zone};
use crate::packet::{Cube, Family, Hook, IntervalSet};

/// How many addresses of a host are asked about one by one; a longer list is asked about as a whole.
const MOST_ALIKE: u128 = 32;

/// Who has to be let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Somebody, whoever that is.
    Some,
    /// Everybody outside, but for networks that somebody listed.
    Everybody,
}

/// What a host lives on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need<'a> {
    /// The host.
    pub(super) host: &'a Host,
    /// Which address of the packets is its own.
    pub(super) own: End,
    /// Who is at the other end.
    pub(super) wanted: Wanted,
}

impl<'a> Need<'a> {
    /// Takes connections, from those who are wanted.
    pub(super) const fn from(wanted: Wanted, host: &'a Host) -> Self {
        Self { host, own: End::Destination, wanted }
    }

    /// Opens connections, to those who are wanted.
    pub(super) const fn to(wanted: Wanted, host: &'a Host) -> Self {
        Self { host, own: End::Source, wanted }
    }
}

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

    /// Whether a host and one of some addresses are on the same network inside: packets between them pass no filter. This machine is beside
    /// nobody, since it filters what it takes and sends itself.
    #[must_use]
    pub fn is_beside(&self, host: &Host, others: &Addresses) -> bool {
        let policy = self.policy();
        let own = policy.hosts.iter().filter(|host| host.is_self);
        let others = own.fold(others.clone(), |others, own| others.subtract(&own.addresses));
        let mut inside =
            policy.zones.iter().filter(|zone| zone.trust == Trust::Internal && zone.has_networks);
        let holds_both = |zone: &Zone| {
            let network = network(&policy.zones, zone);
            network.overlaps(&host.addresses) && network.overlaps(&others)
        };
        !host.is_self && inside.any(holds_both)
    }
}

/// The addresses of a zone that no smaller zone within it has.
fn network(zones: &[Zone], zone: &Zone) -> Addresses {
    let smaller = zones.iter().filter(|other| {
        other.addresses != zone.addresses && other.addresses.subtract(&zone.addresses).is_empty()
    });
    smaller.fold(zone.addresses.clone(), |rest, smaller| rest.subtract(&smaller.addresses))
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
    context.decisions().accepting(cube).any(|hit| context.is_excepted(&hit))
}

/// For each family of addresses in use in which what a host lives on may not pass: a packet of it, and who refuses it.
pub(super) fn shut<'p>(context: &Context<'p>, packets: &Packets, need: Need<'_>) -> Vec<Hit<'p>> {
    let families = Family::ALL.into_iter().filter(|family| is_asked(context, need, *family));
    families.filter_map(|family| shut_in(context, &in_family(packets, family), need)).collect()
}

/// The same where one family is as good as the other: the first one, if what the host lives on may pass in none.
pub(super) fn shut_altogether<'p>(
    context: &Context<'p>,
    packets: &Packets,
    need: Need<'_>,
) -> Option<Hit<'p>> {
    let has_some = |family: &&Family| !in_family(packets, **family).cubes().is_empty();
    let families = Family::ALL.iter().filter(|family| is_asked(context, need, **family));
    let asked = families.filter(has_some).count();
    let shut = shut(context, packets, need);
    if shut.len() == asked { shut.into_iter().next() } else { None }
}

/// The same for packets that belong to no declared host.
pub(super) fn shut_for_all<'p>(context: &Context<'p>, packets: &Packets) -> Vec<Hit<'p>> {
    let families = Family::ALL.into_iter().filter(|family| is_spoken(context, *family));
    let in_families = families.map(|family| in_family(packets, family));
    let shut = in_families.filter(|packets| !passes(context, packets, None));
    shut.filter_map(|packets| refusal(context, &packets)).collect()
}

/// The packets of one family.
pub(super) fn in_family(packets: &Packets, family: Family) -> Packets {
    Packets::new(packets.cubes().iter().filter(|cube| cube.family == family).cloned().collect())
}

/// A packet of the first machine of a host that is shut off, and who refuses it; the packets are of one family.
fn shut_in<'p>(context: &Context<'p>, packets: &Packets, need: Need<'_>) -> Option<Hit<'p>> {
    let far = (need.wanted == Wanted::Everybody).then(|| need.own.other());
    let mut machines = machines(context, packets, need);
    machines.retain(|packets| !packets.cubes().is_empty());
    machines
        .iter()
        .filter(|packets| !passes(context, packets, far))
        .find_map(|packets| refusal(context, packets))
}

/// The packets of each machine. Several addresses on one network are several machines alike; on different networks they may be those of
/// one machine, which then uses one for this and the other for that.
fn machines(context: &Context<'_>, packets: &Packets, need: Need<'_>) -> Vec<Packets> {
    let hook = if need.own == End::Source { Hook::Output } else { Hook::Input };
    let through = packets.not_in_hook(hook);
    let Some(family) = through.cubes().first().map(|cube| cube.family) else { return vec![packets.clone()] };
    let addresses = need.host.addresses.of(family);
    let mut zones = context.policy().zones.iter().filter(|zone| zone.has_networks);
    let is_one_network = zones.any(|zone| addresses.is_subset(zone.addresses.of(family)));
    if need.host.is_self || !is_one_network || super::breadth::size(addresses) > MOST_ALIKE {
        return vec![packets.clone()];
    }
    let each = addresses.intervals().iter().flat_map(|&(start, end)| start..=end);
    each.map(|address| only(&through, need.own, family, address)).collect()
}

/// Those packets with that address at one end.
fn only(packets: &Packets, end: End, family: Family, address: u128) -> Packets {
    let single = IntervalSet::single(address);
    let addresses = match family {
        Family::V4 => Addresses { v4: single, ..Addresses::none() },
        Family::V6 => Addresses { v6: single, ..Addresses::none() },
    };
    match end {
        End::Source => packets.only_from(&addresses),
        End::Destination => packets.only_to(&addresses),
    }
}

/// Whether some of the packets may pass, or those of many addresses at the far end.
fn passes(context: &Context<'_>, packets: &Packets, far: Option<End>) -> bool {
    match far {
        Some(end) => Many::outside(context.policy(), end).pass(context.decisions(), packets.cubes()),
        None => packets.cubes().iter().any(|cube| context.decisions().first_accepting(cube).is_some()),
    }
}

/// One of the packets that are refused, and who does that: the last one, who refuses what lists of hostile networks leave. Forged
/// sources do not count.
pub(super) fn refusal<'p>(context: &Context<'p>, packets: &Packets) -> Option<Hit<'p>> {
    let spoofing = Origin::Baseline(BaselinePart::AntiSpoofing);
    let refuses = |hit: &Hit<'_>| hit.entry.origin != spoofing;
    let refusing = |cube: &Cube| context.decisions().refusals(cube).rfind(refuses);
    packets.cubes().iter().find_map(refusing)
}

/// Whether a host needs a family of addresses: it has some, and whom it needs may have some.
fn is_asked(context: &Context<'_>, need: Need<'_>, family: Family) -> bool {
    is_used(context, need.host, family) && (need.wanted == Wanted::Some || is_used_outside(context, family))
}

/// Whether an untrusted zone has addresses of a family; where none is declared, the outside has all.
pub(super) fn is_used_outside(context: &Context<'_>, family: Family) -> bool {
    let zones = &context.policy().zones;
    let mut outside = zones.iter().filter(|zone| zone.trust == Trust::Untrusted).peekable();
    outside.peek().is_none() || outside.any(|zone| !zone.addresses.of(family).is_empty())
}

/// Whether a host has addresses of a family: those that were declared; for this machine without any, those that rules speak about.
fn is_used(context: &Context<'_>, host: &Host, family: Family) -> bool {
    if host.addresses.is_empty() { is_spoken(context, family) } else { !host.addresses.of(family).is_empty() }
}

/// Whether a rule or a default lets anything pass in a family of addresses.
fn is_spoken(context: &Context<'_>, family: Family) -> bool {
    context.policy().entries.iter().any(|entry| {
        let by_somebody = !matches!(entry.origin, Origin::Baseline(_));
        let accepts = entry.verdict == Verdict::Accept;
        by_somebody && accepts && entry.cubes().iter().any(|cube| cube.family == family && !cube.is_empty())
    })
}
