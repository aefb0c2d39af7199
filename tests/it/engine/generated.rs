//! The lists that the benchmark measures, held against decision diagrams while they are small: what is measured is also
//! right, and lists that are said to mean the same do.

#[path = "../../../benches/engine/generate.rs"]
mod generate;
#[path = "../../../benches/engine/hard.rs"]
mod hard;
#[path = "../../../benches/engine/kinds.rs"]
mod kinds;
#[path = "../../../benches/engine/prefixes.rs"]
mod prefixes;
#[path = "../../../benches/engine/rewrite.rs"]
mod rewrite;

use mailward::packet::Line;

use super::Oracle as _;
use super::check::{Pair, Seen};
use super::oracle::Diagrams;

fn seen(left: &[Line], right: Vec<Line>, step: usize) -> Seen {
    let pair = [left.to_vec(), right];
    Pair::new(&pair).against(&mut Diagrams::new(), step).unwrap()
}

#[test]
fn generated_lists_against_decision_diagrams() {
    for kind in kinds::ALL {
        let lines = generate::rules(kind, 60);
        let alike = seen(&lines, rewrite::rewritten(&lines, 7), 10);
        assert_eq!((alike.alike, alike.different), (1, 0), "{}, rewritten", kind.name);
        let changed = seen(&lines, rewrite::changed(&lines), 10);
        assert_eq!(changed.different, 1, "{}, changed: {changed:?}", kind.name);
    }
}

#[test]
fn hard_lists_against_decision_diagrams() {
    for (name, make) in hard::ALL {
        let lines = make(16);
        let alike = seen(&lines, rewrite::rewritten(&lines, 7), 4);
        assert_eq!((alike.alike, alike.different), (1, 0), "{name}, rewritten");
    }
}

#[test]
fn rewritten_lists_are_longer_and_in_another_order() {
    let lines = generate::rules(kinds::ALL[2], 1_000);
    let rewritten = rewrite::rewritten(&lines, 7);
    assert!(rewritten.len() > lines.len() * 6 / 5, "{} and {}", lines.len(), rewritten.len());
    assert!(!rewritten.is_sorted_by_key(|line| line.owner));
}

#[test]
fn generated_lists_are_the_same_every_time_and_of_both_families() {
    for kind in kinds::ALL {
        let lines = generate::rules(kind, 1_000);
        let again = generate::rules(kind, 1_000);
        assert!(lines.iter().zip(&again).all(|(a, b)| a.cube == b.cube && a.outcome == b.outcome));
        let v6 = lines.iter().filter(|line| line.cube.family == mailward::packet::Family::V6).count();
        assert!((30..50).contains(&(v6 * 100 / lines.len())), "{}: {v6} of {}", kind.name, lines.len());
    }
}

#[test]
fn the_union_of_a_grid_covers_and_does_not_without_one_cell() {
    let [whole, holed] = [hard::ALL[0].1(400), hard::ALL[1].1(400)];
    let reached = |lines: &[Line], last: usize| Diagrams::new().reached(lines).contains(&last);
    assert!(!reached(&whole, 400), "the box behind all cells");
    assert!(reached(&holed, 399), "the box behind all cells but one");
}
