//! The flags of TCP: what is known of a packet is whether it is a SYN.

use std::collections::BTreeSet;

use super::clauses::Doubts;
use super::fields::tcp_flag_names;
use crate::packet::{IntervalSet, State, States, TCP, transports};
use crate::readback::clause::Clause;

/// Values of the flags.
type Flags = IntervalSet<u128>;

/// FIN, SYN, RST and ACK, of which a SYN has only the second (RFC 9293 §3.5).
const OPENING_MASK: u128 = 0x17;
/// SYN.
const SYN: u128 = 0x02;

/// Packets whose flags have one of some values.
pub(super) fn clauses(every: &Clause, values: &Flags, doubts: &mut dyn Doubts) -> Vec<Clause> {
    let tcp = Clause { transport: transports(TCP, &IntervalSet::full()), ..every.clone() };
    if all().is_subset(values) {
        return vec![tcp];
    }
    let (opening, other): (Vec<u128>, Vec<u128>) = (0..=0xff).partition(|flags| flags & OPENING_MASK == SYN);
    let syns: Vec<State> = State::ALL.into_iter().filter(|state| state.is_syn()).collect();
    let syns = States::of(&syns);
    let mut met = Vec::new();
    for (states, flags) in [(syns, opening), (States::ANY.subtract(syns), other)] {
        let held = flags.iter().filter(|&&flags| values.contains(flags)).count();
        let exact = Clause { states, ..tcp.clone() };
        if held == flags.len() {
            met.push(exact);
        } else if held > 0 {
            met.extend(exact.and(&doubt(values, doubts)));
        }
    }
    met
}

fn all() -> Flags {
    IntervalSet::range(0, 0xff)
}

/// The condition that the flags are among some values, or that they are not: a packet without flags does not meet it, so
/// that opposites are one condition.
fn doubt(values: &Flags, doubts: &mut dyn Doubts) -> Clause {
    let holds = !values.contains(0);
    let met = if holds { values.clone() } else { all().subtract(values) };
    doubts.text(&format!("tcp flags {}", text(&met)), holds)
}

/// What values have in common: `syn / syn,rst` where it is certain bits of some, and all values otherwise.
fn text(values: &Flags) -> String {
    let counts = |bit: &u128| {
        let flipped = IntervalSet::from_intervals(
            (0..=0xff).filter(|flags| values.contains(flags ^ bit)).map(|flags| (flags, flags)),
        );
        flipped != *values
    };
    let mask: u128 = (0..8).map(|shift| 1 << shift).filter(counts).sum();
    let met = bits_of(values, mask);
    let missed = bits_of(&all().subtract(values), mask);
    match (&*met, &*missed) {
        ([only], _) if *only == mask && mask.is_power_of_two() => names(mask, "|"),
        ([only], _) => format!("{} / {}", names(*only, ","), names(mask, ",")),
        // Any of them, as a list means it.
        (_, [0]) => names(mask, ","),
        (_, [only]) => format!("!= {} / {}", names(*only, ","), names(mask, ",")),
        _ => {
            let each: Vec<String> = met.iter().map(|flags| names(*flags, "|")).collect();
            format!("{{ {} }} / {}", each.join(", "), names(mask, ","))
        }
    }
}

/// What some values have of certain bits, each once.
fn bits_of(values: &Flags, mask: u128) -> Vec<u128> {
    let of_each: BTreeSet<u128> =
        (0..=0xff).filter(|flags| values.contains(*flags)).map(|flags| flags & mask).collect();
    of_each.into_iter().collect()
}

fn names(flags: u128, between: &str) -> String {
    let held = tcp_flag_names().filter(|&(_, bit)| flags & u128::from(bit) != 0);
    let names: Vec<&str> = held.map(|(name, _)| name).collect();
    if names.is_empty() { "0".to_owned() } else { names.join(between) }
}
