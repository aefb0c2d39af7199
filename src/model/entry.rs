//! The entries that decide packets.

use super::{AddressSet, Log, RuleAction, Term, Traffic};
use crate::packet::{Cube, Family, Hook, IntervalSet, States, Unknowns};

/// What happens to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It passes.
    Accept,
    /// It vanishes.
    Drop,
    /// It is refused: a reset for TCP, an ICMP error (administratively prohibited) for the rest.
    Reject,
    /// Nothing yet: it is logged and goes on to the next entry.
    Observe,
}

/// Why an entry is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The rule with that index in [`Policy::rules`](super::Policy::rules).
    Rule(usize),
    /// A part of the baseline.
    Baseline(BaselinePart),
    /// The default of the hook.
    Default,
}

/// The parts of the baseline, in the order their entries stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BaselinePart {
    /// Traffic of the machine with itself.
    Loopback,
    /// Packets of known flows and the errors about them.
    Established,
    /// Neighbour discovery, inverse and secure neighbour discovery, and multicast listener and router discovery
    /// (RFC 4890 §4.4.1): accepted without a look at the connection state.
    NeighbourDiscovery,
    /// Packets whose source cannot come from where they come.
    AntiSpoofing,
    /// ICMP errors that path-MTU discovery and reachability need (RFC 2979 §3.1.1, RFC 4890 §4.3.1).
    IcmpErrors,
    /// Packets that connection tracking cannot make sense of.
    Invalid,
    /// Every other packet that does not open a flow: rules speak only of packets that do.
    NotNew,
    /// Echo requests (RFC 4890 §4.3.1 for IPv6).
    Echo,
    /// The machine's own DHCP and DHCPv6 client.
    DhcpClient,
}

/// A condition on packets: the product of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Connection states.
    pub states: States,
    /// Incoming interfaces by number; everything in the output hook.
    pub incoming: IntervalSet<u16>,
    /// Outgoing interfaces by number; everything in the input hook.
    pub outgoing: IntervalSet<u16>,
    /// Source addresses.
    pub source: AddressSet,
    /// Destination addresses.
    pub destination: AddressSet,
    /// Protocols, ports, types.
    pub traffic: Traffic,
    /// Conditions that nobody can look into; a policy that somebody wrote has none.
    pub unknowns: Unknowns,
}

/// One step of the decision in one hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Why it is there.
    pub origin: Origin,
    /// Where it decides.
    pub hook: Hook,
    /// Which packets.
    pub when: Match,
    /// What happens to them.
    pub verdict: Verdict,
    /// Whether and how often they are logged.
    pub log: Option<Log>,
}

impl Verdict {
    /// The action that stands for it. Rules that observe are such that refuse.
    #[must_use]
    pub const fn action(self) -> RuleAction {
        match self {
            Self::Accept => RuleAction::Allow,
            Self::Drop | Self::Observe => RuleAction::Deny,
            Self::Reject => RuleAction::Reject,
        }
    }
}

impl BaselinePart {
    /// The name in `baseline:`, in comments and in `explain`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Established => "established",
            Self::NeighbourDiscovery => "neighbour-discovery",
            Self::AntiSpoofing => "anti-spoofing",
            Self::IcmpErrors => "icmp-errors",
            Self::Invalid => "invalid",
            Self::NotNew => "not-new",
            Self::Echo => "echo",
            Self::DhcpClient => "dhcp-client",
        }
    }
}

impl Match {
    /// Every packet in these states.
    #[must_use]
    pub fn every(states: States) -> Self {
        Self {
            states,
            incoming: IntervalSet::full(),
            outgoing: IntervalSet::full(),
            source: AddressSet::every(),
            destination: AddressSet::every(),
            traffic: Traffic::any(),
            unknowns: Unknowns::none(),
        }
    }

    /// Whether it can match a packet of that family.
    #[must_use]
    pub fn exists_in(&self, family: Family) -> bool {
        !self.source.addresses.of(family).is_empty()
            && !self.destination.addresses.of(family).is_empty()
            && self.traffic.exists_in(family)
    }

    /// The same condition as boxes: one per family and distinct set of source ports.
    #[must_use]
    pub fn cubes(&self, hook: Hook) -> Vec<Cube> {
        let families = Family::ALL.into_iter().filter(|&family| self.exists_in(family));
        families.flat_map(|family| self.cubes_of(hook, family)).collect()
    }

    fn cubes_of(&self, hook: Hook, family: Family) -> Vec<Cube> {
        let mut cubes: Vec<Cube> = Vec::new();
        for term in self.traffic.terms().iter().filter(|term| term.exists_in(family)) {
            let source_ports = term.source_ports();
            match cubes.iter_mut().find(|cube| cube.source_ports == source_ports) {
                Some(cube) => cube.transport = cube.transport.union(&term.transport()),
                None => cubes.push(self.cube(hook, family, term)),
            }
        }
        cubes
    }

    fn cube(&self, hook: Hook, family: Family, term: &Term) -> Cube {
        Cube {
            hook,
            family,
            states: self.states,
            incoming: self.incoming.clone(),
            outgoing: self.outgoing.clone(),
            source: self.source.addresses.of(family).clone(),
            destination: self.destination.addresses.of(family).clone(),
            transport: term.transport(),
            source_ports: term.source_ports(),
            unknowns: self.unknowns.clone(),
        }
    }
}

impl Entry {
    /// The packets it speaks about, as boxes.
    #[must_use]
    pub fn cubes(&self) -> Vec<Cube> {
        self.when.cubes(self.hook)
    }
}
