//! One packet out of a box, chosen so that people recognise it.

use super::{Cube, Family, Hook, State};

/// A packet with every field decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The hook.
    pub hook: Hook,
    /// The address family.
    pub family: Family,
    /// The connection state.
    pub state: State,
    /// Number of the incoming interface.
    pub incoming: u16,
    /// Number of the outgoing interface.
    pub outgoing: u16,
    /// Source address as a number.
    pub source: u128,
    /// Destination address as a number.
    pub destination: u128,
    /// `protocol << 16 | destination port` or `protocol << 16 | type << 8 | code`.
    pub transport: u32,
    /// Source port.
    pub source_port: u16,
}

impl Packet {
    /// A packet of the box; none if it is empty.
    #[must_use]
    pub fn of(cube: &Cube) -> Option<Self> {
        Some(Self {
            hook: cube.hook,
            family: cube.family,
            state: State::ALL.into_iter().find(|&state| cube.states.contains(state))?,
            incoming: cube.incoming.bounds()?.0,
            outgoing: cube.outgoing.bounds()?.0,
            source: cube.source.bounds()?.0,
            destination: cube.destination.bounds()?.0,
            transport: cube.transport.bounds()?.0,
            source_port: cube.source_ports.bounds()?.0,
        })
    }
}
