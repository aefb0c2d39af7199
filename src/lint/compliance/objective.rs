//! The controls of a standard, with the checks that serve them.

use std::collections::BTreeMap;

use crate::catalog::{Basis, Control, Standard};
use crate::lint::{ALL, Check, Meta};

/// A control that a policy is held against.
#[derive(Clone)]
pub struct Objective {
    /// Its number.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// What packet rules can show of it.
    pub shows: Option<String>,
    /// What they cannot show.
    pub beyond: Option<String>,
    /// Whether packet rules can show that it is broken, and never that it holds.
    pub is_only_refuted: bool,
    /// Why nothing is said about it where no check serves it.
    pub undecidable: Option<String>,
    /// The built-in checks that serve it.
    pub checks: Vec<&'static dyn Check>,
}

/// Every control of a standard. A check serves those that it cites.
#[must_use]
pub fn objectives(standard: &Standard) -> Vec<Objective> {
    match standard.basis() {
        Basis::Control => standard.controls().iter().map(|control| numbered(standard, control)).collect(),
        Basis::Citation => cited(standard),
        Basis::Check => checks(standard).map(practice).collect(),
    }
}

fn checks(standard: &Standard) -> impl Iterator<Item = &'static dyn Check> {
    let profile = standard.profile();
    ALL.iter().copied().filter(move |check| check.meta().profiles.contains(&profile))
}

fn numbered(standard: &Standard, control: &Control) -> Objective {
    let serves = |check: &&'static dyn Check| {
        let mut parts = check.meta().sources.iter().filter_map(|source| standard.cited(source));
        parts.any(|part| control.is(part))
    };
    Objective {
        id: control.id.clone(),
        title: control.title.clone(),
        shows: control.shows.clone(),
        beyond: control.beyond.clone(),
        is_only_refuted: control.is_only_refuted,
        undecidable: control.undecidable.clone(),
        checks: checks(standard).filter(serves).collect(),
    }
}

/// Every part of a standard that a check cites, in the order of its numbers.
fn cited(standard: &Standard) -> Vec<Objective> {
    let mut parts: BTreeMap<Vec<u32>, (&str, Vec<&'static dyn Check>)> = BTreeMap::new();
    for check in checks(standard) {
        for part in check.meta().sources.iter().filter_map(|source| standard.cited(source)) {
            parts.entry(numbers(part)).or_insert((part, Vec::new())).1.push(check);
        }
    }
    parts.into_values().map(|(part, checks)| section(standard, part, checks)).collect()
}

/// A part of a work: `8314 §4.1`.
fn section(standard: &Standard, part: &str, checks: Vec<&'static dyn Check>) -> Objective {
    let number = part.split(' ').next().unwrap_or(part);
    let work = standard.controls().iter().find(|control| control.id == number);
    let looked: Vec<&str> = checks.iter().map(|check| check.meta().summary).collect();
    Objective {
        id: part.to_owned(),
        title: work.map_or_else(|| number.to_owned(), |work| work.title.clone()),
        shows: Some(format!("no case of this: {}", looked.join("; "))),
        beyond: None,
        is_only_refuted: false,
        undecidable: None,
        checks,
    }
}

fn practice(check: &'static dyn Check) -> Objective {
    let Meta { id, summary, .. } = check.meta();
    Objective {
        id: (*id).to_owned(),
        title: format!("no case of this: {summary}"),
        shows: None,
        beyond: None,
        is_only_refuted: false,
        undecidable: None,
        checks: vec![check],
    }
}

/// The numbers in a text, by which parts are sorted; letters count as numbers too.
fn numbers(part: &str) -> Vec<u32> {
    let words = part.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let number = |word: &str| word.parse().unwrap_or_else(|_| word.chars().map(u32::from).sum());
    words.map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_sorted_by_their_numbers() {
        assert!(numbers("8314 §3.2") < numbers("8314 §4.1"));
        assert!(numbers("8314 §4.1") < numbers("8314 §4.10"));
        assert!(numbers("1122 §3.2.1.3") < numbers("8314"));
    }
}
