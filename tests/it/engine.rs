//! The packet engine against two unlike opinions: every packet of a small space, and decision diagrams.
//!
//! Each pair of random lists has a number that it is made of, so that every run sees the same ones, and more if
//! `MAILWARD_ENGINE_PAIRS` asks for more (see `docs/engine.md`).

mod brute;
mod check;
mod dead;
mod generated;
mod oracle;
mod pairs;
mod show;
mod space;

use std::collections::BTreeSet;

use fastrand::Rng;
use mailward::packet::{Cube, Family, Hook, IntervalSet, Line};

use brute::Brute;
use check::{Pair, Seen};
use oracle::Diagrams;
use space::Space;

/// A way to tell what lists do that is not the engine's.
trait Oracle {
    /// The lines that some packet comes to, because no earlier line decides it.
    fn reached(&mut self, lines: &[Line]) -> BTreeSet<usize>;
    /// Whether two lists do the same to every packet.
    fn alike(&mut self, left: &[Line], right: &[Line]) -> bool;
    /// The lines on the left and right that decide some packet differently; the number of lines stands for none.
    fn conflicts(&mut self, left: &[Line], right: &[Line]) -> BTreeSet<(usize, usize)>;
}

/// Holds the engine's answers about a pair of lists against another opinion.
type Judge<'j> = dyn FnMut(&Space, &[Vec<Line>; 2]) -> Result<Seen, String> + 'j;

/// How many pairs each of the two tests looks at.
fn count() -> u64 {
    let asked = std::env::var("MAILWARD_ENGINE_PAIRS").ok();
    asked.map_or(25_000, |asked| asked.parse().expect("MAILWARD_ENGINE_PAIRS is a number"))
}

/// Checks many pairs of random lists, of which enough must have seen each answer. Shows the shortest pair that fails.
fn many(space: fn(&mut Rng) -> Space, check: &mut Judge<'_>) {
    let mut all = Seen::default();
    for number in 0..count() {
        let mut rng = Rng::with_seed(number);
        let space = space(&mut rng);
        let pair = pairs::pair(&space, 7, &mut rng);
        let mut check = |pair: &[Vec<Line>; 2]| check::guarded(|| check(&space, pair));
        match check(&pair) {
            Ok(seen) => all += seen,
            Err(complaint) => {
                let shown = show::shortest(pair, complaint, |pair| check(pair).map(drop));
                panic!("pair {number}: {shown}");
            }
        }
    }
    assert!(all.is_enough(count()), "of {} pairs: {all:?}", count());
}

#[test]
fn tiny_lists_against_every_packet() {
    many(Space::tiny, &mut |space, lines| {
        let mut brute = Brute { packets: space.packets() };
        let pair = Pair::new(lines);
        brute.packets.iter().try_for_each(|packet| pair.packet(packet))?;
        dead::values(&brute.packets, pair.left())?;
        pair.against(&mut brute, 1)
    });
}

#[test]
fn wide_lists_against_decision_diagrams() {
    let mut diagrams = Diagrams::new();
    many(Space::wide, &mut |_, lines| Pair::new(lines).against(&mut diagrams, 4));
}

#[test]
fn the_oracles_agree_with_each_other() {
    let mut diagrams = Diagrams::new();
    for number in 0..1_000 {
        let mut rng = Rng::with_seed(number);
        let space = Space::tiny(&mut rng);
        let mut brute = Brute { packets: space.packets() };
        let [left, right] = pairs::pair(&space, 8, &mut rng);
        for lines in [&left, &right] {
            assert_eq!(brute.reached(lines), diagrams.reached(lines), "pair {number}");
        }
        assert_eq!(brute.conflicts(&left, &right), diagrams.conflicts(&left, &right), "pair {number}");
    }
}

#[test]
fn a_wrong_answer_is_seen() {
    let rule = |owner, outcome, port| Line {
        cube: Cube { source_ports: IntervalSet::range(0, port), ..Cube::every(Hook::Input, Family::V4) },
        owner,
        outcome: Some(outcome),
    };
    let left = vec![rule(0, 0, 9), rule(1, 1, 20), rule(2, 0, u16::MAX)];
    let same = Pair::new(&[left.clone(), left.clone()]);
    let changed = [left.clone(), vec![rule(0, 0, 9), rule(1, 0, 20), rule(2, 0, u16::MAX)]];
    for wrong in [same.said_of(&changed), Pair::new(&changed).said_of(&[left.clone(), left.clone()])] {
        let complaint = wrong.against(&mut Diagrams::new(), 1).unwrap_err();
        assert!(complaint.starts_with("these lines differ: "), "{complaint}");
    }
    assert!(Pair::new(&changed).against(&mut Diagrams::new(), 1).is_ok());
}

#[test]
fn failing_lists_are_shown_as_short_as_they_fail() {
    let mut rng = Rng::with_seed(1);
    let space = Space::wide(&mut rng);
    let mut pair = pairs::pair(&space, 7, &mut rng);
    let cube = Cube {
        incoming: IntervalSet::from_intervals([(1, 1), (3, 4)]),
        source: IntervalSet::range(0x0a00_0000, 0x0a00_00ff),
        ..Cube::every(Hook::Input, Family::V4)
    };
    pair[1].insert(1, Line { cube: cube.clone(), owner: 99, outcome: None });
    let is_bad = |line: &Line| line.cube.incoming == cube.incoming;
    let bug =
        |pair: &[Vec<Line>; 2]| if pair[1].iter().any(is_bad) { Err("a bug".to_owned()) } else { Ok(()) };
    let expected = "a bug\nleft:\nright:\n  0: owner 99, outcome None: Input V4, in {1, 3-4}";
    assert_eq!(show::shortest(pair, "a bug".to_owned(), bug), expected);
}
