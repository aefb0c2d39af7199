//! Values that lines speak about in vain, against every packet of a small space.

use std::collections::BTreeSet;

use mailward::packet::{Cube, Field, List, Packet};

const FIELDS: [Field; 7] = [
    Field::Source,
    Field::Destination,
    Field::Transport,
    Field::SourcePorts,
    Field::Incoming,
    Field::Outgoing,
    Field::States,
];

/// Whether the engine finds exactly the values of each line and field for which earlier rules decide everything.
pub(crate) fn values(packets: &[Packet], list: &List) -> Result<(), String> {
    for (number, line) in list.lines().iter().enumerate() {
        let decided = |packet: &Packet| {
            let mut earlier = list.lines()[..number].iter().filter(|other| other.owner != line.owner);
            earlier.any(|other| other.outcome.is_some() && other.cube.contains(packet))
        };
        let held = packets.iter().filter(|packet| line.cube.contains(packet));
        let held: Vec<(&Packet, bool)> = held.map(|packet| (packet, decided(packet))).collect();
        for field in FIELDS {
            of_field(&held, field, list.dead(number, [field])[0].as_ref()).map_err(|packet| {
                format!("line {number}, {field:?}: {packet:?} is there the other way round")
            })?;
        }
    }
    Ok(())
}

/// Looks at each packet of a line, with whether earlier rules decide it; one that is told wrongly is the error.
fn of_field<'p>(held: &[(&'p Packet, bool)], field: Field, said: Option<&Cube>) -> Result<(), &'p Packet> {
    let alive = held.iter().filter(|(_, decided)| !decided).map(|(packet, _)| value(packet, field));
    let alive: BTreeSet<u128> = alive.collect();
    let is_dead = |packet: &Packet| !alive.contains(&value(packet, field));
    let wrong =
        held.iter().find(|(packet, _)| said.is_some_and(|dead| dead.contains(packet)) != is_dead(packet));
    wrong.map_or(Ok(()), |(packet, _)| Err(packet))
}

fn value(packet: &Packet, field: Field) -> u128 {
    match field {
        Field::Source => packet.source,
        Field::Destination => packet.destination,
        Field::Transport => packet.transport.into(),
        Field::SourcePorts => packet.source_port.into(),
        Field::Incoming => packet.incoming.into(),
        Field::Outgoing => packet.outgoing.into(),
        Field::States => packet.state as u128,
    }
}
