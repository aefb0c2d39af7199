//! Sources from which everything may leave, and destinations at which everything arrives.

use super::breadth::is_many;
use super::{Context, Packets};
use crate::analyze::{Certainty, Hit};
use crate::catalog;
use crate::model::{Addresses, Trust, Verdict};
use crate::packet::{Cube, Family, Hook, IntervalSet, TCP, UDP, transport, transports};

/// A port that IANA reserves and no service uses: whoever accepts it accepts everything that nobody thought of.
const UNNAMED: u16 = 49_151;

/// One more such port, of those that need a privilege.
const UNNAMED_LOW: u16 = 1023;

/// How many parts of a way in are looked at before a search gives up.
const MOST_PARTS: usize = 256;

/// The entries by which everything may leave: for some source and some way through this machine, or out of it, every
/// TCP and UDP port of every public destination is accepted, and this entry accepts what no service list names. What a
/// rule on an exception accepts does not count as accepted.
pub(super) fn everything<'p>(context: &Context<'p>, hook: Hook) -> Vec<Hit<'p>> {
    let ways = ways_out(context, hook);
    ways.cubes()
        .iter()
        .filter_map(|way| unfiltered(context, way))
        .filter_map(|open| who(context, &open))
        .collect()
}

/// Sources and interfaces of the box for which all of it is accepted.
fn unfiltered(context: &Context<'_>, way: &Cube) -> Option<Cube> {
    who(context, way)?;
    let mut rest = vec![way.clone()];
    while let Some(candidate) = rest.pop() {
        let Some(refused) = refused(context, &candidate) else { return Some(candidate) };
        let held = Cube {
            incoming: refused.part.incoming,
            outgoing: refused.part.outgoing,
            source: refused.part.source,
            ..candidate.clone()
        };
        rest.extend(candidate.subtract(&held));
    }
    None
}

/// Packets to every TCP and UDP port of every public destination outside.
pub(super) fn ways_out(context: &Context<'_>, hook: Hook) -> Packets {
    context.outward().in_hook(hook).only_to(&public()).transport(&every_port())
}

/// Whether everything may leave where a packet leaves, and the entry that lets it out accepts what no service list names.
pub(super) fn lets_everything_out(context: &Context<'_>, ways: &Packets, hit: &Hit<'_>) -> bool {
    let packet = &hit.packet;
    let is_there = |way: &&Cube| {
        (way.hook, way.family) == (packet.hook, packet.family)
            && way.incoming.contains(packet.incoming)
            && way.outgoing.contains(packet.outgoing)
            && way.source.contains(packet.source)
    };
    let from_there = |way: &Cube| Cube {
        incoming: IntervalSet::single(packet.incoming),
        outgoing: IntervalSet::single(packet.outgoing),
        source: IntervalSet::single(packet.source),
        ..way.clone()
    };
    ways.cubes().iter().filter(is_there).map(from_there).any(|way| {
        let unnamed = context.hits(&unnamed(&way)).any(|other| other.entry.origin == hit.entry.origin);
        unnamed && refused(context, &way).is_none()
    })
}

/// The entries by which everything comes in: for some destination inside, or this machine, TCP and UDP ports that no
/// service list names are accepted from more public sources than a list of known networks has. Ports or sources that
/// are shut out make no difference. A ruleset does not say where the outside is: there it counts what every interface
/// lets in for this machine.
pub(super) fn entrances<'p>(context: &Context<'p>) -> Vec<Hit<'p>> {
    let zones = &context.policy().zones;
    let has_inside = zones.iter().any(|zone| zone.trust == Trust::Internal);
    let inward = if has_inside { context.inward() } else { context.inward().in_hook(Hook::Input) };
    let ways = from_public(&inward.transport(&unnamed_ports()));
    ways.cubes().iter().filter_map(|way| entrance(context, way, zones.is_empty())).collect()
}

