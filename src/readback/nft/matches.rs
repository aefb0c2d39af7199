//! Matches into conditions on packets.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::clauses::{Doubts, clauses, needs};
use super::fields::Field;
use super::syntax::{Bitwise, Comparison, Element, Expr, Match, Verdict};
use super::values::{Names, Unknown, largest, scalar};
use crate::packet::IntervalSet;
use crate::readback::Conditions;
use crate::readback::clause::{Clause, all_of, none_of};
use crate::readback::conditions::Occurrences;

/// Turns matches into conditions.
pub(super) struct Matcher<'m> {
    /// Every packet.
    pub(super) every: Clause,
    /// Conditions that nobody can look into.
    pub(super) conditions: &'m mut Conditions,
    /// How often those that change were met.
    pub(super) occurrences: Occurrences,
    /// Whether marks change on the way through the ruleset.
    pub(super) marks_change: bool,
}

/// A field, or some bits of it.
#[derive(Clone, Copy)]
struct Target {
    field: Field,
    mask: Option<u128>,
}

/// The condition of one match, numbered when it is needed first.
struct Doubt<'d, 'm> {
    matcher: &'d mut Matcher<'m>,
    text: &'d dyn Display,
    holds: bool,
    why: Unknown,
    clause: Option<Clause>,
}

impl Doubts for Doubt<'_, '_> {
    fn value(&mut self) -> Clause {
        let made = || self.matcher.unknown(&self.text.to_string(), self.why, self.holds);
        self.clause.get_or_insert_with(made).clone()
    }

    fn text(&mut self, text: &str, holds: bool) -> Clause {
        self.matcher.unknown(text, Unknown::Always, holds)
    }
}

/// Nothing is in doubt where all values of a field are meant.
struct NoDoubt<'d>(&'d Clause);

impl Doubts for NoDoubt<'_> {
    fn value(&mut self) -> Clause {
        self.0.clone()
    }

    fn text(&mut self, _: &str, _: bool) -> Clause {
        self.0.clone()
    }
}

