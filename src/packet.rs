//! Sets of packets, exactly: boxes of field values, their intersection and difference, and whether one box is
//! covered by others, with a witness where it is not. Knows nothing of policies.

mod cover;
mod cube;
mod field;
mod index;
mod interval;
#[cfg(test)]
mod tiny;
mod transport;
mod witness;

pub use cover::{Cover, Covering, cover, covering};
pub use cube::Cube;
pub use index::Index;
pub use interval::{Bounded, IntervalSet};
pub use transport::{every_code, transport, transports};
pub use witness::Packet;

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

/// What connection tracking says of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It opens a flow; for TCP a SYN without ACK, FIN and RST.
    New,
    /// TCP without a SYN that belongs to no known flow: conntrack's `new` picked up mid-stream.
    Midstream,
    /// It belongs to a known flow.
    Established,
    /// It starts a flow that a known one announced, or is an ICMP error about one.
    Related,
    /// Tracking cannot make sense of it.
    Invalid,
    /// Exempt from tracking, as neighbour discovery always is.
    Untracked,
}

/// A set of [`State`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct States(u8);

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

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::New, Self::Midstream, Self::Established, Self::Related, Self::Invalid, Self::Untracked];

    /// The word for it: that of connection tracking, and `mid-stream`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Midstream => "mid-stream",
            Self::Established => "established",
            Self::Related => "related",
            Self::Invalid => "invalid",
            Self::Untracked => "untracked",
        }
    }
}

impl States {
    /// Every state.
    pub const ANY: Self = Self(0b11_1111);
    /// Packets that open a flow.
    pub const NEW: Self = Self::of(&[State::New]);

    /// These states.
    #[must_use]
    pub const fn of(states: &[State]) -> Self {
        let mut bits = 0;
        let mut rest = states;
        while let [first, others @ ..] = rest {
            bits |= 1 << (*first as u8);
            rest = others;
        }
        Self(bits)
    }

    /// In both.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// In this one only.
    #[must_use]
    pub const fn subtract(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The bits it takes to count its states.
    #[must_use]
    pub const fn bits(self) -> u32 {
        u32::BITS - self.0.count_ones().leading_zeros()
    }

    /// No state at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a state is in it.
    #[must_use]
    pub const fn contains(self, state: State) -> bool {
        self.0 & (1 << (state as u8)) != 0
    }
}
