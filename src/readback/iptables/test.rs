//! What a rule asks of packets, before interfaces and conditions have numbers.

use crate::model::Addresses;
use crate::packet::{Family, IntervalSet, States, transports};
use crate::readback::InterfacePattern;
use crate::readback::clause::Clause;

/// A question about a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Whether it meets a condition on its fields.
    Meets(Box<Clause>),
    /// Whether it comes in, or goes out, through such an interface.
    Interface(Way, InterfacePattern),
    /// Whether it is in a set.
    Member(Membership),
    /// Something that nobody can look into.
    Unknown(Unknown),
    /// Whether all of these hold.
    All(Vec<Self>),
    /// Whether one of these holds.
    Any(Vec<Self>),
    /// Whether this does not hold.
    Not(Box<Self>),
}

/// Which end of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Its source, source port or incoming interface.
    From,
    /// Its destination, destination port or outgoing interface.
    To,
}

/// A look into a set of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Membership {
    /// The name of the set.
    pub(super) set: String,
    /// Which ends of the packet are looked up, one for each dimension of the set.
    pub(super) ways: Vec<Way>,
    /// The test as text, for a set that is not known.
    pub(super) text: String,
}

/// A question that nobody can look into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    /// The test as text.
    pub(super) text: String,
    /// Whether the answer stays.
    pub(super) lasting: Lasting,
}

/// Whether a question has one answer for a packet, wherever it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lasting {
    /// It has.
    Always,
    /// It has not, as with limits.
    Never,
    /// Only where no rule writes what is asked for.
    UnlessWritten(Writable),
}

/// What targets may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Writable {
    /// The mark of a packet.
    Mark,
    /// The mark of a connection.
    ConnectionMark,
    /// The label of a connection.
    ConnectionLabel,
    /// The type of service: DSCP and ECN.
    Service,
    /// TTL or hop limit.
    HopLimit,
    /// The maximum segment size.
    SegmentSize,
}

impl Test {
    /// A question about the fields of a packet.
    pub(super) fn meets(clause: Clause) -> Self {
        Self::Meets(Box::new(clause))
    }

    /// A question that every packet answers with yes.
    pub(super) const fn always() -> Self {
        Self::All(Vec::new())
    }

    /// A question that no packet answers with yes.
    pub(super) const fn never() -> Self {
        Self::Any(Vec::new())
    }

    /// The same question, or its opposite.
    pub(super) fn negated_if(self, negated: bool) -> Self {
        if negated { Self::Not(Box::new(self)) } else { self }
    }

    /// A question that nobody can look into and that has one answer.
    pub(super) fn unknown(text: impl Into<String>) -> Self {
        Self::Unknown(Unknown { text: text.into(), lasting: Lasting::Always })
    }

    /// Whether a packet has connection tracking say one of these of it.
    pub(super) fn states(states: States) -> Self {
        Self::meets(Clause { states, ..Clause::every() })
    }

    /// Whether a packet is of one of these protocols.
    pub(super) fn protocols(protocols: impl IntoIterator<Item = u8>) -> Self {
        let of = |protocol| transports(protocol, &IntervalSet::full());
        let all: Vec<IntervalSet<u32>> = protocols.into_iter().map(of).collect();
        Self::transport(IntervalSet::union_of(&all))
    }

    /// Whether the protocol and what follows it are among these.
    pub(super) fn transport(transport: IntervalSet<u32>) -> Self {
        Self::meets(Clause { transport, ..Clause::every() })
    }

    /// Whether one end of a packet is among these addresses of one family.
    pub(super) fn addresses(way: Way, family: Family, addresses: IntervalSet<u128>) -> Self {
        let mut all = Addresses::none();
        match family {
            Family::V4 => all.v4 = addresses,
            Family::V6 => all.v6 = addresses,
        }
        Self::meets(match way {
            Way::From => Clause { source: all, ..Clause::every() },
            Way::To => Clause { destination: all, ..Clause::every() },
        })
    }

    /// Whether a packet of one of these protocols with ports has one of these at that end.
    pub(super) fn ports(way: Way, protocols: &[u8], ports: &IntervalSet<u16>) -> Self {
        let lower = match way {
            Way::From => &IntervalSet::full(),
            Way::To => ports,
        };
        let all: Vec<IntervalSet<u32>> =
            protocols.iter().map(|&protocol| transports(protocol, lower)).collect();
        let source_ports = match way {
            Way::From => ports.clone(),
            Way::To => IntervalSet::full(),
        };
        Self::meets(Clause { transport: IntervalSet::union_of(&all), source_ports, ..Clause::every() })
    }
}
