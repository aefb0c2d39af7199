//! A machine with pf: packets through rules and states, as pf.conf(5) describes and `sys/net/pf.c` does it.
//!
//! * A packet that matches a state passes and gets the state's tag; rules are asked only without a state.
//! * A state begun by a packet in one direction matches packets of the flow in that direction, and answers in the
//!   other one; it does not match the same packet on its way out of another interface.
//! * The last matching rule decides, or the first that is quick; tags stick as soon as a rule matches.

use std::net::IpAddr;

use ipnet::IpNet;
use mailward::render::Dialect;

use super::ruleset::{Action, Address, Endpoint, Rule, Ruleset};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
}

/// A packet on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wire {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) protocol: u8,
    pub(crate) source_port: u16,
    pub(crate) destination_port: u16,
    /// TCP flags.
    pub(crate) flags: u8,
    /// ICMP type and code.
    pub(crate) kind: (u8, u8),
    /// What an ICMP error is about.
    pub(crate) about: Option<Box<Wire>>,
}

/// Which way a packet takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    Input(String),
    Output(String),
    Forward(String, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Pass,
    Drop,
    Reset,
    Unreachable,
}

/// What became of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) fate: Fate,
    pub(super) logged: bool,
    /// The text of the rules that decided, for messages.
    pub(super) by: Vec<String>,
}

/// The two ends of a flow as the machine sees them on one side.
type Key = (u8, (IpAddr, u16), (IpAddr, u16));

/// A machine with a ruleset.
pub(super) struct Machine {
    ruleset: Ruleset,
    dialect: Dialect,
    states: Vec<(Key, Option<String>)>,
}

/// The machine's own addresses with the networks they are in.
pub(crate) const OWN: [&str; 8] = [
    "127.0.0.1/8",
    "::1/128",
    "10.20.0.1/16",
    "2001:db8:20::1/48",
    "192.0.2.1/27",
    "203.0.113.9/24",
    "2001:db8:99::9/64",
    "fe80::1/64",
];

/// Addresses of this machine.
pub(crate) fn is_own(address: IpAddr) -> bool {
    own().any(|net| net.addr() == address)
}

/// Broadcast addresses of this machine's networks.
pub(crate) fn is_own_broadcast(address: IpAddr) -> bool {
    own().any(|net| net.addr().is_ipv4() && !net.addr().is_loopback() && net.broadcast() == address)
}

fn own() -> impl Iterator<Item = IpNet> {
    OWN.iter().map(|net| net.parse().expect("an address in a network"))
}

impl Wire {
    /// The same flow the other way.
    pub(super) fn answer(&self) -> Self {
        let kind = match self.kind {
            (8, code) if self.protocol == 1 => (0, code),
            (128, code) if self.protocol == 58 => (129, code),
            other => other,
        };
        Self {
            source: self.destination,
            destination: self.source,
            source_port: self.destination_port,
            destination_port: self.source_port,
            flags: if self.flags == 2 { 2 | 16 } else { self.flags },
            kind,
            ..self.clone()
        }
    }

    fn key(&self, direction: Direction) -> Key {
        // An echo and its reply have one identifier for both ends.
        let icmp = matches!(self.protocol, 1 | 58);
        let port = |port| if icmp { 7 } else { port };
        let ends = ((self.source, port(self.source_port)), (self.destination, port(self.destination_port)));
        match direction {
            Direction::In => (self.protocol, ends.0, ends.1),
            Direction::Out => (self.protocol, ends.1, ends.0),
        }
    }

    /// Answers, which do not begin a state on OpenBSD.
    fn is_icmp_reply(&self) -> bool {
        let replies: &[u8] = if self.protocol == 1 { &[0, 14, 16, 18] } else { &[129, 134, 136, 140] };
        matches!(self.protocol, 1 | 58) && replies.contains(&self.kind.0)
    }

    pub(super) fn is_icmp_error(&self) -> bool {
        match self.protocol {
            1 => [3, 4, 5, 11, 12].contains(&self.kind.0),
            58 => [1, 2, 3, 4].contains(&self.kind.0),
            _ => false,
        }
    }
}

impl Machine {
    pub(super) fn new(text: &str, dialect: Dialect) -> Self {
        Self { ruleset: Ruleset::parse(text), dialect, states: Vec::new() }
    }

    /// Sends a packet along a path; states stay.
    pub(super) fn send(&mut self, packet: &Wire, path: &Path) -> Outcome {
        let mut tag = None;
        match path {
            Path::Input(interface) => self.pass(packet, Direction::In, interface, &mut tag),
            Path::Output(interface) => self.pass(packet, Direction::Out, interface, &mut tag),
            Path::Forward(from, to) => {
                let way_in = self.pass(packet, Direction::In, from, &mut tag);
                if way_in.fate != Fate::Pass {
                    return way_in;
                }
                let way_out = self.pass(packet, Direction::Out, to, &mut tag);
                let by = [way_in.by, way_out.by].concat();
                Outcome { logged: way_in.logged || way_out.logged, by, ..way_out }
            }
        }
    }

