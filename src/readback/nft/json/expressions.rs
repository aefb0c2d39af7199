//! Expressions.

use serde_json::Value;

use super::objects::word;
use super::{Reader, list, single, text};
use crate::readback::nft::expressions::MOST_OPERANDS;
use crate::readback::nft::parser::Parsed;
use crate::readback::nft::selectors::{raw_selector, selector_of};
use crate::readback::nft::syntax::{Bitwise, Expr};

impl Reader<'_> {
    /// An expression.
    pub(super) fn expression(&mut self, value: &Value) -> Parsed<Expr> {
        match value {
            Value::String(text) => Ok(match text.strip_prefix('@') {
                Some(name) => Expr::Named(name.into()),
                None => Expr::word(text),
            }),
            Value::Array(parts) => Ok(Expr::List(self.expressions(parts)?)),
            Value::Object(_) => self.composed(value),
            _ => Ok(word(value)),
        }
    }

    fn expressions(&mut self, all: &[Value]) -> Parsed<Vec<Expr>> {
        all.iter().map(|one| self.expression(one)).collect()
    }

    fn composed(&mut self, value: &Value) -> Parsed<Expr> {
        let Some((name, what)) = single(value) else {
            return Err(self.problem("an expression is an object with one key"));
        };
        Ok(match name {
            "concat" => Expr::Concat(self.expressions(list(value, name))?),
            "set" => Expr::Set(self.elements(list(value, name))?.into()),
            "elem" => self.expression(what.get("val").unwrap_or(&Value::Null))?,
            "prefix" => {
                let length =
                    what.get("len").and_then(Value::as_u64).and_then(|length| u8::try_from(length).ok());
                let address = self.expression(what.get("addr").unwrap_or(&Value::Null))?;
                Expr::Prefix(Box::new(address), length.unwrap_or(u8::MAX))
            }
            "range" => Expr::Range(Box::new(self.pair(what)?)),
            "map" => {
                let key = self.expression(what.get("key").unwrap_or(&Value::Null))?;
                let data = self.expression(what.get("data").unwrap_or(&Value::Null))?;
                Expr::Lookup(Box::new([key, data]))
            }
            "|" => self.binary(Bitwise::Or, what)?,
            "&" => self.binary(Bitwise::And, what)?,
            "^" => self.binary(Bitwise::Xor, what)?,
            "<<" => self.binary(Bitwise::Left, what)?,
            ">>" => self.binary(Bitwise::Right, what)?,
            _ => selector(name, what),
        })
    }

    fn pair(&mut self, value: &Value) -> Parsed<[Expr; 2]> {
        match value.as_array().map(Vec::as_slice) {
            Some([first, last]) => Ok([self.expression(first)?, self.expression(last)?]),
            _ => Err(self.problem("a range has two ends")),
        }
    }

    fn binary(&mut self, operator: Bitwise, operands: &Value) -> Parsed<Expr> {
        let all = operands.as_array().map(Vec::as_slice).unwrap_or_default();
        if all.len() > MOST_OPERANDS {
            return Err(self.problem("an operation has fewer operands"));
        }
        let mut operands = self.expressions(all)?.into_iter();
        let first = operands.next().ok_or_else(|| self.problem("an operation has operands"))?;
        Ok(operands.fold(first, |left, right| Expr::Binary(operator, Box::new([left, right]))))
    }
}

/// Something of a packet, under the text that it has in a file.
fn selector(name: &str, what: &Value) -> Expr {
    let text = match name {
        "payload" if what.get("base").is_some() => {
            let bits = (number(what, "offset"), number(what, "len"));
            return raw_selector(format!("@ {} , {} , {}", text(what, "base"), bits.0, bits.1).into());
        }
        "payload" => return selector_of(text(what, "protocol"), text(what, "field")),
        "meta" => return selector_of("meta", text(what, "key")),
        "ct" if text(what, "dir").is_empty() => return selector_of("ct", text(what, "key")),
        "ct" => words(&["ct", text(what, "dir"), text(what, "family"), text(what, "key")]),
        "fib" => {
            let from: Vec<&str> = list(what, "flags").iter().filter_map(Value::as_str).collect();
            format!("fib {} {}", from.join(" . "), text(what, "result"))
        }
        "rt" => words(&["rt", text(what, "family"), text(what, "key")]),
        "exthdr" | "tcp option" | "ip option" | "sctp chunk" | "dccp option" => {
            let header = if name == "exthdr" { "" } else { name };
            words(&[header, text(what, "name"), text(what, "field")])
        }
        "socket" | "osf" => words(&[name, text(what, "key")]),
        "numgen" => format!("numgen {} mod {}", text(what, "mode"), number(what, "mod")),
        _ => format!("{name} {what}"),
    };
    Expr::Selector(text.trim().into())
}

fn words(words: &[&str]) -> String {
    let said: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
    said.join(" ")
}

fn number(what: &Value, name: &str) -> u64 {
    what.get(name).and_then(Value::as_u64).unwrap_or_default()
}
