//! The laws of boxes, against every packet of a tiny space.

use proptest::prelude::*;

use super::super::{State, tiny};
use super::*;

proptest! {
    #[test]
    fn a_box_is_where_both_are(a in tiny::cube(), b in tiny::cube()) {
        let both = a.intersect(&b);
        prop_assert_eq!(both.is_some(), a.overlaps(&b));
        prop_assert!(both.as_ref().is_none_or(|both| !both.is_empty()));
        for packet in tiny::packets() {
            let in_both = both.as_ref().is_some_and(|both| both.contains(&packet));
            prop_assert_eq!(in_both, a.contains(&packet) && b.contains(&packet));
        }
    }

    #[test]
    fn the_difference_and_the_common_part_make_the_whole(a in tiny::cube(), b in tiny::cube()) {
        let mut parts = a.subtract(&b);
        prop_assert!(parts.iter().all(|part| !part.is_empty() && !part.overlaps(&b)));
        parts.extend(a.intersect(&b));
        for packet in tiny::packets() {
            let holders = parts.iter().filter(|part| part.contains(&packet)).count();
            prop_assert_eq!(holders, usize::from(a.contains(&packet)), "the parts are disjoint and complete");
        }
    }

    #[test]
    fn a_subset_leaves_nothing(a in tiny::cube(), b in tiny::cube()) {
        prop_assert_eq!(a.is_subset(&b), a.subtract(&b).is_empty());
        prop_assert!(a.is_subset(&a));
    }

    #[test]
    fn what_is_possible_is_every_packet_that_exists(a in tiny::cube()) {
        let parts = a.possible();
        prop_assert!(parts.iter().all(|part| !part.is_empty() && part.is_subset(&a)));
        for packet in tiny::packets() {
            let holders = parts.iter().filter(|part| part.contains(&packet)).count();
            prop_assert_eq!(holders, usize::from(a.contains(&packet)));
        }
    }
}

#[test]
fn other_hooks_and_families_are_apart() {
    let input = Cube::every(Hook::Input, Family::V4);
    for other in [Cube::every(Hook::Output, Family::V4), Cube::every(Hook::Input, Family::V6)] {
        assert!(!input.overlaps(&other) && !input.is_subset(&other));
        assert_eq!(input.subtract(&other), vec![input.clone()]);
    }
}

#[test]
fn midstream_packets_are_tcp() {
    let midstream = Cube { states: States::of(&[State::Midstream]), ..Cube::every(Hook::Input, Family::V4) };
    let [tcp] = midstream.possible().try_into().unwrap();
    assert_eq!(tcp.transport, IntervalSet::range(0x06_0000, 0x06_ffff));
}

#[test]
fn a_choice_of_source_ports_is_about_tcp_and_udp() {
    let from_dns = Cube { source_ports: IntervalSet::single(53), ..Cube::every(Hook::Input, Family::V6) };
    let protocols: Vec<u8> =
        from_dns.possible().iter().filter_map(Packet::of).map(|packet| packet.protocol()).collect();
    assert_eq!(protocols, [TCP, UDP]);
}

#[test]
fn no_ipv6_packet_has_an_extension_header_for_its_protocol() {
    let routing = protocol(43);
    let of = |family| Cube { transport: routing.clone(), ..Cube::every(Hook::Forward, family) };
    assert_eq!(of(Family::V6).possible(), []);
    assert_eq!(of(Family::V4).possible().len(), 1);
}
