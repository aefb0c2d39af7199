//! The fields of a box one by one.

use super::Cube;

/// A field of a box, the most selective first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// [`Cube::source`].
    Source,
    /// [`Cube::destination`].
    Destination,
    /// [`Cube::transport`].
    Transport,
    /// [`Cube::source_ports`].
    SourcePorts,
    /// [`Cube::incoming`].
    Incoming,
    /// [`Cube::outgoing`].
    Outgoing,
    /// [`Cube::states`].
    States,
}

impl Field {
    pub(super) const ALL: [Self; 7] = [
        Self::Source,
        Self::Destination,
        Self::Transport,
        Self::SourcePorts,
        Self::Incoming,
        Self::Outgoing,
        Self::States,
    ];
}

impl Cube {
    /// Whether no value of a field is in both boxes.
    pub(super) fn is_apart(&self, field: Field, other: &Self) -> bool {
        match field {
            Field::Source => !self.source.overlaps(&other.source),
            Field::Destination => !self.destination.overlaps(&other.destination),
            Field::Transport => !self.transport.overlaps(&other.transport),
            Field::SourcePorts => !self.source_ports.overlaps(&other.source_ports),
            Field::Incoming => !self.incoming.overlaps(&other.incoming),
            Field::Outgoing => !self.outgoing.overlaps(&other.outgoing),
            Field::States => self.states.intersect(other.states).is_empty(),
        }
    }

    /// Whether every value of a field is one that the other box has too.
    pub(super) fn is_within(&self, field: Field, other: &Self) -> bool {
        match field {
            Field::Source => self.source.is_subset(&other.source),
            Field::Destination => self.destination.is_subset(&other.destination),
            Field::Transport => self.transport.is_subset(&other.transport),
            Field::SourcePorts => self.source_ports.is_subset(&other.source_ports),
            Field::Incoming => self.incoming.is_subset(&other.incoming),
            Field::Outgoing => self.outgoing.is_subset(&other.outgoing),
            Field::States => self.states.subtract(other.states).is_empty(),
        }
    }

    /// Keeps only the values of a field that the other box has too.
    pub(super) fn keep(&mut self, field: Field, other: &Self) {
        match field {
            Field::Source => self.source = self.source.intersect(&other.source),
            Field::Destination => self.destination = self.destination.intersect(&other.destination),
            Field::Transport => self.transport = self.transport.intersect(&other.transport),
            Field::SourcePorts => self.source_ports = self.source_ports.intersect(&other.source_ports),
            Field::Incoming => self.incoming = self.incoming.intersect(&other.incoming),
            Field::Outgoing => self.outgoing = self.outgoing.intersect(&other.outgoing),
            Field::States => self.states = self.states.intersect(other.states),
        }
    }

    /// Takes out the values of a field that the other box has.
    pub(super) fn take_out(&mut self, field: Field, other: &Self) {
        match field {
            Field::Source => self.source = self.source.subtract(&other.source),
            Field::Destination => self.destination = self.destination.subtract(&other.destination),
            Field::Transport => self.transport = self.transport.subtract(&other.transport),
            Field::SourcePorts => self.source_ports = self.source_ports.subtract(&other.source_ports),
            Field::Incoming => self.incoming = self.incoming.subtract(&other.incoming),
            Field::Outgoing => self.outgoing = self.outgoing.subtract(&other.outgoing),
            Field::States => self.states = self.states.subtract(other.states),
        }
    }
}
