mod compare;
mod meaning;
mod sets;
mod syntax;

use super::*;
use crate::model::number;
use crate::packet::{Packet, State, TCP, Unknowns, transport};
use crate::source::{SourceFile, Sources};

/// A ruleset that was read, and what it means.
struct Read {
    meaning: Meaning,
    conditions: Conditions,
    interfaces: InterfaceTable,
}

/// Reads parts, each as a file that is called by its kind.
fn files(parts: &[(Kind, &str)]) -> (Sources, Result<Ruleset, Vec<Diagnostic>>) {
    let mut sources = Sources::default();
    let mut all = Vec::new();
    for &(kind, text) in parts {
        let file = sources.add(SourceFile::new(format!("{kind:?}"), text.to_owned(), None));
        all.push(Part { kind, file, text });
    }
    let ruleset = parse(&all);
    (sources, ruleset)
}

/// Reads parts that are right.
fn read(parts: &[(Kind, &str)]) -> Read {
    let ruleset = files(parts).1.unwrap();
    let interfaces = InterfaceTable::new(ruleset.interfaces());
    let mut conditions = Conditions::default();
    let meaning = ruleset.meaning(&interfaces, &mut conditions).unwrap();
    Read { meaning, conditions, interfaces }
}

/// A filter table of IPv4 with such lines after the built-in chains, which accept.
fn filter(lines: &str) -> String {
    format!("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n{lines}\nCOMMIT\n")
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

    /// The texts of its conditions.
    fn texts(&self) -> Vec<&str> {
        self.conditions.iter().map(|(_, text)| text).collect()
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
        source: v4("10.0.0.1"),
        destination: v4("192.0.2.1"),
        transport: transport(TCP, 25),
        source_port: 40000,
        unknowns: Unknowns::none(),
    }
}

fn v4(address: &str) -> u128 {
    number(address.parse().unwrap())
}

/// The fates of packets that meet a rule that drops, and what is not understood of it.
fn rule(rule: &str) -> Read {
    read(&[(Kind::V4, &filter(&format!("-A INPUT {rule} -j DROP\n-A FORWARD {rule} -j DROP")))])
}

/// Whether a packet meets a rule.
fn meets(text: &str, packet: &Packet) -> bool {
    rule(text).fate(packet) == Fate::Drop
}
