//! Random lists of a space, and pairs of lists that mean nearly the same.

use fastrand::Rng;
use mailward::packet::{Bounded, Cube, IntervalSet, Line, Unknowns};

use super::space::Space;

/// Outcomes of rules; the last line of many lists has the first one.
const OUTCOMES: usize = 3;

/// Two lists: one random, and another one, the same written in another way, or that with one line changed.
pub(crate) fn pair(space: &Space, longest: usize, rng: &mut Rng) -> [Vec<Line>; 2] {
    let left = list(space, longest, rng);
    let mut right = rewritten(&left, space, rng);
    match rng.u32(..10) {
        0..2 => right = list(space, longest, rng),
        2..5 => change(&mut right, space, rng),
        _ => {}
    }
    [left, right]
}

/// Lines of a space; a rule has one or several of them, most often in a row, with one outcome or only looking on.
fn list(space: &Space, longest: usize, rng: &mut Rng) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for number in 0..rng.usize(1..=longest) {
        let of_a_rule = match rng.u32(..100) {
            0..30 => lines.last().cloned(),
            30..38 => rng.choice(&lines).cloned(),
            _ => None,
        };
        let new = || (number, Some(rng.usize(..OUTCOMES)).filter(|_| rng.u32(..12) > 0));
        let (owner, outcome) = of_a_rule.map_or_else(new, |line| (line.owner, line.outcome));
        lines.push(Line { cube: space.cube(rng), owner, outcome });
    }
    if rng.bool() {
        let owner = lines.len();
        let every =
            lines.iter().map(|line| Cube::every(line.cube.hook, line.cube.family)).collect::<Vec<_>>();
        lines.extend(every.into_iter().map(|cube| Line { cube, owner, outcome: Some(0) }));
    }
    lines
}

/// A list that means the same: lines are split and said again, and neighbours trade places where that makes no
/// difference.
fn rewritten(lines: &[Line], space: &Space, rng: &mut Rng) -> Vec<Line> {
    let mut rest = Vec::new();
    for line in lines {
        let parts = if rng.u32(..3) == 0 { split(&line.cube, space, rng) } else { vec![line.cube.clone()] };
        rest.extend(parts.into_iter().map(|cube| Line { cube, ..line.clone() }));
        if rng.u32(..8) == 0 {
            rest.push(line.clone());
        }
    }
    for later in (1..rest.len()).chain(1..rest.len()) {
        let (a, b) = (&rest[later - 1], &rest[later]);
        let alike = a.outcome == b.outcome || a.outcome.is_none() || b.outcome.is_none();
        if rng.bool() && (alike || a.cube.intersect(&b.cube).is_none()) {
            rest.swap(later - 1, later);
        }
    }
    rest
}

/// Gives a rule another outcome, gives a line another box, or takes it out.
fn change(lines: &mut Vec<Line>, space: &Space, rng: &mut Rng) {
    let number = rng.usize(..lines.len());
    match rng.u32(..3) {
        0 => {
            let owner = lines[number].owner;
            let outcome = lines[number].outcome.map(|outcome| (outcome + 1) % OUTCOMES);
            lines.iter_mut().filter(|line| line.owner == owner).for_each(|line| line.outcome = outcome);
        }
        1 => lines[number].cube = space.cube(rng),
        _ => drop(lines.remove(number)),
    }
}

/// The parts of a box inside and outside of what another one has in some field.
fn split(cube: &Cube, space: &Space, rng: &mut Rng) -> Vec<Cube> {
    let by = space.cube_of(cube.hook, cube.family, rng);
    let whole = || cube.clone();
    match rng.u32(..8) {
        0 => parts(&cube.source, &by.source).map(|source| Cube { source, ..whole() }).into(),
        1 => parts(&cube.destination, &by.destination)
            .map(|destination| Cube { destination, ..whole() })
            .into(),
        2 => parts(&cube.transport, &by.transport).map(|transport| Cube { transport, ..whole() }).into(),
        3 => parts(&cube.source_ports, &by.source_ports)
            .map(|source_ports| Cube { source_ports, ..whole() })
            .into(),
        4 => parts(&cube.incoming, &by.incoming).map(|incoming| Cube { incoming, ..whole() }).into(),
        5 => parts(&cube.outgoing, &by.outgoing).map(|outgoing| Cube { outgoing, ..whole() }).into(),
        6 => {
            let states = [cube.states.intersect(by.states), cube.states.subtract(by.states)];
            states.map(|states| Cube { states, ..whole() }).into()
        }
        _ => {
            let sides = [false, true].into_iter().filter_map(|holds| {
                let (number, _) = *by.unknowns.literals().first()?;
                cube.unknowns.intersect(&Unknowns::of([(number, holds)])?)
            });
            let mut sides: Vec<Cube> = sides.map(|unknowns| Cube { unknowns, ..whole() }).collect();
            if sides.is_empty() {
                sides.push(whole());
            }
            sides
        }
    }
}

fn parts<T: Bounded>(set: &IntervalSet<T>, by: &IntervalSet<T>) -> [IntervalSet<T>; 2] {
    [set.intersect(by), set.subtract(by)]
}