    pub(super) fn forget(&mut self) {
        self.states.clear();
    }

    fn pass(
        &mut self,
        packet: &Wire,
        direction: Direction,
        interface: &str,
        tag: &mut Option<String>,
    ) -> Outcome {
        let passed = |by: &str| Outcome { fate: Fate::Pass, logged: false, by: vec![by.to_owned()] };
        if self.ruleset.skipped.iter().any(|skipped| is_on(skipped, interface)) {
            return passed("skipped");
        }
        if let Some((_, state_tag)) = self.state_of(packet, direction) {
            if state_tag.is_some() {
                tag.clone_from(state_tag);
            }
            return passed("state");
        }
        let (outcome, keep) = self.evaluate(packet, direction, interface, tag);
        if keep {
            self.states.push((packet.key(direction), tag.clone()));
        }
        outcome
    }

    fn state_of(&self, packet: &Wire, direction: Direction) -> Option<&(Key, Option<String>)> {
        let key = match &packet.about {
            // The quoted packet went the other way.
            Some(quoted) if packet.is_icmp_error() => match direction {
                Direction::In => quoted.key(Direction::Out),
                Direction::Out => quoted.key(Direction::In),
            },
            _ if packet.is_icmp_error() => return None,
            _ => packet.key(direction),
        };
        self.states.iter().find(|(known, _)| *known == key)
    }

    /// What the rules say, and whether a state begins.
    fn evaluate(
        &self,
        packet: &Wire,
        direction: Direction,
        interface: &str,
        tag: &mut Option<String>,
    ) -> (Outcome, bool) {
        let mut last: Option<&Rule> = None;
        let mut logged = false;
        for rule in &self.ruleset.rules {
            if !self.matches(rule, packet, (direction, interface), tag.as_deref()) {
                continue;
            }
            if rule.tag.is_some() {
                tag.clone_from(&rule.tag);
            }
            if rule.action == Action::Match {
                logged |= rule.log;
                continue;
            }
            last = Some(rule);
            if rule.quick {
                break;
            }
        }
        let rule = last.expect("the last rule matches everything");
        let (fate, keep) = match rule.action {
            Action::Pass { keep_state } => (Fate::Pass, keep_state),
            Action::Drop | Action::Match => (Fate::Drop, false),
            Action::Reset => (Fate::Reset, false),
            Action::Unreachable => (Fate::Unreachable, false),
        };
        (Outcome { fate, logged: logged || rule.log, by: vec![rule.text.clone()] }, keep)
    }

    fn matches(&self, rule: &Rule, packet: &Wire, way: (Direction, &str), tag: Option<&str>) -> bool {
        let (direction, interface) = way;
        let stateful = rule.action == Action::Pass { keep_state: true };
        let on = rule
            .on
            .as_ref()
            .is_none_or(|(negated, names)| names.iter().any(|name| is_on(name, interface)) != *negated);
        let tagged = rule.tagged.as_ref().is_none_or(|(negated, name)| (tag == Some(name)) != *negated);
        let flags = packet.protocol != 6 || rule.flags.is_none_or(|(set, of)| packet.flags & of == set);
        let kind = |&(kind, code): &(u8, Option<u8>)| {
            packet.kind.0 == kind && code.is_none_or(|code| packet.kind.1 == code)
        };
        let reply = self.dialect == Dialect::OpenBsd && stateful && packet.is_icmp_reply();
        rule.direction.is_none_or(|only| only == direction)
            && on
            && tagged
            && flags
            && !reply
            && rule.v4.is_none_or(|v4| v4 == packet.source.is_ipv4())
            && (rule.protocols.is_empty() || rule.protocols.contains(&packet.protocol))
            && self.is_endpoint(&rule.from, packet.source, packet.source_port)
            && self.is_endpoint(&rule.to, packet.destination, packet.destination_port)
            && (rule.kinds.is_empty() || rule.kinds.iter().any(kind))
    }

    fn is_endpoint(&self, endpoint: &Endpoint, address: IpAddr, port: u16) -> bool {
        let is = |item: &Address| match item {
            // A prefix of the other family limits the rule to its own.
            Address::Net(net) => net.contains(&address),
            Address::Table(name) => self.ruleset.tables[name].iter().any(|net| net.contains(&address)),
            Address::Own => is_own(address),
            Address::OwnBroadcast => is_own_broadcast(address),
        };
        let of_family = |item: &Address| match item {
            Address::Net(net) => net.addr().is_ipv4() == address.is_ipv4(),
            Address::Table(_) | Address::Own | Address::OwnBroadcast => true,
        };
        let addresses = &endpoint.addresses;
        (addresses.is_empty() || addresses.iter().any(|item| of_family(item) && is(item) != endpoint.negated))
            && (endpoint.ports.is_empty()
                || endpoint.ports.iter().any(|&(first, last)| (first..=last).contains(&port)))
    }
}

/// `lo` is the group of `lo0`.
fn is_on(name: &str, interface: &str) -> bool {
    name == interface || (name == "lo" && interface == "lo0")
}
