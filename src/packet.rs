//! Sets of packets, exactly: boxes of field values, their intersection and difference, and whether one box is
//! covered by others, with a witness where it is not. Knows nothing of policies.

mod block;
mod bounds;
mod compare;
mod cover;
mod cube;
mod dead;
mod field;
mod interval;
mod list;
mod plane;
mod redundancy;
mod search;
mod shadow;
mod space;
mod state;
#[cfg(test)]
mod tiny;
mod transport;
mod tree;
mod unknowns;
mod witness;

pub use compare::{Difference, Differences, differences};
pub use cover::{Cover, Covering, cover, covering};
pub use cube::Cube;
pub use field::Field;
pub use interval::{Bounded, IntervalSet};
pub use list::{Line, List};
pub use redundancy::Redundancy;
pub use shadow::Shadow;
pub use state::{State, States};
pub use transport::{every_code, transport, transports};
pub use unknowns::Unknowns;
pub use witness::{Familiar, Packet};

/// Address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// Where in the path of a packet a decision is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hook {
    /// To this machine.
    Input,
    /// Through this machine.
    Forward,
    /// From this machine.
    Output,
}

/// Hop-by-hop options, routing, fragment, authentication header and destination options (RFC 8200 §4.1, RFC 4302):
/// in IPv6 they stand before the protocol, and filters look through them, so no packet has one for its protocol.
const IPV6_EXTENSION_HEADERS: [u8; 5] = [0, 43, 44, 51, 60];

/// IP protocol number of ICMP (IANA protocol numbers).
pub const ICMP: u8 = 1;
/// IP protocol number of TCP.
pub const TCP: u8 = 6;
/// IP protocol number of UDP.
pub const UDP: u8 = 17;
/// IP protocol number of ICMPv6.
pub const ICMPV6: u8 = 58;

impl Family {
    /// Both, in the order used everywhere.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::V4 => Self::V6,
            Self::V6 => Self::V4,
        }
    }

    /// `IPv4` or `IPv6`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }

    /// Whether a packet of the family can have that protocol.
    #[must_use]
    pub fn has_protocol(self, number: u8) -> bool {
        self == Self::V4 || !IPV6_EXTENSION_HEADERS.contains(&number)
    }

    /// Every address of the family as a number; IPv4 uses the lower 32 bits.
    #[must_use]
    pub fn every_address(self) -> IntervalSet<u128> {
        match self {
            Self::V4 => IntervalSet::range(0, u128::from(u32::MAX)),
            Self::V6 => IntervalSet::full(),
        }
    }
}

impl Hook {
    /// All three, in the order used everywhere.
    pub const ALL: [Self; 3] = [Self::Input, Self::Forward, Self::Output];

    /// `input`, `forward` or `output`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Forward => "forward",
            Self::Output => "output",
        }
    }
}
