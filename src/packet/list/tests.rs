//! What lists answer, against every packet of a tiny space tried one by one.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{Field, Redundancy, Shadow, differences, tiny};
use super::*;

/// Lines of few owners and outcomes; every fifth or so only looks on. Lines of one owner stand together.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    let outcome = prop_oneof![4 => (0..3_usize).prop_map(Some), 1 => Just(None)];
    let owned = (vec(tiny::cube(), 1..3), outcome);
    vec(owned, 0..8).prop_map(|owners| {
        let line = |(owner, (cubes, outcome)): (usize, (Vec<Cube>, Option<usize>))| {
            cubes.into_iter().map(move |cube| Line { cube, owner, outcome })
        };
        owners.into_iter().enumerate().flat_map(line).collect()
    })
}

/// A list and the same with some lines changed, exchanged or taken out.
fn pairs() -> impl Strategy<Value = (Vec<Line>, Vec<Line>)> {
    let change = (any::<prop::sample::Index>(), 0..4_u8, tiny::cube());
    (lines(), vec(change, 0..4)).prop_map(|(left, changes)| {
        let mut right = left.clone();
        for (at, kind, cube) in changes.into_iter().filter(|_| !left.is_empty()) {
            let at = at.index(left.len()).min(right.len().saturating_sub(1));
            match kind {
                0 if at + 1 < right.len() => right.swap(at, at + 1),
                1 if at < right.len() => drop(right.remove(at)),
                2 if at < right.len() => right[at].cube = cube,
                _ => right.insert(at, Line { cube, owner: 99, outcome: Some(1) }),
            }
        }
        (left, right)
    })
}

fn first(lines: &[Line], packet: &Packet) -> Option<usize> {
    lines.iter().position(|line| line.outcome.is_some() && line.cube.contains(packet))
}

fn outcome(lines: &[Line], packet: &Packet) -> Option<usize> {
    first(lines, packet).and_then(|number| lines[number].outcome)
}

/// Whether a packet comes as far as some line of an owner.
fn reaches(lines: &[Line], owner: usize, packet: &Packet) -> bool {
    let mut own = lines.iter().enumerate().filter(|(_, line)| line.owner == owner);
    own.any(|(number, line)| {
        let others: Vec<Line> = lines[..number].iter().filter(|line| line.owner != owner).cloned().collect();
        line.cube.contains(packet) && first(&others, packet).is_none()
    })
}

fn without(lines: &[Line], owner: usize) -> Vec<Line> {
    lines.iter().filter(|line| line.owner != owner).cloned().collect()
}

fn owners(lines: &[Line]) -> BTreeSet<usize> {
    lines.iter().map(|line| line.owner).collect()
}

