//! Matches into conditions on packets.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::clauses::{Doubts, clauses, needs};
use super::comparisons::{Target, all_values, target};
use super::fields::Field;
use super::syntax::{Comparison, Expr, Match};
use super::values::{Names, Unknown};
use crate::packet::IntervalSet;
use crate::readback::Conditions;
use crate::readback::clause::{Clause, all_of};
use crate::readback::conditions::Occurrences;

/// The values that are meant, if they are known.
pub(super) type Known = Result<IntervalSet<u128>, Unknown>;

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
    /// What sets hold, by table, name and the field that is looked up in them.
    pub(super) sets: BTreeMap<(usize, Box<str>, Field), Known>,
}

/// The condition of one match, numbered when it is needed first.
pub(super) struct Doubt<'d, 'm> {
    matcher: &'d mut Matcher<'m>,
    text: &'d dyn Display,
    holds: bool,
    clause: Option<Clause>,
}

impl<'d, 'm> Doubt<'d, 'm> {
    /// The condition of a text, and whether it must hold.
    pub(super) fn new(matcher: &'d mut Matcher<'m>, text: &'d dyn Display, holds: bool) -> Self {
        Self { matcher, text, holds, clause: None }
    }
}

impl Doubts for Doubt<'_, '_> {
    fn value(&mut self) -> Clause {
        let made = || self.matcher.unknown(&self.text.to_string(), Unknown::Always, self.holds);
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

    /// Packets that meet both; where that is too much to tell apart a condition stands for the second.
    pub(super) fn both(&mut self, first: &[Clause], second: &[Clause], text: &dyn Display) -> Vec<Clause> {
        match (first, second) {
            // No more than there are already, however many there are.
            ([one], many) | (many, [one]) => many.iter().filter_map(|other| one.and(other)).collect(),
            _ => all_of(first, second).unwrap_or_else(|| {
                let unknown = self.unknown(&text.to_string(), Unknown::Always, true);
                first.iter().filter_map(|clause| clause.and(&unknown)).collect()
            }),
        }
    }

    /// Every packet of the protocols that some packets have.
    pub(super) fn base(&self, so_far: &[Clause]) -> Clause {
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
        let mut values = self.compared(names, target, written)?;
        let is_negated = written.comparison == Comparison::NotEqual;
        if is_negated {
            values = all_values(target.field).subtract(&values);
        }
        let base = self.base(so_far);
        let mut doubt = Doubt::new(self, written, !is_negated);
        Ok(clauses(&base, target.field, &values, &mut doubt))
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
}
