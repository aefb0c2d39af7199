//! Cover questions: against brute force, on the shapes that pairwise tools miss, and at sizes that hurt.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{Family, Hook, IntervalSet, States, TCP, tiny, transports};
use super::*;

/// New TCP connections through the machine.
fn tcp() -> Cube {
    let transport = transports(TCP, &IntervalSet::full());
    Cube { transport, ..Cube::every(Hook::Forward, Family::V4) }
}

fn to_ports(first: u16, last: u16) -> Cube {
    Cube { transport: transports(TCP, &IntervalSet::range(first, last)), ..tcp() }
}

fn from_addresses(first: u128, last: u128) -> Cube {
    Cube { source: IntervalSet::range(first, last), ..tcp() }
}

/// One cell of a grid over source, destination and source port.
fn cell(x: u128, y: u128, z: u16) -> Cube {
    Cube {
        source: IntervalSet::single(x),
        destination: IntervalSet::single(y),
        source_ports: IntervalSet::single(z),
        ..tcp()
    }
}

proptest! {
    #[test]
    fn agrees_with_brute_force(target in tiny::cube(), by in vec(tiny::cube(), 0..12)) {
        let held = |packet: &Packet| by.iter().any(|cube| cube.contains(packet));
        let open: Vec<Packet> =
            tiny::packets().into_iter().filter(|packet| target.contains(packet) && !held(packet)).collect();
        match cover(&target, &by) {
            Cover::Covered => prop_assert!(open.is_empty(), "left out: {:?}", open.first()),
            Cover::Uncovered(part) => {
                prop_assert!(part.is_subset(&target));
                let packet = Packet::of(&part).unwrap();
                prop_assert!(open.contains(&packet));
                prop_assert!(tiny::packets().iter().all(|packet| !part.contains(packet) || open.contains(packet)));
            }
            Cover::Undecided => prop_assert!(false, "so small a question is always decided"),
        }
    }

    #[test]
    fn the_boxes_it_takes_are_enough(target in tiny::cube(), by in vec(tiny::cube(), 0..12)) {
        match covering(&target, &by) {
            Covering::By(used) => {
                prop_assert_eq!(cover(&target, &by), Cover::Covered);
                prop_assert_eq!(cover(&target, used.iter().map(|&place| &by[place])), Cover::Covered);
            }
            Covering::Open => prop_assert!(matches!(cover(&target, &by), Cover::Uncovered(_))),
            Covering::Undecided => prop_assert!(false, "so small a question is always decided"),
        }
    }

    #[test]
    fn a_whole_is_covered_by_its_pieces_and_by_no_fewer(
        whole in tiny::cube(),
        cuts in vec(tiny::cube(), 1..5),
        lost in any::<prop::sample::Index>(),
    ) {
        let split = |rest: Vec<Cube>, cut: &Cube| rest.iter().flat_map(|part| part.subtract(cut)).collect();
        let mut pieces: Vec<Cube> = cuts.iter().fold(whole.possible(), split);
        pieces.extend(cuts);
        let Covering::By(used) = covering(&whole, &pieces) else { panic!("nothing of the whole is missing") };
        prop_assert_eq!(cover(&whole, used.iter().map(|&place| &pieces[place])), Cover::Covered);
        let lost = pieces.remove(lost.index(pieces.len()));
        let held = |packet: &Packet| pieces.iter().any(|piece| piece.contains(packet));
        let needed = tiny::packets().iter().any(|packet| {
            whole.contains(packet) && lost.contains(packet) && !held(packet)
        });
        prop_assert_eq!(covering(&whole, &pieces) == Covering::Open, needed);
    }

    #[test]
    fn a_limit_never_turns_into_an_answer(
        target in tiny::cube(),
        by in vec(tiny::cube(), 0..12),
        limit in 0..40_usize,
    ) {
        let answer = covering_within(&target, &by, limit);
        prop_assert!(answer == Covering::Undecided || answer == covering(&target, &by));
    }
}

#[test]
fn two_halves_cover_the_whole() {
    let slash8 = from_addresses(0x0a00_0000, 0x0aff_ffff);
    let halves = [from_addresses(0x0a00_0000, 0x0a7f_ffff), from_addresses(0x0a80_0000, 0x0aff_ffff)];
    assert_eq!(cover(&slash8, &halves), Cover::Covered);
    let ports = [to_ports(1, 1023), to_ports(1024, 65535)];
    assert_eq!(cover(&to_ports(1, 65535), &ports), Cover::Covered);
    assert_eq!(cover(&to_ports(0, 65535), &ports), Cover::Uncovered(to_ports(0, 0)));
}

