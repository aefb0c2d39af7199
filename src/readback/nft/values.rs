//! Values of fields: what names, numbers, prefixes, ranges and sets stand for.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::fields::Field;
use super::ruleset::{Set, Table};
use super::syntax::{Bitwise, Element, Expr};
use crate::packet::{Family, IntervalSet};
use crate::readback::{InterfacePattern, InterfaceTable};

/// Why an expression has no values that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// It is not understood.
    Always,
    /// They change from packet to packet.
    Changing,
}

/// Closed intervals of values.
pub(super) type Intervals = Vec<(u128, u128)>;

/// The most elements that are looked at; variables in variables can come to more than anybody writes.
const MOST: usize = 2_000_000;

/// Where names of sets and interfaces are looked up.
#[derive(Clone, Copy)]
pub(super) struct Names<'r> {
    /// The table of the rule.
    pub(super) table: &'r Table,
    /// Its number.
    pub(super) number: usize,
    /// The interfaces.
    pub(super) interfaces: &'r InterfaceTable,
}

impl<'r> Names<'r> {
    /// The values of a field that an expression stands for.
    pub(super) fn values(self, field: Field, expr: &Expr) -> Result<IntervalSet<u128>, Unknown> {
        let mut all = Vec::new();
        self.collect(field, expr, &mut all)?;
        Ok(IntervalSet::from_intervals(all))
    }

    fn collect(self, field: Field, expr: &Expr, all: &mut Intervals) -> Result<(), Unknown> {
        if all.len() > MOST {
            return Err(Unknown::Always);
        }
        match expr {
            Expr::Set(elements) => {
                elements.iter().try_for_each(|element| self.collect(field, &element.key, all))
            }
            Expr::List(parts) => parts.iter().try_for_each(|part| self.collect(field, part, all)),
            Expr::Named(name) => {
                let elements = &self.set(name)?.elements;
                elements.iter().try_for_each(|element| self.collect(field, &element.key, all))
            }
            Expr::Word(word) if field.is_interface() && &**word != "*" => {
                let set = self.interfaces.set(&pattern(word).ok_or(Unknown::Always)?);
                all.extend(
                    set.intervals().iter().map(|&(first, last)| (u128::from(first), u128::from(last))),
                );
                Ok(())
            }
            _ => {
                all.push(interval(field, expr).ok_or(Unknown::Always)?);
                Ok(())
            }
        }
    }

    /// A set or map whose elements stay.
    pub(super) fn set(self, name: &str) -> Result<&'r Set, Unknown> {
        let set = self.table.sets.get(name).ok_or(Unknown::Changing)?;
        if set.is_changing { Err(Unknown::Changing) } else { Ok(set) }
    }

    /// The elements of a set or map, those of sets in it too.
    pub(super) fn elements<'e>(self, expr: &'e Expr) -> Result<Vec<&'e Element>, Unknown>
    where
        'r: 'e,
    {
        let mut all = Vec::new();
        self.flatten(expr, &mut all)?;
        Ok(all)
    }

    fn flatten<'e>(self, expr: &'e Expr, all: &mut Vec<&'e Element>) -> Result<(), Unknown>
    where
        'r: 'e,
    {
        let elements: &[Element] = match expr {
            Expr::Set(elements) => elements,
            Expr::Named(name) => &self.set(name)?.elements,
            _ => return Err(Unknown::Always),
        };
        for element in elements {
            match element.key {
                Expr::Set(_) if all.len() <= MOST => self.flatten(&element.key, all)?,
                _ => all.push(element),
            }
        }
        if all.len() > MOST { Err(Unknown::Always) } else { Ok(()) }
    }
}

/// The interfaces that a name stands for; none for numbers.
pub(super) fn pattern(word: &str) -> Option<InterfacePattern> {
    if word == "*" || word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Some(literal) = word.strip_suffix("\\*") {
        return Some(InterfacePattern::Name(format!("{literal}*")));
    }
    Some(match word.strip_suffix('*') {
        Some(prefix) => InterfacePattern::Prefix(prefix.to_owned()),
        None => InterfacePattern::Name(word.to_owned()),
    })
}

/// The values that one name, number, prefix or range stands for.
fn interval(field: Field, expr: &Expr) -> Option<(u128, u128)> {
    match expr {
        Expr::Word(word) if &**word == "*" => Some((0, largest(field))),
        Expr::Prefix(address, length) => {
            let length = u32::from(*length);
            if length > field.bits() {
                return None;
            }
            let hosts = largest(field).checked_shr(length).unwrap_or(0);
            let first = scalar(field, address)? & !hosts;
            Some((first, first | hosts))
        }
        Expr::Range(bounds) => {
            let [first, last] = &**bounds;
            Some((scalar(field, first)?, scalar(field, last)?))
        }
        _ => scalar(field, expr).map(|value| (value, value)),
    }
}

/// The largest value of a field.
pub(super) fn largest(field: Field) -> u128 {
    u128::MAX >> (128 - field.bits())
}

/// The number that a name, number or calculation stands for.
pub(super) fn scalar(field: Field, expr: &Expr) -> Option<u128> {
    match expr {
        Expr::Word(word) => word_value(field, word),
        Expr::Binary(operator, operands) => {
            let [left, right] = &**operands;
            let (left, right) = (scalar(field, left)?, scalar(field, right)?);
            Some(match operator {
                Bitwise::And => left & right,
                Bitwise::Or => left | right,
                Bitwise::Xor => left ^ right,
                Bitwise::Left => left.checked_shl(u32::try_from(right).ok()?)? & largest(field),
                Bitwise::Right => left.checked_shr(u32::try_from(right).ok()?)?,
            })
        }
        Expr::List(parts) if field.is_bits() => {
            parts.iter().try_fold(0, |bits, part| scalar(field, part).map(|bit| bits | bit))
        }
        _ => None,
    }
}

fn word_value(field: Field, word: &str) -> Option<u128> {
    let value = match field {
        Field::Source(Family::V4) | Field::Destination(Family::V4) => word
            .parse::<Ipv4Addr>()
            .ok()
            .map(|address| u128::from(address.to_bits()))
            .or_else(|| number(word)),
        Field::Source(Family::V6) | Field::Destination(Family::V6) => {
            word.parse::<Ipv6Addr>().ok().map(Ipv6Addr::to_bits)
        }
        Field::Incoming | Field::Outgoing => None,
        _ => number(word).or_else(|| field.symbol(word).map(u128::from)),
    };
    value.filter(|&value| value <= largest(field))
}

fn number(word: &str) -> Option<u128> {
    match word.strip_prefix("0x") {
        Some(digits) => u128::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}
