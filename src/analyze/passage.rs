//! Ways between zones: which packets may open a flow from one to another, and what they may speak.

use super::{Decisions, Scope, in_scope};
use crate::model::{AddressSet, Addresses, Match, Origin, Policy, Traffic, Zone};
use crate::packet::{Cube, Family, Hook, IntervalSet, States};

/// One end of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// A zone, by its index in [`Policy::zones`].
    Zone(usize),
    /// The machine that loads the policy.
    Host,
}

/// From one end to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// Where flows open.
    pub from: End,
    /// Where they lead.
    pub to: End,
}

/// What may be spoken on a way, by the values of [`Cube::transport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    /// In IPv4.
    pub v4: IntervalSet<u32>,
    /// In IPv6.
    pub v6: IntervalSet<u32>,
}

impl End {
    /// The zones in the order written, and the machine itself.
    #[must_use]
    pub fn all(policy: &Policy) -> Vec<Self> {
        (0..policy.zones.len()).map(Self::Zone).chain([Self::Host]).collect()
    }

    /// The name of the zone, or `host`.
    #[must_use]
    pub fn name(self, policy: &Policy) -> &str {
        self.zone(policy).map_or("host", |zone| zone.name.value.as_str())
    }

    fn zone(self, policy: &Policy) -> Option<&Zone> {
        match self {
            Self::Zone(index) => policy.zones.get(index),
            Self::Host => None,
        }
    }
}

impl Way {
    /// Every ordered pair of ends.
    #[must_use]
    pub fn all(policy: &Policy) -> Vec<Self> {
        let ends = End::all(policy);
        let from = ends.iter().copied();
        let ways = from.flat_map(|from| ends.iter().map(move |&to| Self { from, to }));
        ways.filter(|way| way.from != way.to).collect()
    }

    /// The packets of a kind that open a flow on this way, between addresses that belong there: those of a zone within another
    /// one are not the outer one's, and an open zone has the addresses that no other zone lists.
    #[must_use]
    pub fn packets(self, policy: &Policy, traffic: &Traffic) -> Vec<Cube> {
        self.between(policy, traffic, |zone| home(zone, &policy.zones))
    }

    /// The same between all addresses that the zones stand for by themselves: the words for those are their names.
    #[must_use]
    pub fn named(self, policy: &Policy, traffic: &Traffic) -> Vec<Cube> {
        self.between(policy, traffic, |zone| zone.addresses.clone())
    }

    fn between(
        self,
        policy: &Policy,
        traffic: &Traffic,
        addresses: impl Fn(&Zone) -> Addresses,
    ) -> Vec<Cube> {
        let mut when = Match { traffic: traffic.clone(), ..Match::every(States::NEW) };
        if let Some(zone) = self.from.zone(policy) {
            when.incoming = zone.interfaces.clone();
            when.source = AddressSet { addresses: addresses(zone), name: None };
        }
        if let Some(zone) = self.to.zone(policy) {
            when.outgoing = zone.interfaces.clone();
            when.destination = AddressSet { addresses: addresses(zone), name: None };
        }
        in_scope(&[(self.hook(), when)], Scope::Rules)
    }

    const fn hook(self) -> Hook {
        match (self.from, self.to) {
            (End::Host, _) => Hook::Output,
            (_, End::Host) => Hook::Input,
            (End::Zone(_), End::Zone(_)) => Hook::Forward,
        }
    }
}

/// The addresses that routes put into a zone: its own without those of zones inside it, as the longer prefix has them. An open
/// zone has what no zone lists.
fn home(zone: &Zone, zones: &[Zone]) -> Addresses {
    let is_inside = |other: &&Zone| {
        other.has_networks
            && other.addresses != zone.addresses
            && other.addresses.subtract(&zone.addresses).is_empty()
    };
    let inside = zones.iter().filter(is_inside);
    inside.fold(zone.addresses.clone(), |rest, other| rest.subtract(&other.addresses))
}

impl Passing {
    /// What it is in a family.
    #[must_use]
    pub const fn of(&self, family: Family) -> &IntervalSet<u32> {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// Whether nothing passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }
}

impl Decisions<'_> {
    /// What of a way's traffic rules and defaults let pass, for some addresses at least. What the baseline lets pass, such
    /// as echo requests, is left out.
    #[must_use]
    pub fn passing(&self, way: Way) -> Passing {
        let mut passing = Passing { v4: IntervalSet::empty(), v6: IntervalSet::empty() };
        for cube in way.packets(self.policy(), &Traffic::any()) {
            let own = match cube.family {
                Family::V4 => &mut passing.v4,
                Family::V6 => &mut passing.v6,
            };
            *own = own.union(&self.passing_in(&cube));
        }
        passing
    }

