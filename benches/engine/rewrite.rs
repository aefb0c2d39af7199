//! The same list written in another way, and a list with one rule changed.

use fastrand::Rng;
use mailward::packet::{Bounded, Cube, IntervalSet, Line};

/// How many of a hundred boxes are split in two.
const SPLIT: u32 = 35;
/// How often each box may trade places with the one after it.
const PASSES: usize = 3;

/// A list that means the same: boxes are split in halves of one field, and neighbours trade places where that makes
/// no difference.
pub(crate) fn rewritten(lines: &[Line], seed: u64) -> Vec<Line> {
    let mut rng = Rng::with_seed(seed);
    let mut lines: Vec<Line> = lines.iter().flat_map(|line| split(line, &mut rng)).collect();
    for _ in 0..PASSES {
        for later in 1..lines.len() {
            let (a, b) = (&lines[later - 1], &lines[later]);
            if rng.bool() && (a.outcome == b.outcome || !a.cube.overlaps(&b.cube)) {
                lines.swap(later - 1, later);
            }
        }
    }
    lines
}

/// A list in which the rule in the middle has another outcome.
pub(crate) fn changed(lines: &[Line]) -> Vec<Line> {
    let mut lines = lines.to_vec();
    let owner = lines[lines.len() / 2].owner;
    for line in lines.iter_mut().filter(|line| line.owner == owner) {
        line.outcome = line.outcome.map(|outcome| usize::from(outcome == 0));
    }
    lines
}

/// The box itself, or two halves of it.
fn split(line: &Line, rng: &mut Rng) -> Vec<Line> {
    let halves = if rng.u32(..100) < SPLIT { halves(&line.cube, rng) } else { None };
    match halves {
        Some(cubes) => cubes.map(|cube| Line { cube, ..line.clone() }).into(),
        None => vec![line.clone()],
    }
}

/// The halves of a box in some field; none where that field has one value or none.
fn halves(cube: &Cube, rng: &mut Rng) -> Option<[Cube; 2]> {
    let whole = || cube.clone();
    Some(match rng.u32(..4) {
        0 => halved(&cube.source, |a, b| a + (b - a) / 2)?.map(|source| Cube { source, ..whole() }),
        1 => halved(&cube.destination, |a, b| a + (b - a) / 2)?
            .map(|destination| Cube { destination, ..whole() }),
        2 => halved(&cube.transport, |a, b| a + (b - a) / 2)?.map(|transport| Cube { transport, ..whole() }),
        _ => halved(&cube.source_ports, |a, b| a + (b - a) / 2)?
            .map(|source_ports| Cube { source_ports, ..whole() }),
    })
}

/// The lower and the upper half of what lies between the smallest and the largest value.
fn halved<T: Bounded>(set: &IntervalSet<T>, middle: impl Fn(T, T) -> T) -> Option<[IntervalSet<T>; 2]> {
    let (first, last) = set.bounds().filter(|(first, last)| first < last)?;
    let lower = IntervalSet::range(first, middle(first, last));
    Some([set.intersect(&lower), set.subtract(&lower)])
}
