//! Lists that are hard for any engine: the problem is co-NP hard in the number of fields, and these are the shapes
//! that show it.

use std::ops::RangeInclusive;

use fastrand::Rng;
use mailward::packet::{Cube, Family, Hook, IntervalSet, Line, TCP, transports};

use super::generate::{the_rest, weighted};

/// A list of that many boxes.
type Make = fn(usize) -> Vec<Line>;

/// Every hard list by name.
pub(crate) const ALL: [(&str, Make); 5] = [
    ("union", union),
    ("union with a hole", union_with_a_hole),
    ("wide", wide),
    ("wide, nothing open", wide_and_closed),
    ("few fields each", few_fields_each),
];

/// Cells of a grid in three fields, shuffled, and a box that only all of them together cover.
fn union(count: usize) -> Vec<Line> {
    let mut lines = grid(count);
    Rng::with_seed(1).shuffle(&mut lines);
    finish(lines, [whole(count)])
}

/// The same with one cell less, so that one packet of the box is left.
fn union_with_a_hole(count: usize) -> Vec<Line> {
    let mut lines = grid(count);
    let mut rng = Rng::with_seed(2);
    rng.shuffle(&mut lines);
    lines.swap_remove(rng.usize(..lines.len()));
    finish(lines, [whole(count)])
}

/// Boxes that hold 30 to 95 per cent of each of five fields, or all of it in every fifth.
fn wide(count: usize) -> Vec<Line> {
    finish(random(count, |rng| [(); 5].map(|()| rng.u32(..100) >= 20), 30..=95), [])
}

/// The same where no field is open.
fn wide_and_closed(count: usize) -> Vec<Line> {
    finish(random(count, |_| [true; 5], 30..=95), [])
}

/// Boxes that each ask for two to four of five fields, the shape of Klee's measure problem: every two of them meet
/// in the fields that they leave open.
fn few_fields_each(count: usize) -> Vec<Line> {
    let fields = |rng: &mut Rng| {
        let mut asked = [true, true, false, false, false];
        asked[2] = rng.bool();
        asked[3] = asked[2] && rng.bool();
        rng.shuffle(&mut asked);
        asked
    };
    finish(random(count, fields, 10..=60), [])
}

/// The side of a grid with four cells in the third field.
fn side(count: usize) -> u128 {
    (count / 4).isqrt() as u128
}

fn grid(count: usize) -> Vec<Cube> {
    let side = side(count);
    let cells = (0..side).flat_map(|x| (0..side).flat_map(move |y| (0..4).map(move |z| (x, y, z))));
    let cell = |(x, y, z)| Cube {
        source: IntervalSet::single(x),
        destination: IntervalSet::single(y),
        source_ports: IntervalSet::single(z),
        ..tcp()
    };
    cells.map(cell).collect()
}

fn whole(count: usize) -> Cube {
    let side = IntervalSet::range(0, side(count) - 1);
    Cube { source: side.clone(), destination: side, source_ports: IntervalSet::range(0, 3), ..tcp() }
}

/// Boxes with some share, in per cent, of each field that is asked for.
fn random(count: usize, asked: fn(&mut Rng) -> [bool; 5], share: RangeInclusive<u32>) -> Vec<Cube> {
    let mut rng = Rng::with_seed(3);
    let cube = |_| {
        let asked = asked(&mut rng);
        let mut part = |asked: bool, bits: u32| {
            let size = u64::from(if asked { rng.u32(share.clone()) } else { 100 }) * (1 << bits) / 100;
            let first = rng.u64(0..=(1 << bits) - size);
            (first, first + size - 1)
        };
        let [source, destination] = [asked[0], asked[1]].map(|asked| part(asked, 32));
        let [to, source_port, incoming] = [asked[2], asked[3], asked[4]].map(|asked| part(asked, 16));
        Cube {
            source: addresses(source),
            destination: addresses(destination),
            transport: transports(TCP, &numbers(to)),
            source_ports: numbers(source_port),
            incoming: numbers(incoming),
            ..tcp()
        }
    };
    (0..count).map(cube).collect()
}

fn addresses((first, last): (u64, u64)) -> IntervalSet<u128> {
    IntervalSet::range(first.into(), last.into())
}

#[expect(clippy::cast_possible_truncation, reason = "both are below 2^16")]
fn numbers((first, last): (u64, u64)) -> IntervalSet<u16> {
    IntervalSet::range(first as u16, last as u16)
}

fn tcp() -> Cube {
    Cube { transport: transports(TCP, &IntervalSet::full()), ..Cube::every(Hook::Forward, Family::V4) }
}

/// A rule for each box, then one for each of the others, then the rest.
fn finish(cubes: Vec<Cube>, last: impl IntoIterator<Item = Cube>) -> Vec<Line> {
    let mut rng = Rng::with_seed(4);
    let line = |(owner, cube)| Line { cube, owner, outcome: Some(weighted(&[50, 50], &mut rng)) };
    let mut lines: Vec<Line> = cubes.into_iter().chain(last).enumerate().map(line).collect();
    lines.extend(the_rest(lines.len()));
    lines
}
