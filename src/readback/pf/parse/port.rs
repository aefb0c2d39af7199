//! Ports, and what compares numbers in the same way: users and groups.

use super::Parser;
use crate::packet::IntervalSet;
use crate::readback::names;
use crate::readback::pf::{lexer::Token, problem};
use crate::source::Diagnostic;

/// Accounts that all systems have (`master.passwd`, `group`), so that names and printed numbers are one condition.
const USERS: &[(&str, u32)] = &[("root", 0), ("daemon", 1), ("operator", 2), ("bin", 3), ("nobody", 32767)];
const GROUPS: &[(&str, u32)] =
    &[("wheel", 0), ("daemon", 1), ("kmem", 2), ("sys", 3), ("tty", 4), ("operator", 5), ("bin", 7)];

/// Whose number is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Account {
    User,
    Group,
}

impl Parser<'_> {
    /// Ports: one or a list.
    pub(super) fn ports(&mut self) -> Result<IntervalSet<u16>, Diagnostic> {
        let mut all = IntervalSet::empty();
        self.list(|parser| {
            all = all.union(&parser.port_item()?);
            Ok(())
        })?;
        Ok(all)
    }

    fn port_item(&mut self) -> Result<IntervalSet<u16>, Diagnostic> {
        if let Some(operator) = self.comparison()? {
            let port = self.port()?;
            return Ok(compared(operator, port));
        }
        let (first, last) = self.port_or_range()?;
        let Token::Operator(operator @ ("><" | "<>")) = *self.peek()? else {
            if last.is_some_and(|last| last < first) {
                return Err(problem(self.last, "a range of ports that ends before it begins"));
            }
            return Ok(IntervalSet::range(first, last.unwrap_or(first)));
        };
        self.take()?;
        let end = self.port()?;
        let is_wrong = if operator == "><" { first >= end } else { first > end };
        if is_wrong || last.is_some() {
            return Err(problem(self.last, "no such range of ports"));
        }
        Ok(match operator {
            "><" => compared(">", first).intersect(&compared("<", end)),
            _ => compared("<", first).union(&compared(">", end)),
        })
    }

    /// `=`, `!=`, `<`, `<=`, `>` or `>=`, if one comes next.
    fn comparison(&mut self) -> Result<Option<&'static str>, Diagnostic> {
        let found = match self.peek()? {
            Token::Operator(operator @ ("!=" | "<=" | ">=")) => Some(*operator),
            Token::Sign('=') => Some("="),
            Token::Sign('<') => Some("<"),
            Token::Sign('>') => Some(">"),
            _ => None,
        };
        if found.is_some() {
            self.take()?;
        }
        Ok(found)
    }

    /// One port.
    pub(super) fn port(&mut self) -> Result<u16, Diagnostic> {
        match self.port_or_range()? {
            (port, None) => Ok(port),
            _ => Err(problem(self.last, "a range of ports where one port should be")),
        }
    }

    /// A port, or two with `:` between.
    pub(super) fn port_or_range(&mut self) -> Result<(u16, Option<u16>), Diagnostic> {
        let text = match self.peek()? {
            Token::Text(text) => text.clone(),
            Token::Number(number) => number.to_string(),
            _ => return self.unexpected("a port"),
        };
        self.take()?;
        let (first, last) = text.split_once(':').map_or((&*text, None), |(one, two)| (one, Some(two)));
        let known = |name: &str| {
            let port = if name.starts_with(|c: char| c.is_ascii_digit()) {
                name.parse().ok()
            } else {
                names::port(name)
            };
            port.ok_or_else(|| problem(self.last, format!("`{name}` is no port")))
        };
        Ok((known(first)?, last.map(known).transpose()?))
    }

    /// Users or groups, each as a text such as `user = 3`.
    pub(super) fn accounts(&mut self, account: Account) -> Result<Vec<String>, Diagnostic> {
        let mut all = Vec::new();
        self.list(|parser| {
            all.push(parser.account_item(account)?);
            Ok(())
        })?;
        Ok(all)
    }

    fn account_item(&mut self, account: Account) -> Result<String, Diagnostic> {
        let word = if account == Account::User { "user" } else { "group" };
        if let Some(operator) = self.comparison()? {
            let name = self.account(account)?;
            if name == "unknown" && !matches!(operator, "=" | "!=") {
                return Err(problem(self.last, "`unknown` is compared with `=` and `!=` only"));
            }
            return Ok(format!("{word} {operator} {name}"));
        }
        let first = self.account(account)?;
        let Token::Operator(operator @ ("><" | "<>")) = *self.peek()? else {
            return Ok(format!("{word} = {first}"));
        };
        self.take()?;
        let last = self.account(account)?;
        Ok(format!("{word} {first} {operator} {last}"))
    }

    fn account(&mut self, account: Account) -> Result<String, Diagnostic> {
        if let Token::Number(_) = self.peek()? {
            return Ok(self.number("an account", i64::from(u32::MAX) - 1)?.to_string());
        }
        let name = self.text("an account")?;
        let known = if account == Account::User { USERS } else { GROUPS };
        let number = known.iter().find(|(known, _)| *known == name).map(|(_, number)| number.to_string());
        Ok(number.unwrap_or(name))
    }
}

/// The ports that compare so with one.
fn compared(operator: &str, port: u16) -> IntervalSet<u16> {
    let below = || port.checked_sub(1).map_or_else(IntervalSet::empty, |last| IntervalSet::range(0, last));
    let above =
        || port.checked_add(1).map_or_else(IntervalSet::empty, |first| IntervalSet::range(first, u16::MAX));
    match operator {
        "!=" => below().union(&above()),
        "<" => below(),
        "<=" => IntervalSet::range(0, port),
        ">" => above(),
        ">=" => IntervalSet::range(port, u16::MAX),
        _ => IntervalSet::single(port),
    }
}
