//! What the checks on exposed ports have in common.

use crate::analyze::{Decider, Hit};
use crate::lint::packets::to_ports;
use crate::lint::{Context, Packets};
use crate::model::{Addresses, Origin, Trust, Zone};
use crate::packet::{Cube, Hook, IntervalSet, TCP, UDP};

/// Ports that are not for everybody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    /// TCP ports.
    pub(super) tcp: &'static [u16],
    /// UDP ports.
    pub(super) udp: &'static [u16],
}

/// How many ports a title names.
const MOST_NAMED: usize = 6;

impl Ports {
    /// Those packets that go to one of the ports.
    pub(super) fn of(self, packets: &Packets) -> Packets {
        packets.transport(&self.transport())
    }

    /// The ports as [`Cube::transport`].
    pub(super) fn transport(self) -> IntervalSet<u32> {
        to_ports(TCP, self.tcp).union(&to_ports(UDP, self.udp))
    }
}

/// Packets that open a flow from the outside to what is the site's own: this machine, the inside, and the declared
/// hosts that stand in an untrusted zone.
pub(super) fn exposing(context: &Context<'_>) -> Packets {
    let policy = context.policy();
    let hosts = policy.hosts.iter().fold(Addresses::none(), |all, host| all.union(&host.addresses));
    let forwarded = context.entering().in_hook(Hook::Forward);
    let behind = |zone: &Zone| {
        let to_hosts = forwarded.only_to(&zone.addresses.intersect(&hosts));
        let through = |cube: &Cube| cube.outgoing.intersect(&zone.interfaces);
        to_hosts
            .cubes()
            .iter()
            .map(|cube| Cube { outgoing: through(cube), ..cube.clone() })
            .collect::<Vec<_>>()
    };
    let outside = policy.zones.iter().filter(|zone| zone.trust == Trust::Untrusted && zone.has_networks);
    let mut cubes = context.inward().cubes().to_vec();
    cubes.extend(outside.flat_map(behind));
    Packets::new(cubes)
}

/// The ports among the packets asked about that somebody opens, as [`Cube::transport`]. `opens` says whether the entry
/// with that index opens a box.
pub(super) fn opened(
    context: &Context<'_>,
    permit: &Decider<'_>,
    asked: &Packets,
    opens: impl Fn(usize, &Cube) -> bool,
) -> Vec<u32> {
    let indices = entries_of(context, permit);
    let open = |port: &u32| {
        let to_port = asked.transport(&IntervalSet::single(*port));
        to_port.cubes().iter().any(|cube| indices.iter().any(|&index| opens(index, cube)))
    };
    every_port(asked).into_iter().filter(open).collect()
}

/// The entries of a decider: those of a rule stand together, a default has one in its hook.
fn entries_of(context: &Context<'_>, decider: &Decider<'_>) -> Vec<usize> {
    let Hit { index, entry, .. } = decider.hit;
    if entry.origin == Origin::Default {
        return vec![index];
    }
    let entries = &context.policy().entries;
    let own = |index: &usize| entries.get(*index).is_some_and(|other| other.origin == entry.origin);
    (0..index).rev().take_while(own).chain((index..entries.len()).take_while(own)).collect()
}

/// The ports of packets that go to single ports.
pub(super) fn every_port(packets: &Packets) -> Vec<u32> {
    let sets = packets.cubes().iter().map(|cube| &cube.transport);
    let all = sets.fold(IntervalSet::empty(), |all, set| all.union(set));
    all.intervals().iter().flat_map(|&(start, end)| start..=end).collect()
}

/// Ports in words: `TCP 22, TCP 3389 and UDP 623`.
pub(super) fn in_words(ports: &[u32]) -> String {
    let name = |port: &u32| {
        let protocol = if port >> 16 == u32::from(UDP) { "UDP" } else { "TCP" };
        format!("{protocol} {}", port & 0xffff)
    };
    let named: Vec<String> = ports.iter().take(MOST_NAMED).map(name).collect();
    match ports.len().checked_sub(MOST_NAMED) {
        Some(more @ 1..) => format!("{} and {more} more", named.join(", ")),
        _ => named.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn many_ports_are_counted() {
        assert_eq!(in_words(&[0x6_0016, 0x11_026f]), "TCP 22, UDP 623");
        assert_eq!(in_words(&[0x6_0001; 8]), "TCP 1, TCP 1, TCP 1, TCP 1, TCP 1, TCP 1 and 2 more");
    }
}
