//! What counts as inside and outside, as packets.

use super::*;
use crate::lower::lower;
use crate::packet::{Cover, cover};
use crate::parse;
use crate::source::Sources;

/// A policy has at least one rule.
const RULE: &str =
    "id: x, action: deny, from: any, to: host, services: any, reason: Zones are what counts here";

fn boundary(zones: &str) -> Boundary {
    let text = format!("version: 1\nname: site\nzones: {{ {zones} }}\nrules: [{{ {RULE} }}]\n");
    let policy = lower(parse::text("p.yaml", text, &mut Sources::default())).policy.unwrap();
    Boundary::of(&policy.zones)
}

fn covers(packets: &Packets, cube: &Cube) -> bool {
    cover(cube, packets.cubes()) == Cover::Covered
}

/// Every new packet of a hook that does not come or go through the loopback.
fn on_the_wire(hook: Hook, family: Family) -> Cube {
    let wire = Place::anywhere().interfaces;
    let every = opening(hook, family);
    match hook {
        Hook::Input => Cube { incoming: wire, ..every },
        Hook::Forward => Cube { incoming: wire.clone(), outgoing: wire, ..every },
        Hook::Output => Cube { outgoing: wire, ..every },
    }
}

const ZONES: &str = "a: { interfaces: [a0], networks: [10.0.0.0/8], trust: internal }, \
                     b: { interfaces: [b0], trust: internal }, c: { interfaces: [c0] }";

#[test]
fn no_packet_touches_the_loopback() {
    let boundary = boundary(ZONES);
    let all = [boundary.outward(), boundary.inward(), boundary.internal(), boundary.entering()];
    for cube in all.iter().flat_map(Packets::cubes) {
        let crosses = match cube.hook {
            Hook::Input => vec![&cube.incoming],
            Hook::Forward => vec![&cube.incoming, &cube.outgoing],
            Hook::Output => vec![&cube.outgoing],
        };
        assert!(crosses.iter().all(|interfaces| !interfaces.contains(Interfaces::LOOPBACK)));
    }
}

#[test]
fn inside_and_outside_share_nothing_and_leave_only_forged_addresses() {
    let boundary = boundary(ZONES);
    for inside in &boundary.inside {
        for outside in boundary.outside.iter().filter(|it| it.interfaces.overlaps(&inside.interfaces)) {
            assert!(inside.addresses.intersect(&outside.addresses).is_empty());
        }
    }
    let both = [from(&boundary.inside), from(&boundary.outside)].concat();
    let v6 = on_the_wire(Hook::Input, Family::V6);
    assert!(covers(&Packets::new(both.clone()), &v6));
    let v4 = on_the_wire(Hook::Input, Family::V4);
    let Cover::Uncovered(left) = cover(&v4, &both) else { panic!("forged addresses are neither") };
    assert!(left.source.is_subset(&IntervalSet::range(10 << 24, (11 << 24) - 1)));
}

#[test]
fn without_zones_everything_crosses() {
    let boundary = Boundary::of(&[]);
    for family in Family::ALL {
        assert!(covers(&boundary.outward(), &on_the_wire(Hook::Output, family)));
        assert!(covers(&boundary.outward(), &on_the_wire(Hook::Forward, family)));
        assert!(covers(&boundary.inward(), &on_the_wire(Hook::Input, family)));
    }
    assert!(boundary.internal().cubes().is_empty());
}

#[test]
fn zones_with_the_same_addresses_share_one_place() {
    let zones: Vec<String> =
        (0..50).map(|n| format!("z{n}: {{ interfaces: [e{n}], trust: internal }}")).collect();
    assert_eq!(boundary(&zones.join(", ")).inside.len(), 1);
}
