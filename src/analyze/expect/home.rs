//! Where addresses are: behind which interfaces packets reach them, and come from them.

use crate::catalog;
use crate::model::{Addresses, Zone};
use crate::packet::{Family, IntervalSet};

/// Built-in networks of addresses that are on every link.
const ON_EVERY_LINK: [&str; 5] = ["multicast", "broadcast", "link-local", "loopback", "unspecified"];

/// Every address with the interfaces that zones put it behind.
///
/// The networks of a zone are behind its interfaces; of two zones that hold an address, the one inside the other has
/// it, as the longer prefix has it in a table of routes. What no zone lists is behind the interfaces of the zones that
/// list nothing, and if there are none, anywhere.
#[derive(Debug)]
pub(in crate::analyze) struct Homes {
    homes: Vec<Home>,
    on_every_link: Addresses,
}

/// Addresses and the interfaces they are behind.
#[derive(Clone, Debug)]
struct Home {
    addresses: Addresses,
    interfaces: IntervalSet<u16>,
}

/// Some addresses of one family, and interfaces.
pub(in crate::analyze) type Place = (IntervalSet<u128>, IntervalSet<u16>);

impl Homes {
    /// Where zones put addresses.
    pub(in crate::analyze) fn of(zones: &[Zone]) -> Self {
        let (listed, open): (Vec<&Zone>, Vec<&Zone>) = zones.iter().partition(|zone| zone.has_networks);
        let mut homes: Vec<Home> = listed.iter().map(|zone| home(zone, &listed)).collect();
        let known = listed.iter().fold(Addresses::none(), |all, zone| all.union(&zone.addresses));
        homes.push(Home { addresses: Addresses::every().subtract(&known), interfaces: or_full(&open) });
        let networks = ON_EVERY_LINK.iter().filter_map(|name| catalog::network(name));
        let on_every_link = networks.fold(Addresses::none(), |all, network| all.union(&network.addresses()));
        Self { homes, on_every_link }
    }

    /// Addresses on interfaces, each only on those it is behind. Left alone is what is about no address and no interface
    /// in particular, what is on every link, and what no address is behind.
    pub(in crate::analyze) fn places(&self, family: Family, asked: &Place) -> Vec<Place> {
        let (addresses, interfaces) = asked;
        let is_general = *addresses == family.every_address() && interfaces.is_full();
        if is_general || addresses.is_subset(self.on_every_link.of(family)) {
            return vec![asked.clone()];
        }
        let here = self.homes.iter().map(|home| {
            (home.addresses.of(family).intersect(addresses), home.interfaces.intersect(interfaces))
        });
        let places: Vec<Place> = here.filter(is_somewhere).collect();
        if places.is_empty() { vec![asked.clone()] } else { places }
    }
}

/// What is in none of the places.
pub(super) fn elsewhere(asked: &Place, places: &[Place]) -> Vec<Place> {
    places.iter().fold(vec![asked.clone()], |rest, taken| {
        rest.into_iter().flat_map(|place| without(place, taken)).collect()
    })
}

/// A place without another one, in two parts at most.
fn without((addresses, interfaces): Place, (others, taken): &Place) -> impl Iterator<Item = Place> {
    let beside = (addresses.subtract(others), interfaces.clone());
    let within = (addresses.intersect(others), interfaces.subtract(taken));
    [beside, within].into_iter().filter(is_somewhere)
}

fn is_somewhere((addresses, interfaces): &Place) -> bool {
    !addresses.is_empty() && !interfaces.is_empty()
}

/// The addresses that are a zone's and of no zone inside it, behind its interfaces.
fn home(zone: &Zone, listed: &[&Zone]) -> Home {
    let is_inside = |other: &&&Zone| {
        other.addresses != zone.addresses
            && other.addresses.overlaps(&zone.addresses)
            && other.addresses.subtract(&zone.addresses).is_empty()
    };
    let inside = listed.iter().filter(is_inside);
    Home {
        addresses: inside.fold(zone.addresses.clone(), |rest, other| rest.subtract(&other.addresses)),
        interfaces: zone.interfaces.clone(),
    }
}

