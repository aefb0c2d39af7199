//! The packet engine against two unlike opinions: every packet of a small space, and decision diagrams.
//!
//! Each pair of random lists has a number and can be had again. `MAILWARD_ENGINE_PAIRS` asks for another count of them
//! than the usual one.

mod brute;
mod check;
mod generated;
mod oracle;
mod pairs;
mod show;
mod space;

use std::collections::BTreeSet;

use fastrand::Rng;
use mailward::packet::Line;

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

/// How many pairs each test looks at.
fn count() -> u64 {
    let asked = std::env::var("MAILWARD_ENGINE_PAIRS").ok();
    asked.map_or(25_000, |asked| asked.parse().expect("MAILWARD_ENGINE_PAIRS is a number"))
}


/// Checks many pairs of random lists; shows the shortest pair that fails.
fn many(space: fn(&mut Rng) -> Space, check: &mut dyn FnMut(&Space, &[Vec<Line>; 2]) -> Result<Seen, String>) -> Seen {
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
    all
}

#[test]
fn tiny_lists_against_every_packet() {
    let seen = many(Space::tiny, &mut |space, lines| {
        let mut brute = Brute { packets: space.packets() };
        let pair = Pair::new(lines);
        brute.packets.iter().try_for_each(|packet| pair.packet(packet))?;
        pair.against(&mut brute, 1)
    });
    eprintln!("{seen:?}");
}

#[test]
fn wide_lists_against_decision_diagrams() {
    let mut diagrams = Diagrams::new();
    let seen = many(Space::wide, &mut |_, lines| Pair::new(lines).against(&mut diagrams, 4));
    eprintln!("{seen:?}");
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