    fn passing_in(&self, cube: &Cube) -> IntervalSet<u32> {
        let passes = |&(first, last): &(u32, u32)| {
            let transport = IntervalSet::range(first, last).intersect(&cube.transport);
            let part = Cube { transport, ..cube.clone() };
            let candidates = self.candidates(&part);
            let mut rules = candidates.into_iter().filter(|&index| self.is_asked(index));
            rules.any(|index| self.hit(index, &part).is_some())
        };
        IntervalSet::from_intervals(self.runs_alike(cube).into_iter().filter(passes))
            .intersect(&cube.transport)
    }

    fn is_asked(&self, index: usize) -> bool {
        let entry = self.policy().entries.get(index);
        entry.is_some_and(|entry| !matches!(entry.origin, Origin::Baseline(_)))
    }

    /// Runs of transports that all entries speaking of a box treat alike: none of them begins or ends within a run.
    fn runs_alike(&self, cube: &Cube) -> Vec<(u32, u32)> {
        let speaking = self.speaking(cube);
        let spoken = speaking.iter().flat_map(|&index| self.cubes_of(index));
        let near = spoken.filter(|own| own.overlaps(cube)).map(|own| &own.transport).chain([&cube.transport]);
        let ends = near.flat_map(IntervalSet::intervals);
        let mut starts: Vec<u32> = ends.flat_map(|&(first, last)| [first, last.saturating_add(1)]).collect();
        starts.push(0);
        starts.sort_unstable();
        starts.dedup();
        let next = starts.iter().skip(1).map(|start| start - 1).chain([0xff_ffff]);
        starts.iter().copied().zip(next).filter(|(first, last)| first <= last).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::sample;
    use crate::model::{Interfaces, Verdict};
    use crate::packet::Packet;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_passes_is_what_first_match_lets_pass(drafts in sample::drafts()) {
            let policy = sample::policy(&drafts);
            let decisions = Decisions::new(&policy);
            for way in Way::all(&policy) {
                let asked = way.packets(&policy, &Traffic::any());
                let passing = decisions.passing(way);
                let passes = |packet: &&Packet| {
                    let entry = &policy.entries[sample::first_match(&policy, packet).unwrap()];
                    entry.verdict == Verdict::Accept && !matches!(entry.origin, Origin::Baseline(_))
                };
                let packets = sample::packets();
                let asked = packets.iter().filter(|packet| asked.iter().any(|cube| cube.contains(packet)));
                let passed: Vec<&Packet> = asked.clone().filter(passes).collect();
                for packet in &passed {
                    prop_assert!(passing.of(packet.family).contains(packet.transport), "{packet:?}");
                }
                // What passes is shown by a packet: none of all transports that only refused packets have.
                for packet in asked.filter(|packet| passing.of(packet.family).contains(packet.transport)) {
                    let transport = IntervalSet::single(packet.transport);
                    let cubes = way.packets(&policy, &Traffic::any()).into_iter();
                    let mut alike = cubes
                        .filter(|cube| cube.family == packet.family)
                        .map(|cube| Cube { transport: transport.clone(), ..cube });
                    let passes = |cube: Cube| decisions.query(&[cube], Scope::Rules).some_pass() != Some(false);
                    prop_assert!(alike.any(passes), "{packet:?}");
                }
            }
        }
    }

    #[test]
    fn ways_have_two_ends_and_stay_off_the_loopback() {
        let policy = sample::policy(&[]);
        let ways = Way::all(&policy);
        let ends = policy.zones.len() + 1;
        assert_eq!(ways.len(), ends * (ends - 1));
        for way in ways {
            let cubes = way.packets(&policy, &Traffic::any());
            assert!(cubes.iter().all(|cube| !cube.is_empty() && cube.states == States::NEW));
            let at_loopback = |cube: &Cube| match cube.hook {
                Hook::Output => cube.outgoing.contains(Interfaces::LOOPBACK),
                Hook::Input => cube.incoming.contains(Interfaces::LOOPBACK),
                Hook::Forward => false,
            };
            assert!(!cubes.iter().any(at_loopback));
        }
    }
}
