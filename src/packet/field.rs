//! The fields of a box one by one, and how two boxes stand to each other.

use super::{Bounded, Cube, IntervalSet, Packet};

/// A field of a box, the most selective first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Source,
    Destination,
    Transport,
    Incoming,
    Outgoing,
    SourcePorts,
    States,
}

/// How a set stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Nothing is in both.
    Apart,
    /// It is inside the other.
    Within,
    /// Some of it is in the other, some is not.
    Across,
}

/// How a box stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// They have nothing in common.
    Apart,
    /// It is inside the other.
    Within,
    /// It sticks out of the other in this field only.
    Slice(Field),
    /// It sticks out of the other in so many fields, at least two.
    Corner(usize),
}

impl Field {
    pub(super) const ALL: [Self; 7] = [
        Self::Source,
        Self::Destination,
        Self::Transport,
        Self::Incoming,
        Self::Outgoing,
        Self::SourcePorts,
        Self::States,
    ];
}

impl Cube {
    /// How it stands to another box. An empty box is [`Position::Apart`].
    pub(super) fn position(&self, other: &Self) -> Position {
        if self.hook != other.hook || self.family != other.family {
            return Position::Apart;
        }
        let mut beyond = None;
        let mut count = 0;
        for field in Field::ALL {
            match self.relation(field, other) {
                Relation::Apart => return Position::Apart,
                Relation::Within => {}
                Relation::Across => {
                    beyond = Some(field);
                    count += 1;
                }
            }
        }
        match beyond {
            None => Position::Within,
            Some(field) if count == 1 => Position::Slice(field),
            Some(_) => Position::Corner(count),
        }
    }

    /// How a field stands to the same field of another box.
    pub(super) fn relation(&self, field: Field, other: &Self) -> Relation {
        match field {
            Field::Source => self.source.relation(&other.source),
            Field::Destination => self.destination.relation(&other.destination),
            Field::Transport => self.transport.relation(&other.transport),
            Field::Incoming => self.incoming.relation(&other.incoming),
            Field::Outgoing => self.outgoing.relation(&other.outgoing),
            Field::SourcePorts => self.source_ports.relation(&other.source_ports),
            Field::States if self.states.intersect(other.states).is_empty() => Relation::Apart,
            Field::States if self.states.subtract(other.states).is_empty() => Relation::Within,
            Field::States => Relation::Across,
        }
    }

    /// Whether a packet has a value of that field.
    pub(super) fn has(&self, field: Field, packet: &Packet) -> bool {
        match field {
            Field::Source => self.source.contains(packet.source),
            Field::Destination => self.destination.contains(packet.destination),
            Field::Transport => self.transport.contains(packet.transport),
            Field::Incoming => self.incoming.contains(packet.incoming),
            Field::Outgoing => self.outgoing.contains(packet.outgoing),
            Field::SourcePorts => self.source_ports.contains(packet.source_port),
            Field::States => self.states.contains(packet.state),
        }
    }

    /// Keeps only the values of a field that the other box has too.
    pub(super) fn keep(&mut self, field: Field, other: &Self) {
        match field {
            Field::Source => self.source = self.source.intersect(&other.source),
            Field::Destination => self.destination = self.destination.intersect(&other.destination),
            Field::Transport => self.transport = self.transport.intersect(&other.transport),
            Field::Incoming => self.incoming = self.incoming.intersect(&other.incoming),
            Field::Outgoing => self.outgoing = self.outgoing.intersect(&other.outgoing),
            Field::SourcePorts => self.source_ports = self.source_ports.intersect(&other.source_ports),
            Field::States => self.states = self.states.intersect(other.states),
        }
    }

    /// Takes the values that boxes have in a field out of that field, for many at once.
    pub(super) fn take_off(&mut self, slices: &[(Field, &Self)]) {
        for field in Field::ALL {
            let mut taken = slices.iter().filter(|(of, _)| *of == field).map(|&(_, cube)| cube).peekable();
            if taken.peek().is_none() {
                continue;
            }
            match field {
                Field::Source => without(&mut self.source, taken.map(|cube| &cube.source)),
                Field::Destination => without(&mut self.destination, taken.map(|cube| &cube.destination)),
                Field::Transport => without(&mut self.transport, taken.map(|cube| &cube.transport)),
                Field::Incoming => without(&mut self.incoming, taken.map(|cube| &cube.incoming)),
                Field::Outgoing => without(&mut self.outgoing, taken.map(|cube| &cube.outgoing)),
                Field::SourcePorts => without(&mut self.source_ports, taken.map(|cube| &cube.source_ports)),
                Field::States => {
                    self.states = taken.fold(self.states, |left, cube| left.subtract(cube.states));
                }
            }
        }
    }

    /// How much of a field is shared with another box, on a logarithmic scale: the bits it takes to count the
    /// shared values.
    pub(super) fn shared_bits_of(&self, field: Field, other: &Self) -> u32 {
        match field {
            Field::Source => self.source.shared_bits(&other.source),
            Field::Destination => self.destination.shared_bits(&other.destination),
            Field::Transport => self.transport.shared_bits(&other.transport),
            Field::Incoming => self.incoming.shared_bits(&other.incoming),
            Field::Outgoing => self.outgoing.shared_bits(&other.outgoing),
            Field::SourcePorts => self.source_ports.shared_bits(&other.source_ports),
            Field::States => self.states.intersect(other.states).bits(),
        }
    }

    /// How many packets are in both, on a logarithmic scale.
    #[must_use]
    pub fn shared_bits(&self, other: &Self) -> u32 {
        Field::ALL.into_iter().map(|field| self.shared_bits_of(field, other)).sum()
    }
}

fn without<'a, T: Bounded + 'a>(set: &mut IntervalSet<T>, taken: impl Iterator<Item = &'a IntervalSet<T>>) {
    *set = set.subtract(&IntervalSet::union_of(taken));
}
