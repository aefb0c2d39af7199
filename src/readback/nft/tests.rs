mod commands;
mod matches;
mod same;
mod statements;
mod syntax;

use super::*;
use crate::model::number;
use crate::packet::{Family, Hook, Packet, State, TCP, Unknowns, transport};
use crate::readback::{Effect, Fate};
use crate::source::{SourceFile, Sources};

/// A ruleset that was read, and what it means.
struct Read {
    meaning: Meaning,
    conditions: Conditions,
    interfaces: InterfaceTable,
}

/// Reads a text that includes nothing.
fn parsed(text: &str) -> Result<Ruleset, Vec<Diagnostic>> {
    parse(file(text), text, &mut |path| Err(format!("there is no {path}")))
}

fn file(text: &str) -> FileId {
    Sources::default().add(SourceFile::new("rules.nft".to_owned(), text.to_owned(), None))
}

/// Reads a ruleset that is right.
fn read(text: &str) -> Read {
    let ruleset = parsed(text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    let interfaces = InterfaceTable::new(ruleset.interfaces());
    let mut conditions = Conditions::default();
    let meaning = ruleset.meaning(&interfaces, &mut conditions).unwrap();
    Read { meaning, conditions, interfaces }
}

/// A table with input and forward chains of the same rules, which accept in the end, and some things beside them.
fn table(beside: &str, rules: &str) -> Read {
    let chain = |hook: &str| {
        format!("chain {hook} {{\ntype filter hook {hook} priority filter; policy accept;\n{rules}\n}}\n")
    };
    read(&format!("table inet t {{\n{beside}\n{}{}}}\n", chain("input"), chain("forward")))
}

impl Read {
    /// What becomes of a packet, and what logs it before.
    fn decide(&self, packet: &Packet) -> (Fate, Vec<Effect>) {
        let mut logs = Vec::new();
        for step in self.meaning.steps.iter().filter(|step| step.cube.contains(packet)) {
            match step.effect {
                Effect::Log(_) => logs.push(step.effect),
                Effect::Decide(fate) => return (fate, logs),
            }
        }
        panic!("nothing decides {packet:?}")
    }

    fn fate(&self, packet: &Packet) -> Fate {
        self.decide(packet).0
    }

    /// Whether a packet meets a rule that drops.
    fn drops(&self, packet: &Packet) -> bool {
        self.fate(packet) == Fate::Drop
    }

    /// The texts of its conditions.
    fn texts(&self) -> Vec<&str> {
        self.conditions.iter().map(|(_, text)| text).collect()
    }

    /// The same packet, of which a condition holds.
    fn given(&self, text: &str, packet: &Packet) -> Packet {
        let known = self.conditions.iter().find(|(_, known)| *known == text);
        let (condition, _) = known.unwrap_or_else(|| panic!("{text} is none of {:?}", self.texts()));
        let literals = packet.unknowns.literals().iter().copied().chain([(condition, true)]);
        Packet { unknowns: Unknowns::of(literals).unwrap(), ..packet.clone() }
    }
}

/// A SYN to port 25 of 192.0.2.1 from 10.0.0.1, by an interface that nobody speaks of.
fn mail() -> Packet {
    Packet {
        hook: Hook::Input,
        family: Family::V4,
        state: State::New,
        incoming: u16::MAX,
        outgoing: u16::MAX,
        source: address("10.0.0.1"),
        destination: address("192.0.2.1"),
        transport: transport(TCP, 25),
        source_port: 40000,
        unknowns: Unknowns::none(),
    }
}

/// The same from `2001:db8::1` to `2001:db8::25`.
fn mail6() -> Packet {
    let (source, destination) = (address("2001:db8::1"), address("2001:db8::25"));
    Packet { family: Family::V6, source, destination, ..mail() }
}

/// A packet of a protocol, and what its lower half says.
fn of(protocol: u8, lower: u16, packet: Packet) -> Packet {
    Packet { transport: transport(protocol, lower), ..packet }
}

fn address(address: &str) -> u128 {
    number(address.parse().unwrap())
}

/// Whether a packet meets a match.
fn meets(matches: &str, packet: &Packet) -> bool {
    table("", &format!("{matches} drop")).drops(packet)
}
