//! Boxes that are one.

use std::collections::BTreeMap;

use crate::packet::{Cube, Field, IntervalSet, States};

/// The fields by which boxes are put together, those first in which rules that stand together differ most.
const FIELDS: [Field; 7] = [
    Field::Source,
    Field::Destination,
    Field::Transport,
    Field::Incoming,
    Field::Outgoing,
    Field::SourcePorts,
    Field::States,
];

/// The same packets in fewer boxes: those that differ in one field only become one.
pub(super) fn merged(mut cubes: Vec<Cube>) -> Vec<Cube> {
    for field in FIELDS {
        if cubes.len() < 2 {
            break;
        }
        let mut alike: BTreeMap<Cube, Vec<Cube>> = BTreeMap::new();
        for cube in cubes {
            alike.entry(put(&cube, field, &[])).or_default().push(cube);
        }
        cubes = alike.into_values().filter_map(|group| Some(put(group.first()?, field, &group))).collect();
    }
    cubes
}

/// A box with all the values of a field that some boxes have together.
fn put(cube: &Cube, field: Field, of: &[Cube]) -> Cube {
    let mut put = cube.clone();
    let all = of.iter();
    match field {
        Field::Source => put.source = IntervalSet::union_of(all.map(|cube| &cube.source)),
        Field::Destination => put.destination = IntervalSet::union_of(all.map(|cube| &cube.destination)),
        Field::Transport => put.transport = IntervalSet::union_of(all.map(|cube| &cube.transport)),
        Field::SourcePorts => put.source_ports = IntervalSet::union_of(all.map(|cube| &cube.source_ports)),
        Field::Incoming => put.incoming = IntervalSet::union_of(all.map(|cube| &cube.incoming)),
        Field::Outgoing => put.outgoing = IntervalSet::union_of(all.map(|cube| &cube.outgoing)),
        Field::States => put.states = all.fold(States::of(&[]), |union, cube| union.union(cube.states)),
    }
    put
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::{Family, Hook};

    fn cube(source: u128, transport: u32) -> Cube {
        let every = Cube::every(Hook::Input, Family::V4);
        Cube { source: IntervalSet::single(source), transport: IntervalSet::single(transport), ..every }
    }

    #[test]
    fn boxes_that_differ_in_one_field_become_one() {
        let all = merged(vec![cube(1, 7), cube(2, 7), cube(1, 8), cube(2, 8), cube(3, 9)]);
        let square =
            Cube { source: IntervalSet::range(1, 2), transport: IntervalSet::range(7, 8), ..cube(1, 7) };
        assert_eq!(all.len(), 2);
        assert!(all.contains(&square) && all.contains(&cube(3, 9)));
    }
}
