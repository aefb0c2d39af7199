//! The packet engine against two unlike opinions: every packet of a small space, and decision diagrams.

mod brute;
mod oracle;
mod pairs;
mod show;
mod space;

use std::collections::BTreeSet;

use fastrand::Rng;
use mailward::packet::Line;

use brute::Brute;
use oracle::Diagrams;
use space::Space;

/// A way to tell what lists do that is not the engine's.
trait Oracle {
    /// The lines that decide some packet.
    fn deciding(&mut self, lines: &[Line]) -> BTreeSet<usize>;
    /// Whether two lists do the same to every packet.
    fn alike(&mut self, left: &[Line], right: &[Line]) -> bool;
}

#[test]
fn the_oracles_agree_with_each_other() {
    let mut diagrams = Diagrams::new();
    let mut alike = 0;
    let mut n = 0;
    for number in 0..2_000 {
        let mut rng = Rng::with_seed(number);
        let space = Space::tiny(&mut rng);
        let mut brute = Brute { packets: space.packets() };
        n += brute.packets.len();
        let [left, right] = pairs::pair(&space, 8, &mut rng);
        for lines in [&left, &right] {
            assert_eq!(brute.deciding(lines), diagrams.deciding(lines), "pair {number}");
        }
        alike += usize::from(brute.alike(&left, &right));
        assert_eq!(brute.alike(&left, &right), diagrams.alike(&left, &right), "pair {number}");
    }
    eprintln!("{alike} {n}");
}
