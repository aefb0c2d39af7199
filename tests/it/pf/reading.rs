//! The reader of pf.conf says of every packet what the simulated machine does with it.

use mailward::packet::{Family, Hook, Packet, State, Unknowns};
use mailward::readback::{Conditions, Effect, Fate, InterfaceTable, Meaning, Step, pf};
use mailward::render::Dialect;
use mailward::source::{SourceFile, Sources};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::machine::{self, Machine, Path, Wire, is_own, is_own_broadcast};
use super::traffic::Pool;
use super::{DIALECTS, linux, packets_on_ways, try_render};
use crate::shipped;

/// A ruleset as read, with what its numbers stand for.
struct Reading {
    meaning: Meaning,
    interfaces: InterfaceTable,
    conditions: Conditions,
}

impl Reading {
    fn new(text: &str, dialect: Dialect) -> Self {
        let dialect = match dialect {
            Dialect::OpenBsd => pf::Dialect::OpenBsd,
            Dialect::FreeBsd => pf::Dialect::FreeBsd,
        };
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("pf.conf".to_owned(), text.to_owned(), None));
        let ruleset = pf::parse(&[(file, text)], dialect).unwrap_or_else(|why| panic!("{why:#?}\n{text}"));
        let interfaces = InterfaceTable::new(ruleset.interfaces());
        let mut conditions = Conditions::default();
        let meaning = ruleset.meaning(&interfaces, &mut conditions).expect("not too large");
        Self { meaning, interfaces, conditions }
    }

    /// The number of an interface; the last one for any that the ruleset does not name.
    fn interface(&self, name: &str) -> u16 {
        let name = if name == "lo0" { "lo" } else { name };
        let mut numbers = 0..64;
        numbers.find(|&number| self.interfaces.name(number).as_deref() == Some(name)).unwrap_or(u16::MAX)
    }

    fn packet(&self, wire: &Wire, path: &Path, state: State) -> Packet {
        let (hook, incoming, outgoing) = match path {
            Path::Input(from) => (Hook::Input, self.interface(from), 0),
            Path::Output(to) => (Hook::Output, 0, self.interface(to)),
            Path::Forward(from, to) => (Hook::Forward, self.interface(from), self.interface(to)),
        };
        let lower = match wire.protocol {
            1 | 58 => u32::from(wire.kind.0) << 8 | u32::from(wire.kind.1),
            6 | 17 => u32::from(wire.destination_port),
            _ => 0,
        };
        let holding = self.conditions.iter().filter(|(_, text)| match *text {
            "from (self)" => is_own(wire.source),
            "to (self)" => is_own(wire.destination),
            "from (self:broadcast)" => is_own_broadcast(wire.source),
            "to (self:broadcast)" => is_own_broadcast(wire.destination),
            other => panic!("nothing is left open: {other}"),
        });
        Packet {
            hook,
            family: if wire.source.is_ipv4() { Family::V4 } else { Family::V6 },
            state,
            incoming,
            outgoing,
            source: mailward::model::number(wire.source),
            destination: mailward::model::number(wire.destination),
            transport: u32::from(wire.protocol) << 16 | lower,
            source_port: wire.source_port,
            unknowns: Unknowns::of(holding.map(|(number, _)| (number, true))).expect("each once"),
        }
    }

    /// The step that decides, and whether the packet is logged.
    fn decide(&self, packet: &Packet) -> (&Step, bool) {
        let mut logged = false;
        for step in self.meaning.steps.iter().filter(|step| step.cube.contains(packet)) {
            match step.effect {
                Effect::Log(_) => logged = true,
                Effect::Decide(_) => return (step, logged),
            }
        }
        panic!("nothing decides {packet:?}")
    }
}

fn fate(fate: machine::Fate, family: Family) -> Fate {
    match (fate, family) {
        (machine::Fate::Pass, _) => Fate::Accept,
        (machine::Fate::Drop, _) => Fate::Drop,
        (machine::Fate::Reset, _) => Fate::Reset,
        (machine::Fate::Unreachable, Family::V4) => Fate::Refuse { kind: 3, code: 13 },
        (machine::Fate::Unreachable, Family::V6) => Fate::Refuse { kind: 1, code: 1 },
    }
}

/// The state that rules are asked about: TCP that opens a connection or is in the middle of one, and all others.
fn asked(wire: &Wire) -> Option<State> {
    match (wire.protocol, linux::state(wire)) {
        (6, State::Invalid) => None,
        (6, state) => Some(state),
        _ => Some(State::New),
    }
}

fn check(reading: &Reading, machine: &mut Machine, wire: &Wire, path: &Path) {
    let Some(state) = asked(wire) else { return };
    machine.forget();
    let outcome = machine.send(wire, path);
    let packet = reading.packet(wire, path, state);
    let (step, logged) = reading.decide(&packet);
    let wanted = Effect::Decide(fate(outcome.fate, packet.family));
    assert_eq!(
        (step.effect, logged),
        (wanted, outcome.logged),
        "{wire:?}\non {path:?}: {step:?}\n{outcome:#?}"
    );
    if outcome.fate == machine::Fate::Pass && state == State::New {
        check_answer(reading, machine, wire, path);
    }
}

/// The answer, where there is one: errors have none, and answers are not answered.
fn check_answer(reading: &Reading, machine: &mut Machine, wire: &Wire, path: &Path) {
    let is_query = matches!((wire.protocol, wire.kind.0), (1, 8) | (58, 128));
    if matches!(wire.protocol, 1 | 58) && !is_query {
        return;
    }
    let answer = wire.answer();
    let back = match path.clone() {
        Path::Input(interface) => Path::Output(interface),
        Path::Output(interface) => Path::Input(interface),
        Path::Forward(from, to) => Path::Forward(to, from),
    };
    if !linux::reaches(&answer, &back) {
        return;
    }
    let outcome = machine.send(&answer, &back);
    let (step, _) = reading.decide(&reading.packet(&answer, &back, State::Established));
    let wanted = if answer.source.is_ipv4() { Family::V4 } else { Family::V6 };
    let wanted = Effect::Decide(fate(outcome.fate, wanted));
    assert_eq!(step.effect, wanted, "answer {answer:?}\non {back:?}: {step:?}\n{outcome:#?}");
}

#[test]
fn shipped_rulesets_are_read_as_they_work() {
    for name in shipped::NAMES {
        let (policy, sources) = shipped::policy(name);
        let packets = packets_on_ways(&Pool::of(&policy), 4_000);
        let packets = packets.new_tree(&mut TestRunner::deterministic()).expect("packets").current();
        for dialect in DIALECTS {
            let text =
                try_render(&policy, &sources, dialect).unwrap_or_else(|why| panic!("{name}: {why:#?}"));
            let (reading, mut machine) = (Reading::new(&text, dialect), Machine::new(&text, dialect));
            for (wire, path) in packets.iter().filter(|(wire, path)| linux::reaches(wire, path)) {
                check(&reading, &mut machine, wire, path);
            }
        }
    }
}
