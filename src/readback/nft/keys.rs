//! Several fields side by side, and maps from keys to verdicts.

use std::collections::BTreeMap;

use super::clauses::clauses;
use super::comparisons::{Target, target};
use super::fields::Field;
use super::matches::{Doubt, Matcher};
use super::syntax::{Comparison, Element, Expr, Match, Verdict};
use super::values::{Names, Unknown};
use crate::packet::IntervalSet;
use crate::readback::clause::{Clause, all_of, none_of};

impl Matcher<'_> {
    /// Packets in which several fields, taken together, are among some keys.
    pub(super) fn concat(
        &mut self,
        so_far: &[Clause],
        names: Names<'_>,
        parts: &[Expr],
        written: &Match,
    ) -> Result<Vec<Clause>, Unknown> {
        let single;
        let elements = match &written.right {
            Expr::Concat(_) => {
                single = Element { key: written.right.clone(), verdict: None };
                vec![&single]
            }
            set => names.elements(set)?,
        };
        let rows: Vec<&Expr> = elements.iter().map(|element| &element.key).collect();
        let met = self.rows(so_far, names, parts, &rows);
        if written.comparison != Comparison::NotEqual {
            return Ok(met);
        }
        let others = none_of(&met).ok_or(Unknown::Always)?;
        all_of(&others, &self.needs(&written.left)).ok_or(Unknown::Always)
    }

    /// Packets that meet one of some keys: those that differ in one part only are put together first.
    fn rows(&mut self, so_far: &[Clause], names: Names<'_>, parts: &[Expr], keys: &[&Expr]) -> Vec<Clause> {
        let base = self.base(so_far);
        let fields: Option<Vec<Field>> =
            parts.iter().map(|part| target(part).and_then(Target::whole)).collect();
        let Some(fields) = fields else {
            return keys.iter().flat_map(|key| self.key(&base, names, parts, key)).collect();
        };
        let (mut known, mut all) = (Vec::new(), Vec::new());
        for key in keys {
            match values_of(names, &fields, key) {
                Some(row) => known.push(row),
                None => all.extend(self.key(&base, names, parts, key)),
            }
        }
        for row in merged(known, fields.len()) {
            let mut met = vec![base.clone()];
            for ((field, part), values) in fields.iter().zip(parts).zip(&row) {
                let text = format!("{part} {}", shown(values));
                let base = self.base(&met);
                let part = clauses(&base, *field, values, &mut Doubt::new(self, &text, true));
                met = self.both(&met, &part, &text);
            }
            all.extend(met);
        }
        all
    }

    /// Packets that meet one key, part by part.
    fn key(&mut self, base: &Clause, names: Names<'_>, parts: &[Expr], key: &Expr) -> Vec<Clause> {
        let values = match key {
            Expr::Concat(values) => values.as_slice(),
            other => std::slice::from_ref(other),
        };
        let is_any = matches!(values, [Expr::Word(word)] if &**word == "*");
        if is_any {
            return vec![base.clone()];
        }
        if values.len() != parts.len() {
            let text = format!("{} {key}", Expr::Concat(parts.to_vec()));
            return vec![self.unknown(&text, Unknown::Always, true)];
        }
        let mut met = vec![base.clone()];
        for (part, value) in parts.iter().zip(values) {
            let written = Match { left: part.clone(), comparison: Comparison::Equal, right: value.clone() };
            let part = self.matched(&met, names, &written);
            met = self.both(&met, &part, &written);
        }
        met
    }

    /// What a verdict map does, key by key; no packet is in two of them.
    pub(super) fn dispatch<'e>(
        &mut self,
        so_far: &[Clause],
        names: Names<'e>,
        (left, map): (&Expr, &'e Expr),
    ) -> Vec<(Vec<Clause>, &'e Verdict)> {
        let Ok(elements) = names.elements(map) else { return self.changing_dispatch(names, left, map) };
        let (mut rows, mut keyed) = (Vec::new(), Vec::new());
        let mut rest = None;
        for element in elements {
            let Some(verdict) = &element.verdict else { continue };
            if matches!(&element.key, Expr::Word(word) if &**word == "*") {
                rest = Some(verdict);
                continue;
            }
            let written =
                Match { left: left.clone(), comparison: Comparison::Equal, right: element.key.clone() };
            let met = self.matched(so_far, names, &written);
            keyed.push(element.key.clone());
            rows.push((met, verdict));
        }
        if let Some(verdict) = rest {
            rows.push((self.rest(so_far, names, left, keyed), verdict));
        }
        rows
    }

    /// Packets that have none of some keys.
    fn rest(&mut self, so_far: &[Clause], names: Names<'_>, left: &Expr, keys: Vec<Expr>) -> Vec<Clause> {
        let elements: Vec<Element> = keys.into_iter().map(|key| Element { key, verdict: None }).collect();
        let right = Expr::Set(elements.into());
        let written = Match { left: left.clone(), comparison: Comparison::NotEqual, right };
        self.matched(so_far, names, &written)
    }

    /// A verdict map that packets change: any of its verdicts may come.
    fn changing_dispatch<'e>(
        &mut self,
        names: Names<'e>,
        left: &Expr,
        map: &'e Expr,
    ) -> Vec<(Vec<Clause>, &'e Verdict)> {
        let elements: &'e [Element] = match map {
            Expr::Named(name) => names.table.sets.get(name).map(|set| &*set.elements).unwrap_or_default(),
            Expr::Set(elements) => elements,
            _ => &[],
        };
        let mut verdicts: Vec<&Verdict> = Vec::new();
        for verdict in elements.iter().filter_map(|element| element.verdict.as_ref()) {
            if !verdicts.contains(&verdict) {
                verdicts.push(verdict);
            }
        }
        let text = format!("{left} vmap {map}");
        let mut row = |verdict| {
            let unknown = self.unknown(&text, Unknown::Changing, true);
            (all_of(&self.needs(left), &[unknown]).unwrap_or_default(), verdict)
        };
        verdicts.into_iter().map(&mut row).collect()
    }
}

/// The values of each part of a key.
fn values_of(names: Names<'_>, fields: &[Field], key: &Expr) -> Option<Vec<IntervalSet<u128>>> {
    let Expr::Concat(values) = key else { return None };
    if values.len() != fields.len() {
        return None;
    }
    fields.iter().zip(values).map(|(&field, value)| names.values(field, value).ok()).collect()
}

/// Rows of sets with those put together that differ in one column only.
fn merged(rows: Vec<Vec<IntervalSet<u128>>>, columns: usize) -> Vec<Vec<IntervalSet<u128>>> {
    (0..columns).rev().fold(rows, |rows, column| {
        let mut groups: BTreeMap<Vec<IntervalSet<u128>>, Vec<IntervalSet<u128>>> = BTreeMap::new();
        for mut row in rows {
            let own = if column < row.len() { row.remove(column) } else { IntervalSet::empty() };
            groups.entry(row).or_default().push(own);
        }
        let joined = |(mut row, own): (Vec<IntervalSet<u128>>, Vec<IntervalSet<u128>>)| {
            row.insert(column.min(row.len()), IntervalSet::union_of(&own));
            row
        };
        groups.into_iter().map(joined).collect()
    })
}

/// The text of values, for conditions.
fn shown(values: &IntervalSet<u128>) -> String {
    let one = |&(first, last): &(u128, u128)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    let all: Vec<String> = values.intervals().iter().map(one).collect();
    all.join(", ")
}