proptest! {
    #[test]
    fn the_first_line_that_holds_a_packet_decides_it(lines in lines()) {
        let list = List::new(lines.clone());
        for packet in tiny::packets().iter().step_by(7) {
            prop_assert_eq!(list.decide(packet), first(&lines, packet));
        }
    }

    #[test]
    fn what_meets_a_box_is_found_in_order(lines in lines(), asked in tiny::cube(), before in 0..16_usize) {
        let meets = |(_, line): &(usize, &Line)| line.outcome.is_some() && line.cube.overlaps(&asked);
        let expected: Vec<usize> =
            lines.iter().enumerate().take(before).filter(meets).map(|(number, _)| number).collect();
        prop_assert_eq!(List::new(lines.clone()).meeting(&asked, before), expected);
    }

    #[test]
    fn a_shadowed_owner_is_reached_by_no_packet(lines in lines()) {
        let packets = tiny::packets();
        let list = List::new(lines.clone());
        for owner in owners(&lines) {
            let reached = packets.iter().any(|packet| reaches(&lines, owner, packet));
            match list.shadowed(owner) {
                Shadow::Reached => prop_assert!(reached),
                Shadow::Undecided => prop_assert!(false, "so small a question is always decided"),
                Shadow::By(blockers) => {
                    prop_assert!(!reached);
                    let only = |kept: &[usize]| -> Vec<Line> {
                        let kept = |line: &&Line| line.owner == owner || kept.contains(&line.owner);
                        lines.iter().filter(kept).cloned().collect()
                    };
                    let hidden = |lines: &[Line]| !packets.iter().any(|packet| reaches(lines, owner, packet));
                    prop_assert!(hidden(&only(&blockers)), "the blockers are enough");
                    for left_out in &blockers {
                        let fewer: Vec<usize> = blockers.iter().copied().filter(|other| other != left_out).collect();
                        prop_assert!(!hidden(&only(&fewer)), "none of them can be left out");
                    }
                }
            }
        }
    }

    #[test]
    fn a_redundant_owner_changes_nothing(lines in lines()) {
        let packets = tiny::packets();
        let list = List::new(lines.clone());
        for owner in owners(&lines) {
            let rest = without(&lines, owner);
            let same = packets.iter().all(|packet| outcome(&lines, packet) == outcome(&rest, packet));
            let decides = lines.iter().filter(|line| line.owner == owner).all(|line| line.outcome.is_some());
            match list.redundant(owner) {
                Redundancy::Needed => prop_assert!(!same || !decides),
                Redundancy::Undecided => prop_assert!(false, "so small a question is always decided"),
                Redundancy::By(later) => {
                    prop_assert!(same && decides);
                    let own = |packet: &&Packet| first(&lines, packet).is_some_and(|at| lines[at].owner == owner);
                    let next: BTreeSet<usize> = packets
                        .iter()
                        .filter(own)
                        .filter_map(|packet| first(&rest, packet).map(|at| rest[at].owner))
                        .collect();
                    prop_assert!(next.is_empty() || !later.is_empty());
                    prop_assert!(later.iter().all(|later| *later > owner));
                }
            }
        }
    }

    #[test]
    fn dead_values_are_those_of_which_no_packet_is_left(lines in lines()) {
        let packets = tiny::packets();
        let list = List::new(lines.clone());
        for (number, line) in lines.iter().enumerate() {
            let alive = |packet: &&Packet| {
                let others: Vec<Line> =
                    lines[..number].iter().filter(|other| other.owner != line.owner).cloned().collect();
                line.cube.contains(packet) && first(&others, packet).is_none()
            };
            let own: BTreeSet<u128> =
                packets.iter().filter(|packet| line.cube.contains(packet)).map(|packet| packet.source).collect();
            let alive: BTreeSet<u128> = packets.iter().filter(alive).map(|packet| packet.source).collect();
            let [dead] = list.dead(number, [Field::Source]);
            let found = |source: &u128| dead.as_ref().is_some_and(|dead| dead.source.contains(*source));
            prop_assert!(own.iter().all(|source| found(source) != alive.contains(source)));
        }
    }

    #[test]
    fn differences_are_all_there_is((left, right) in pairs()) {
        let found = differences(&List::new(left.clone()), &List::new(right.clone()));
        prop_assert_eq!(found.undecided, []);
        let in_lines = |lines: &[Line], numbers: &[usize], packet: &Packet| {
            numbers.iter().any(|&number| lines[number].cube.contains(packet))
        };
        for packet in tiny::packets() {
            let pair = (first(&left, &packet), first(&right, &packet));
            let differs = outcome(&left, &packet) != outcome(&right, &packet);
            let described: Vec<_> = found
                .found
                .iter()
                .filter(|one| {
                    one.part.contains(&packet)
                        && !in_lines(&left, &one.left_except, &packet)
                        && !in_lines(&right, &one.right_except, &packet)
                })
                .collect();
            prop_assert_eq!(differs, !described.is_empty());
            for one in &described {
                prop_assert_eq!(left.get(one.left).and_then(|line| line.outcome), outcome(&left, &packet));
                prop_assert_eq!(right.get(one.right).and_then(|line| line.outcome), outcome(&right, &packet));
            }
            let exact = (pair.0.unwrap_or(left.len()), pair.1.unwrap_or(right.len()));
            prop_assert!(!differs || described.iter().any(|one| (one.left, one.right) == exact));
        }
        for one in &found.found {
            let pair = (first(&left, &one.packet), first(&right, &one.packet));
            prop_assert_eq!(pair.0.unwrap_or(left.len()), one.left);
            prop_assert_eq!(pair.1.unwrap_or(right.len()), one.right);
        }
    }
}
