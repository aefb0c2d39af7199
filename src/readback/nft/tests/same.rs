//! What was written, what `nft list` makes of it, and JSON mean the same.

use super::*;
use crate::packet::{Line, List, differences};
use crate::readback::Step;

/// The lines of a meaning, each effect under a number of its own.
fn lines(read: &Meaning, effects: &mut Vec<Effect>) -> List {
    let mut number = |effect| {
        let known = effects.iter().position(|known| *known == effect);
        known.unwrap_or_else(|| {
            effects.push(effect);
            effects.len() - 1
        })
    };
    let line = |(owner, step): (usize, &Step)| {
        let outcome = matches!(step.effect, Effect::Decide(_)).then(|| number(step.effect));
        Line { cube: step.cube.clone(), owner, outcome }
    };
    List::new(read.steps.iter().enumerate().map(line).collect())
}

/// Whether rulesets mean the same, and know as many conditions.
fn mean_the_same(rulesets: &[&str]) {
    let read: Vec<Ruleset> = rulesets.iter().map(|text| parsed(text).unwrap()).collect();
    let table = InterfaceTable::new(read.iter().flat_map(Ruleset::interfaces));
    let mut conditions = Conditions::default();
    let first = read[0].meaning(&table, &mut conditions).unwrap();
    let known = conditions.len();
    for other in &read[1..] {
        let mut effects = Vec::new();
        let other = other.meaning(&table, &mut conditions).unwrap();
        let found = differences(&lines(&first, &mut effects), &lines(&other, &mut effects));
        assert!(found.is_none(), "{found:?}");
        let logs =
            |meaning: &Meaning| meaning.steps.iter().filter(|s| matches!(s.effect, Effect::Log(_))).count();
        assert_eq!(logs(&first), logs(&other));
    }
    assert_eq!(conditions.len(), known, "{conditions:?}");
}

#[test]
fn text_as_written_as_listed_and_json() {
    mean_the_same(&[
        include_str!("same/written.nft"),
        include_str!("same/listed.nft"),
        include_str!("same/listed.json"),
    ]);
}

#[test]
fn numbers_and_names_are_the_same() {
    let chain = |rules: &str| {
        format!("table inet t {{ chain c {{ type filter hook input priority 0\n{rules}\n}}\n}}")
    };
    mean_the_same(&[
        &chain(
            "meta mark 0x10 drop\nfib daddr type { local, broadcast } drop\nmeta pkttype multicast drop\nct status dnat,snat drop",
        ),
        &chain("mark 16 drop\nfib daddr type { 3, 2 } drop\nmeta pkttype 2 drop\nct status snat,dnat drop"),
    ]);
}
