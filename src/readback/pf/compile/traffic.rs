//! Protocols, ports, ICMP types and TCP flags of rules.

use super::Compiler;
use crate::packet::{ICMP, ICMPV6, IntervalSet, State, States, TCP, UDP, Unknowns, every_code, transports};
use crate::readback::clause::Clause;
use crate::readback::pf::Dialect;
use crate::readback::pf::syntax::{ACK, Action, Flags, Keeping, Rule, SYN};

/// Finish and reset.
const FIN: u8 = 0x01;
const RST: u8 = 0x04;

/// ICMP and ICMPv6 types that answer another one (`pf_icmp_mapping` of OpenBSD's `pf.c`).
const REPLIES: [(u8, [u8; 4]); 2] = [(ICMP, [0, 14, 16, 18]), (ICMPV6, [129, 134, 136, 140])];

/// What TCP flags make of the packets of a flow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Whatever the flags that are not known.
    Always,
    /// Depending on those.
    Perhaps,
    /// Never.
    Never,
}

impl Compiler<'_> {
    /// Packets by what lies above addresses. Only TCP packets have flags: those of [`State::Midstream`] are TCP.
    pub(super) fn traffic(&mut self, rule: &Rule) -> Vec<Clause> {
        let mut transport = transport(rule);
        if self.dialect == Dialect::OpenBsd
            && rule.action == Action::Pass
            && rule.keeping() == Keeping::Normal
        {
            transport = transport.subtract(&replies());
        }
        let source_ports = rule.source.ports.clone().unwrap_or_else(IntervalSet::full);
        let states = States::TRACKED_NEW;
        let whole = Clause { states, transport, source_ports, ..self.every.clone() };
        let ported = self.with_other_ports(rule, whole);
        match rule.flags() {
            Some(flags) if flags.of != 0 => {
                ported.into_iter().flat_map(|clause| self.flagged(clause, flags)).collect()
            }
            _ => ported,
        }
    }

    /// Ports of protocols whose ports are not looked into become conditions.
    fn with_other_ports(&mut self, rule: &Rule, whole: Clause) -> Vec<Clause> {
        let has_ports = rule.source.ports.is_some() || rule.destination.ports.is_some();
        let others: Vec<u8> =
            rule.protocols.iter().copied().filter(|number| ![TCP, UDP].contains(number)).collect();
        if !has_ports || others.is_empty() {
            return vec![whole];
        }
        let mut all = Vec::new();
        for protocol in others {
            let ports = |ports: &Option<IntervalSet<u16>>| match ports {
                Some(ports) => format!("{:?}", ports.intervals()),
                None => "any".to_owned(),
            };
            let text = format!(
                "proto {protocol} from port {} to port {}",
                ports(&rule.source.ports),
                ports(&rule.destination.ports)
            );
            let number = self.conditions.number(&text);
            let unknowns = Unknowns::of([(number, true)]).unwrap_or_default();
            let transport = transports(protocol, &IntervalSet::full());
            all.push(Clause { states: States::NEW, transport, unknowns, ..self.every.clone() });
        }
        let ported: Vec<_> = [TCP, UDP].map(|number| transports(number, &IntervalSet::full())).into();
        let transport = whole.transport.intersect(&IntervalSet::union_of(&ported));
        if !transport.is_empty() {
            all.push(Clause { transport, ..whole });
        }
        all
    }

    /// The packets of a clause with such flags.
    fn flagged(&mut self, clause: Clause, flags: Flags) -> Vec<Clause> {
        let tcp = transports(TCP, &IntervalSet::full());
        let others = clause.transport.subtract(&tcp);
        let fits = [(State::New, fit(flags, SYN)), (State::Midstream, fit(flags, ACK))];
        let of = |wanted| {
            let states: Vec<State> =
                fits.iter().filter(|(_, fit)| *fit == wanted).map(|(state, _)| *state).collect();
            States::of(&states)
        };
        let (always, perhaps) = (of(Fit::Always), of(Fit::Perhaps));
        if always.contains(State::New) {
            // Packets without flags are in that state, too.
            return vec![Clause { states: always, ..clause }];
        }
        let mut all = Vec::new();
        let mut push = |transport: IntervalSet<u32>, states: States, unknowns: Unknowns| {
            if !transport.is_empty() && !states.is_empty() {
                all.push(Clause { states, transport, unknowns, ..clause.clone() });
            }
        };
        push(others, States::NEW, clause.unknowns.clone());
        push(clause.transport.intersect(&tcp), always, clause.unknowns.clone());
        if !perhaps.is_empty() {
            let text = format!("TCP flags {:#04x} of {:#04x}", flags.set & !KNOWN, flags.of & !KNOWN);
            let literal = Unknowns::of([(self.conditions.number(&text), true)]).unwrap_or_default();
            let unknowns = clause.unknowns.intersect(&literal).unwrap_or(literal);
            push(clause.transport.intersect(&tcp), perhaps, unknowns);
        }
        all
    }
}

/// The flags that the states of packets tell.
const KNOWN: u8 = FIN | SYN | RST | ACK;

/// Whether a packet with only that one of the known flags has what is asked for.
const fn fit(flags: Flags, has: u8) -> Fit {
    if has & flags.of & KNOWN != flags.set & KNOWN {
        Fit::Never
    } else if flags.of & !KNOWN == 0 {
        Fit::Always
    } else {
        Fit::Perhaps
    }
}

/// Protocols with what follows them.
fn transport(rule: &Rule) -> IntervalSet<u32> {
    if rule.protocols.is_empty() {
        return IntervalSet::range(0, 0xff_ffff);
    }
    let lower = |protocol: u8| match (protocol, &rule.destination.ports, &rule.options.icmp) {
        (TCP | UDP, Some(ports), _) => ports.clone(),
        (ICMP | ICMPV6, _, Some((_, kinds))) => kinds.clone(),
        _ => IntervalSet::full(),
    };
    let all: Vec<IntervalSet<u32>> =
        rule.protocols.iter().map(|&protocol| transports(protocol, &lower(protocol))).collect();
    IntervalSet::union_of(&all)
}

/// Answers of ICMP and ICMPv6.
fn replies() -> IntervalSet<u32> {
    let of = |(protocol, kinds): &(u8, [u8; 4])| kinds.map(|kind| transports(*protocol, &every_code(kind)));
    let all: Vec<IntervalSet<u32>> = REPLIES.iter().flat_map(of).collect();
    IntervalSet::union_of(&all)
}