#[test]
fn a_hole_is_found_wherever_it_is() {
    let slash8 = from_addresses(0x0a00_0000, 0x0aff_ffff);
    let around = [from_addresses(0x0a00_0000, 0x0a7f_fffe), from_addresses(0x0a80_0000, 0x0aff_ffff)];
    let hole = from_addresses(0x0a7f_ffff, 0x0a7f_ffff);
    assert_eq!(cover(&slash8, &around), Cover::Uncovered(hole));
}

#[test]
fn nothing_is_covered_by_nothing() {
    assert_eq!(cover(&to_ports(2, 1), &[]), Cover::Covered);
    assert_eq!(cover(&tcp(), &[]), Cover::Uncovered(tcp()));
}

#[test]
fn the_part_is_as_wide_as_the_boxes_leave_it() {
    let known = Cube { destination: IntervalSet::single(7), ..from_addresses(0, 0x7fff_ffff) };
    let all_but_one = Family::V4.every_address().subtract(&IntervalSet::single(7));
    let expected = Cube { destination: all_but_one, ..tcp() };
    assert_eq!(
        cover(&tcp(), &[known]),
        Cover::Uncovered(expected),
        "one destination less, not half the sources"
    );
}

#[test]
fn ten_thousand_slices_in_any_order() {
    let mut slices: Vec<Cube> = (0..10_000).map(|n| from_addresses(n, n)).collect();
    slices.reverse();
    slices.rotate_left(3_333);
    assert_eq!(cover(&from_addresses(0, 9_999), &slices), Cover::Covered);
    assert_eq!(cover(&from_addresses(0, 10_000), &slices), Cover::Uncovered(from_addresses(10_000, 10_000)));
}

#[test]
fn ten_thousand_cells_cover_only_together() {
    let mut cells: Vec<Cube> =
        (0..50).flat_map(|x| (0..50).flat_map(move |y| (0..4).map(move |z| cell(x, y, z)))).collect();
    let target = Cube {
        source: IntervalSet::range(0, 49),
        destination: IntervalSet::range(0, 49),
        source_ports: IntervalSet::range(0, 3),
        ..tcp()
    };
    assert_eq!(cover(&target, &cells), Cover::Covered);
    let hole = cells.remove(7_777);
    assert_eq!(cover(&target, &cells), Cover::Uncovered(hole));
}

#[test]
fn a_thousand_pairs_of_hosts_leave_room() {
    let pairs: Vec<Cube> =
        (0..1_000).map(|n| Cube { destination: IntervalSet::single(n), ..from_addresses(n, n) }).collect();
    let target = Cube { destination: IntervalSet::range(0, 999), ..from_addresses(0, 999) };
    assert!(matches!(cover(&target, &pairs), Cover::Uncovered(_)));
}

#[test]
fn impossible_packets_need_no_cover() {
    let without_syn =
        Cube { transport: IntervalSet::single(0x11_0035), ..Cube::every(Hook::Input, Family::V4) };
    let known = Cube { states: States::WITHOUT_SYN, ..without_syn.clone() };
    assert_eq!(cover(&without_syn, &[known]), Cover::Covered, "UDP has no SYNs");
}

#[test]
fn one_box_that_holds_all_is_enough() {
    let by = [to_ports(1, 1023), to_ports(0, 65535), to_ports(1024, 65535)];
    assert_eq!(covering(&tcp(), &by), Covering::By(BTreeSet::from([1])));
}

#[test]
fn a_limit_is_met_and_said() {
    let cells: Vec<Cube> = (0..8).flat_map(|x| (0..8).map(move |y| cell(x, y, 0))).collect();
    let within = Cube { source_ports: IntervalSet::single(0), ..from_addresses(0, 7) };
    let within = Cube { destination: IntervalSet::range(0, 7), ..within };
    assert_eq!(covering_within(&within, &cells, 63), Covering::Undecided);
    assert!(matches!(covering_within(&within, &cells, 10_000), Covering::By(_)));
}
