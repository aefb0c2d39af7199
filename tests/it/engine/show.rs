//! Lists that a test fails on: made as short as they fail, and written so that they can be read.

use std::fmt::{self, Display, Formatter, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};

use mailward::packet::{Bounded, Cube, Family, IntervalSet, Line, State, States};

/// Takes out lines, and conditions of lines, as long as the pair still fails; says how the last one fails.
pub(crate) fn shortest(
    mut pair: [Vec<Line>; 2],
    mut complaint: String,
    mut fails: impl FnMut(&[Vec<Line>; 2]) -> Result<(), String>,
) -> String {
    loop {
        let smaller = smaller(&pair).find_map(|pair| Some((fails(&pair).err()?, pair)));
        let Some(found) = smaller else { break };
        (complaint, pair) = found;
    }
    let mut text = complaint;
    for (name, lines) in ["left", "right"].into_iter().zip(&pair) {
        let _ = write!(text, "\n{name}:");
        for (number, line) in lines.iter().enumerate() {
            let Line { cube, owner, outcome } = line;
            let _ = write!(text, "\n  {number}: owner {owner}, outcome {outcome:?}: {}", Shown(cube));
        }
    }
    text
}

/// Pairs that are the same but for one line, or for one field of a line.
fn smaller(pair: &[Vec<Line>; 2]) -> impl Iterator<Item = [Vec<Line>; 2]> + '_ {
    let places = (0..2).flat_map(|side| (0..pair[side].len()).map(move |number| (side, number)));
    let without = places.clone().map(|(side, number)| {
        let mut pair = pair.clone();
        pair[side].remove(number);
        pair
    });
    let wider = places.flat_map(move |(side, number)| {
        wider(&pair[side][number].cube).into_iter().map(move |cube| {
            let mut pair = pair.clone();
            pair[side][number].cube = cube;
            pair
        })
    });
    without.chain(wider)
}

/// The boxes that leave one field more open.
fn wider(cube: &Cube) -> Vec<Cube> {
    let every = || Cube::every(cube.hook, cube.family);
    let whole = || cube.clone();
    let cubes = [
        Cube { states: every().states, ..whole() },
        Cube { incoming: every().incoming, ..whole() },
        Cube { outgoing: every().outgoing, ..whole() },
        Cube { source: every().source, ..whole() },
        Cube { destination: every().destination, ..whole() },
        Cube { transport: every().transport, ..whole() },
        Cube { source_ports: every().source_ports, ..whole() },
        Cube { unknowns: every().unknowns, ..whole() },
    ];
    cubes.into_iter().filter(|wider| wider != cube).collect()
}

/// A box in one line: hook, family, and the fields that are not open.
struct Shown<'a>(&'a Cube);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(cube) = self;
        let every = Cube::every(cube.hook, cube.family);
        let address = |address: u128| match cube.family {
            Family::V4 => u32::try_from(address)
                .map_or_else(|_| address.to_string(), |v4| Ipv4Addr::from(v4).to_string()),
            Family::V6 => Ipv6Addr::from(address).to_string(),
        };
        let hexadecimal = |number: u32| format!("{number:#08x}");
        let decimal = |number: u16| number.to_string();
        write!(f, "{:?} {:?}", cube.hook, cube.family)?;
        field(f, "source", &cube.source, &every.source, address)?;
        field(f, "destination", &cube.destination, &every.destination, address)?;
        field(f, "transport", &cube.transport, &every.transport, hexadecimal)?;
        field(f, "source port", &cube.source_ports, &every.source_ports, decimal)?;
        field(f, "in", &cube.incoming, &every.incoming, decimal)?;
        field(f, "out", &cube.outgoing, &every.outgoing, decimal)?;
        if cube.states != States::ANY {
            let states = State::ALL.into_iter().filter(|&state| cube.states.contains(state));
            write!(f, ", state {:?}", states.collect::<Vec<_>>())?;
        }
        cube.unknowns
            .literals()
            .iter()
            .try_for_each(|(number, holds)| write!(f, ", condition {number} {holds}"))
    }
}

fn field<T: Bounded>(
    f: &mut Formatter<'_>,
    name: &str,
    set: &IntervalSet<T>,
    every: &IntervalSet<T>,
    show: impl Fn(T) -> String,
) -> fmt::Result {
    if set == every {
        return Ok(());
    }
    let intervals = set.intervals().iter().map(|&(first, last)| {
        if first == last { show(first) } else { format!("{}-{}", show(first), show(last)) }
    });
    write!(f, ", {name} {{{}}}", intervals.collect::<Vec<_>>().join(", "))
}