/// The interfaces of any of the zones; every interface if there is no zone.
fn or_full(zones: &[&Zone]) -> IntervalSet<u16> {
    if zones.is_empty() {
        IntervalSet::full()
    } else {
        IntervalSet::union_of(zones.iter().map(|zone| &zone.interfaces))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower;
    use crate::model::Policy;
    use crate::packet::Bounded;
    use crate::parse;
    use crate::source::Sources;

    fn policy(zones: &str) -> Policy {
        let text = format!(
            "version: 1\nname: p\nzones:\n{zones}rules:\n  - {{ id: r, action: deny, from: any, to: any, services: any }}\n"
        );
        lower(parse::text("p.yaml", text, &mut Sources::default())).policy.expect("a policy")
    }

    fn shown<T: Bounded>(set: &IntervalSet<T>) -> String {
        let one = |&(first, last): &(T, T)| format!("{:x}-{:x}", first.widen(), last.widen());
        set.intervals().iter().map(one).collect::<Vec<_>>().join(",")
    }

    /// Where IPv4 addresses on any interface are, and where they are not.
    fn placed(zones: &str, addresses: (u128, u128)) -> String {
        placed_on(zones, addresses, IntervalSet::full())
    }

    fn placed_on(zones: &str, (first, last): (u128, u128), interfaces: IntervalSet<u16>) -> String {
        let asked = (IntervalSet::range(first, last), interfaces);
        let places = Homes::of(&policy(zones).zones).places(Family::V4, &asked);
        let shown = |places: &[Place]| {
            let one =
                |(addresses, interfaces): &Place| format!("{} on {}", shown(addresses), shown(interfaces));
            places.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        format!("{} | {}", shown(&places), shown(&elsewhere(&asked, &places)))
    }

    const OFFICE: &str = "  lan: { interfaces: [lan0], networks: [10.0.0.0/8] }
  wifi: { interfaces: [wifi0], networks: [10.0.2.0/24] }
  net: { interfaces: [wan0] }
";

    #[test]
    fn addresses_are_behind_the_interfaces_of_their_zone() {
        insta::assert_snapshot!(placed(OFFICE, (0x0a00_0101, 0x0a00_0101)), @"a000101-a000101 on 1-1 | a000101-a000101 on 0-0,2-ffff");
        insta::assert_snapshot!(placed(OFFICE, (0x0a00_0201, 0x0a00_0201)), @"a000201-a000201 on 2-2 | a000201-a000201 on 0-1,3-ffff");
        insta::assert_snapshot!(placed(OFFICE, (0xcb00_7101, 0xcb00_7101)), @"cb007101-cb007101 on 3-3 | cb007101-cb007101 on 0-2,4-ffff");
        insta::assert_snapshot!(placed(OFFICE, (0x0a00_01ff, 0x0b00_0000)), @"a0001ff-a0001ff,a000300-affffff on 1-1; a000200-a0002ff on 2-2; b000000-b000000 on 3-3 | b000000-b000000 on 0-2,4-ffff; a000200-a0002ff on 0-1,3-ffff; a0001ff-a0001ff,a000300-affffff on 0-0,2-ffff");
    }

    #[test]
    fn a_zone_without_networks_has_what_no_other_zone_has() {
        let wan = IntervalSet::single(3);
        insta::assert_snapshot!(placed_on(OFFICE, (0x0900_0000, 0xcb00_7101), wan), @"9000000-9ffffff,b000000-cb007101 on 3-3 | a000000-affffff on 3-3");
    }

    #[test]
    fn what_no_address_is_behind_is_left_alone() {
        let halves = "  a: { interfaces: [a0], networks: [10.0.0.0/8] }
  b: { interfaces: [b0], networks: [10.0.0.0/9] }
  c: { interfaces: [c0], networks: [10.128.0.0/9] }
";
        let a = IntervalSet::single(1);
        insta::assert_snapshot!(placed_on(halves, (0x0a00_0000, 0x0aff_ffff), a), @"a000000-affffff on 1-1 |");
    }

    #[test]
    fn nothing_is_known_of_addresses_that_no_zone_can_have() {
        let closed = OFFICE.replace("  net: { interfaces: [wan0] }\n", "");
        insta::assert_snapshot!(placed(&closed, (0xcb00_7101, 0xcb00_7101)), @"cb007101-cb007101 on 0-ffff |");
        insta::assert_snapshot!(placed("  far: { networks: [10.0.0.0/8] }\n", (0x0a00_0101, 0x0a00_0101)), @"a000101-a000101 on 0-ffff |");
    }

    #[test]
    fn addresses_of_two_zones_are_behind_both() {
        let zones = "  one: { interfaces: [a0], networks: [10.0.0.0/8, 192.0.2.0/24] }
  two: { interfaces: [b0], networks: [10.0.0.0/9, 198.51.100.0/24] }
";
        insta::assert_snapshot!(placed(zones, (0x0a00_0000, 0x0aff_ffff)), @"a000000-affffff on 1-1; a000000-a7fffff on 2-2 | a800000-affffff on 0-0,2-ffff; a000000-a7fffff on 0-0,3-ffff");
    }

    #[test]
    fn addresses_on_every_link_and_no_address_in_particular_are_anywhere() {
        insta::assert_snapshot!(placed(OFFICE, (0xe000_00fb, 0xe000_00fb)), @"e00000fb-e00000fb on 0-ffff |");
        insta::assert_snapshot!(placed(OFFICE, (0, u32::MAX.into())), @"0-ffffffff on 0-ffff |");
    }
}
