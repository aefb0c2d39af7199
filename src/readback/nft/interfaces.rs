//! The interfaces that rules speak of.

use std::collections::BTreeSet;

use super::ruleset::{Table, Tables};
use super::syntax::{Element, Expr, Rule, Statement, Verdict};
use super::values::pattern;
use crate::readback::InterfacePattern;

/// All of them, each once.
pub(super) fn interfaces(tables: &Tables) -> Vec<InterfacePattern> {
    let mut all = BTreeSet::new();
    for table in tables.all.iter() {
        for chain in table.chains.iter() {
            in_rules(table, &chain.rules, &mut all);
        }
    }
    all.into_iter().collect()
}

fn in_rules(table: &Table, rules: &[Rule], all: &mut BTreeSet<InterfacePattern>) {
    for statement in rules.iter().flat_map(|rule| &rule.statements) {
        match statement {
            Statement::Match(written) => in_values(table, &written.left, &written.right, all),
            Statement::Dispatch(left, map) => in_values(table, left, map, all),
            Statement::Verdict(Verdict::Jump(to) | Verdict::Goto(to)) => in_rules(table, to.inline(), all),
            _ => {}
        }
    }
}

/// Interfaces among the values that something is compared with.
fn in_values(table: &Table, left: &Expr, right: &Expr, all: &mut BTreeSet<InterfacePattern>) {
    let speaks_of_interfaces = match left {
        Expr::Field(field) => field.is_interface(),
        Expr::Concat(parts) => {
            parts.iter().any(|part| matches!(part, Expr::Field(field) if field.is_interface()))
        }
        _ => false,
    };
    if !speaks_of_interfaces {
        return;
    }
    match (left, right) {
        (_, Expr::Set(elements)) => in_elements(table, left, elements, all),
        (_, Expr::Named(name)) => {
            let elements = table.sets.get(name).map(|set| set.elements.as_slice());
            in_elements(table, left, elements.unwrap_or_default(), all);
        }
        (Expr::Field(_), Expr::Word(word)) => all.extend(pattern(word)),
        (Expr::Field(_), Expr::List(words)) => {
            for word in words {
                in_values(table, left, word, all);
            }
        }
        (Expr::Concat(parts), Expr::Concat(values)) => {
            parts.iter().zip(values).for_each(|(part, value)| in_values(table, part, value, all));
        }
        _ => {}
    }
}

fn in_elements(table: &Table, left: &Expr, elements: &[Element], all: &mut BTreeSet<InterfacePattern>) {
    for element in elements {
        in_values(table, left, &element.key, all);
    }
}