/// Who lets everything in on a way, perhaps only if that is so on every interface of it.
fn entrance<'p>(context: &Context<'p>, way: &Cube, on_every_interface: bool) -> Option<Hit<'p>> {
    let last = IntervalSet::single(u16::MAX); // of no name: what is open there is open on every interface
    let sample = if on_every_interface { Cube { incoming: last, ..way.clone() } } else { way.clone() };
    who(context, &sample)?;
    let mut rest = vec![not_shut_out(context, way)];
    for _ in 0..MOST_PARTS {
        let part = rest.pop()?;
        let Some(refused) = refused(context, &part) else { return who(context, &part) };
        let held = Cube {
            incoming: refused.part.incoming,
            outgoing: refused.part.outgoing,
            source: refused.part.source,
            destination: refused.part.destination,
            ..part.clone()
        };
        rest.extend(part.subtract(&held));
        rest.retain(|part| {
            is_many(&part.source, part.family) && (!on_every_interface || part.incoming == way.incoming)
        });
    }
    None
}

/// A way in without the sources of all entries that refuse some of them by name: a list of bad ones may be long.
fn not_shut_out(context: &Context<'_>, way: &Cube) -> Cube {
    let decisions = context.decisions();
    let entries = &context.policy().entries;
    let refuses = |index: &usize| entries.get(*index).is_some_and(|entry| entry.verdict != Verdict::Accept);
    let refusing = decisions.speaking(way).into_iter().filter(refuses);
    let cubes = refusing.flat_map(|index| decisions.cubes_of(index)).filter(|cube| cube.overlaps(way));
    let by_name: Vec<&IntervalSet<u128>> =
        cubes.map(|cube| &cube.source).filter(|source| !is_many(source, way.family)).collect();
    Cube { source: way.source.subtract(&IntervalSet::union_of(by_name)), ..way.clone() }
}

/// Ports of TCP and UDP that no service list names.
fn unnamed_ports() -> IntervalSet<u32> {
    let ports = IntervalSet::from_intervals([UNNAMED_LOW, UNNAMED].map(|port| (port, port)));
    transports(TCP, &ports).union(&transports(UDP, &ports))
}

/// Those packets that come from public addresses.
fn from_public(packets: &Packets) -> Packets {
    let public = public();
    let of = |cube: &Cube| Cube { source: cube.source.intersect(public.of(cube.family)), ..cube.clone() };
    Packets::new(packets.cubes().iter().map(of).collect())
}

/// Something of the box that is surely refused, or let pass on an exception only. In doubt nothing is.
fn refused<'p>(context: &Context<'p>, candidate: &Cube) -> Option<Hit<'p>> {
    let decisions = context.decisions();
    let excepted = || decisions.accepting(candidate).find(|hit| context.is_excepted(hit));
    let proven = |hit: &Hit<'_>| hit.certainty == Certainty::Proven;
    decisions.refusing(candidate).filter(proven).or_else(excepted)
}

/// Who accepts a port of the box that no service list names.
fn who<'p>(context: &Context<'p>, cube: &Cube) -> Option<Hit<'p>> {
    context.hits(&unnamed(cube)).next()
}

/// The packets of a box to a port that no service list names.
fn unnamed(cube: &Cube) -> Cube {
    let unnamed = IntervalSet::single(transport(TCP, UNNAMED));
    Cube { transport: cube.transport.intersect(&unnamed), ..cube.clone() }
}

/// Every port of TCP and UDP. Other protocols do not count: a list that only leaves them out is no egress policy.
fn every_port() -> IntervalSet<u32> {
    let ports = IntervalSet::full();
    transports(TCP, &ports).union(&transports(UDP, &ports))
}

/// The addresses outside that count: public ones. A zone that leaves out private and reserved blocks is still all of the
/// Internet.
fn public() -> Addresses {
    let unicast = Addresses {
        v4: Family::V4.every_address(),
        v6: IntervalSet::range(0x2 << 124, (0x4 << 124) - 1), // 2000::/3, RFC 4291 §2.4
    };
    let special = ["bogons", "sixtofour", "teredo"].into_iter().filter_map(catalog::network);
    special.fold(unicast, |rest, network| rest.subtract(&network.addresses()))
}
