//! What a match compares a field with.

use super::fields::Field;
use super::matches::{Known, Matcher};
use super::syntax::{Bitwise, Comparison, Expr, Match};
use super::values::{Names, Unknown, largest, scalar};
use crate::packet::IntervalSet;

/// A field, or some bits of it.
#[derive(Clone, Copy)]
pub(super) struct Target {
    /// The field.
    pub(super) field: Field,
    mask: Option<u128>,
}

impl Target {
    /// The field, if it is all of it.
    pub(super) fn whole(self) -> Option<Field> {
        self.mask.is_none().then_some(self.field)
    }
}

/// The field that an expression looks at; none for anything else.
pub(super) fn target(expr: &Expr) -> Option<Target> {
    match expr {
        Expr::Field(field) => Some(Target { field: *field, mask: None }),
        Expr::Binary(Bitwise::And, parts) => match &**parts {
            [Expr::Field(field), mask] => Some(Target { field: *field, mask: Some(scalar(*field, mask)?) }),
            _ => None,
        },
        _ => None,
    }
}

/// Every value of a field.
pub(super) fn all_values(field: Field) -> IntervalSet<u128> {
    IntervalSet::range(0, largest(field))
}

impl Matcher<'_> {
    /// The values that a match compares with, without regard to whether it wants them or all others.
    pub(super) fn compared(&mut self, names: Names<'_>, target: Target, written: &Match) -> Known {
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
            (right, _) => self.values(names, field, right)?,
        };
        let values = values.intersect(&all_values(field));
        match mask {
            None => Ok(values),
            Some(mask) => masked(field, mask, &values),
        }
    }

    /// The values of a field that an expression stands for; those of a set are looked up once.
    fn values(&mut self, names: Names<'_>, field: Field, expr: &Expr) -> Known {
        let Expr::Named(name) = expr else { return names.values(field, expr) };
        let key = (names.number, name.clone(), field);
        if let Some(known) = self.sets.get(&key) {
            return known.clone();
        }
        let values = names.values(field, expr);
        self.sets.insert(key, values.clone());
        values
    }
}

/// The values whose bits in a mask are one of some values.
fn masked(field: Field, mask: u128, wanted: &IntervalSet<u128>) -> Known {
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