impl Matcher<'_> {
    /// Packets for which a condition that nobody can look into holds, or does not.
    pub(super) fn unknown(&mut self, text: &str, why: Unknown, holds: bool) -> Clause {
        let changes = why == Unknown::Changing || self.changes(text);
        let number = if changes {
            self.conditions.changing(text, &mut self.occurrences)
        } else {
            self.conditions.number(text)
        };
        Clause { unknowns: Clause::unknown(number, holds).unknowns, ..self.every.clone() }
    }

    fn changes(&self, text: &str) -> bool {
        let is_marked = || text.contains("meta mark") || text.contains("ct mark");
        text.contains("numgen") || text.contains("meta random") || (self.marks_change && is_marked())
    }

    /// The packets of a match among some that have come so far. Of those that cannot be among them it may say anything.
    pub(super) fn matched(&mut self, so_far: &[Clause], names: Names<'_>, written: &Match) -> Vec<Clause> {
        let known = match (&written.left, target(&written.left)) {
            (_, Some(target)) => self.field(so_far, names, target, written),
            (Expr::Concat(parts), _) => self.concat(so_far, names, parts, written),
            _ => Err(Unknown::Always),
        };
        known.unwrap_or_else(|why| self.doubtful(written, why))
    }

    /// Every packet of the protocols that some packets have.
    fn base(&self, so_far: &[Clause]) -> Clause {
        let transport = match so_far {
            [only] => only.transport.clone(),
            several => IntervalSet::union_of(several.iter().map(|clause| &clause.transport)),
        };
        Clause { transport, ..self.every.clone() }
    }

    /// A match that is not understood: packets that have what it looks at, and one condition.
    fn doubtful(&mut self, written: &Match, why: Unknown) -> Vec<Clause> {
        let holds = written.comparison != Comparison::NotEqual;
        let unknown = self.unknown(&written.to_string(), why, holds);
        all_of(&self.needs(&written.left), std::slice::from_ref(&unknown)).unwrap_or_else(|| vec![unknown])
    }

    fn field(
        &mut self,
        so_far: &[Clause],
        names: Names<'_>,
        target: Target,
        written: &Match,
    ) -> Result<Vec<Clause>, Unknown> {
        let mut values = compared(names, target, written)?;
        let is_negated = written.comparison == Comparison::NotEqual;
        if is_negated {
            values = all_values(target.field).subtract(&values);
        }
        let base = self.base(so_far);
        let mut doubt =
            Doubt { matcher: self, text: written, holds: !is_negated, why: Unknown::Always, clause: None };
        Ok(clauses(&base, target.field, &values, &mut doubt))
    }

    fn concat(
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
                let mut doubt =
                    Doubt { matcher: self, text: &text, holds: true, why: Unknown::Always, clause: None };
                met = all_of(&met, &clauses(&base, *field, values, &mut doubt)).unwrap_or_default();
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
        if is_any || values.len() != parts.len() {
            return vec![base.clone()];
        }
        let mut met = vec![base.clone()];
        for (part, value) in parts.iter().zip(values) {
            let written = Match { left: part.clone(), comparison: Comparison::Equal, right: value.clone() };
            let part = self.matched(&met, names, &written);
            met = all_of(&met, &part).unwrap_or(met);
        }
        met
    }

    /// Packets that have what an expression looks at.
    pub(super) fn needs(&self, expr: &Expr) -> Vec<Clause> {
        match expr {
            Expr::Field(field) => {
                clauses(&self.every, *field, &all_values(*field), &mut NoDoubt(&self.every))
            }
            Expr::Selector(text) => vec![needs(&self.every, text)],
            Expr::Binary(_, parts) => self.needs_all(parts.iter()),
            Expr::Concat(parts) => self.needs_all(parts.iter()),
            Expr::Lookup(parts) => self.needs_all(parts.iter().take(1)),
            _ => vec![self.every.clone()],
        }
    }

    fn needs_all<'e>(&self, parts: impl Iterator<Item = &'e Expr>) -> Vec<Clause> {
        let every = vec![self.every.clone()];
        parts.fold(every, |met, part| all_of(&met, &self.needs(part)).unwrap_or(met))
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

impl Target {
    fn whole(self) -> Option<Field> {
        self.mask.is_none().then_some(self.field)
    }
}

fn target(expr: &Expr) -> Option<Target> {
    match expr {
        Expr::Field(field) => Some(Target { field: *field, mask: None }),
        Expr::Binary(Bitwise::And, parts) => match &**parts {
            [Expr::Field(field), mask] => Some(Target { field: *field, mask: Some(scalar(*field, mask)?) }),
            _ => None,
        },
        _ => None,
    }
}

fn all_values(field: Field) -> IntervalSet<u128> {
    IntervalSet::range(0, largest(field))
}

/// The values that a match compares with, without regard to whether it wants them or all others.
fn compared(names: Names<'_>, target: Target, written: &Match) -> Result<IntervalSet<u128>, Unknown> {
    let Target { field, mask } = target;
    let one = |expr| scalar(field, expr).ok_or(Unknown::Always);
    let is_loose = written.comparison == Comparison::Implicit && mask.is_none();
    let values = match (&written.right, written.comparison) {
        (Expr::Masked(parts), _) => {
            let [value, bits] = &**parts;
            return masked(field, one(bits)?, &IntervalSet::single(one(value)?));
        }
        (right, Comparison::Without) => return masked(field, one(right)?, &IntervalSet::single(0)),
        (right, Comparison::Less) => IntervalSet::range(one(right)?, u128::MAX).complement(),
        (right, Comparison::AtMost) => IntervalSet::range(0, one(right)?),
        (right, Comparison::Greater) => IntervalSet::range(0, one(right)?).complement(),
        (right, Comparison::AtLeast) => IntervalSet::range(one(right)?, largest(field)),
        (Expr::Word(_) | Expr::List(_) | Expr::Binary(..), _) if field.is_bits() && is_loose => {
            let none = masked(field, one(&written.right)?, &IntervalSet::single(0))?;
            return Ok(all_values(field).subtract(&none));
        }
        (Expr::List(_), _) if field.is_bits() => IntervalSet::single(one(&written.right)?),
        (right, _) => names.values(field, right)?,
    };
    let values = values.intersect(&all_values(field));
    match mask {
        None => Ok(values),
        Some(mask) => masked(field, mask, &values),
    }
}

/// The values whose bits in a mask are one of some values.
fn masked(field: Field, mask: u128, wanted: &IntervalSet<u128>) -> Result<IntervalSet<u128>, Unknown> {
    if field.bits() <= 16 && !field.is_interface() {
        let met = (0..=largest(field)).filter(|value| wanted.contains(value & mask));
        return Ok(IntervalSet::from_intervals(met.map(|value| (value, value))));
    }
    let hosts = largest(field) & !mask;
    let is_prefix = hosts & hosts.wrapping_add(1) == 0;
    if field.is_interface() || !is_prefix {
        return Err(Unknown::Always);
    }
    let up = |first: u128| first.checked_add(hosts).map(|sum| sum & !hosts);
    let span = |&(first, last): &(u128, u128)| up(first).map(|first| (first, (last & !hosts) | hosts));
    let spans = wanted.intervals().iter().filter(|(first, last)| up(*first).is_some_and(|up| up <= *last));
    Ok(IntervalSet::from_intervals(spans.filter_map(span)))
}

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
