//! Statements.

use serde_json::Value;

use super::{Reader, list, single, text};
use crate::readback::nft::parser::Parsed;
use crate::readback::nft::statements::is_mark;
use crate::readback::nft::syntax::{
    Comparison, Destination, Limit, Match, Memory, Reject, Statement, Verdict,
};

impl Reader<'_> {
    /// What one item of a rule comes to.
    pub(super) fn statement(&mut self, value: &Value) -> Parsed<Vec<Statement>> {
        // What nft has no JSON for it prints as text.
        if let Value::String(text) = value {
            let file = self.file;
            #[expect(
                clippy::redundant_closure_for_method_calls,
                reason = "the method alone is of one lifetime"
            )]
            let rule = self.reading.text(file, text, |parser| parser.rule())?;
            return Ok(rule.statements);
        }
        let Some((name, what)) = single(value) else {
            return Err(self.problem("a statement is an object with one key"));
        };
        Ok(self.named(name, what)?.into_iter().collect())
    }

    fn named(&mut self, name: &str, what: &Value) -> Parsed<Option<Statement>> {
        let statement = match name {
            "match" => Statement::Match(self.matching(what)?),
            "vmap" => {
                let key = self.expression(what.get("key").unwrap_or(&Value::Null))?;
                Statement::Dispatch(key, self.expression(what.get("data").unwrap_or(&Value::Null))?)
            }
            "log" => Statement::Log,
            "limit" => limit(what),
            "quota" => quota(what),
            "ct count" => Statement::Sometimes(count("ct count", what)),
            "reject" => Statement::Reject(reject(what)),
            "mangle" => {
                let key = self.expression(what.get("key").unwrap_or(&Value::Null))?;
                self.reading.tables.marks |= is_mark(&key);
                Statement::Touches(key)
            }
            "set" | "meter" => self.memory(what)?,
            "snat" | "dnat" | "masquerade" | "redirect" => Statement::Translate,
            "tproxy" => Statement::Sometimes(format!("tproxy {what}").into()),
            "synproxy" | "fwd" => Statement::Anything(format!("{name} {what}").into()),
            "xt" => xtables(what),
            "counter" | "comment" | "notrack" | "dup" | "flow" | "last" | "ct helper" | "ct timeout"
            | "ct expectation" | "secmark" | "reset" => return Ok(None),
            _ => match self.verdict_named(name, what)? {
                Some(verdict) => Statement::Verdict(verdict),
                None => Statement::Foreign(format!("{name} {what}").into()),
            },
        };
        Ok(Some(statement))
    }

    /// A verdict; none for anything else that a map may hold.
    pub(super) fn verdict(&mut self, value: &Value) -> Parsed<Option<Verdict>> {
        match single(value) {
            Some((name, what)) => self.verdict_named(name, what),
            None => Ok(None),
        }
    }

    fn verdict_named(&mut self, name: &str, what: &Value) -> Parsed<Option<Verdict>> {
        let to = || Destination::Chain(text(what, "target").into());
        Ok(Some(match name {
            "accept" => Verdict::Accept,
            "drop" => Verdict::Drop,
            "continue" => Verdict::Continue,
            "return" => Verdict::Return,
            "jump" => Verdict::Jump(to()),
            "goto" => Verdict::Goto(to()),
            "queue" => Verdict::Queue(self.queue(what)?),
            _ => return Ok(None),
        }))
    }

    /// As a file would say it.
    fn queue(&mut self, what: &Value) -> Parsed<Box<str>> {
        let flags: Vec<&str> = list(what, "flags").iter().filter_map(Value::as_str).collect();
        let mut said = "queue".to_owned();
        if !flags.is_empty() {
            said = format!("{said} flags {}", flags.join(" , "));
        }
        if let Some(number) = what.get("num") {
            let number = self.expression(number)?.to_string().replace('-', " - ");
            said = format!("{said} to {number}");
        }
        Ok(said.into())
    }

    fn matching(&mut self, what: &Value) -> Parsed<Match> {
        let left = self.expression(what.get("left").unwrap_or(&Value::Null))?;
        let right = self.expression(what.get("right").unwrap_or(&Value::Null))?;
        let comparison = match text(what, "op") {
            "==" => Comparison::Equal,
            "!=" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::AtMost,
            ">" => Comparison::Greater,
            ">=" => Comparison::AtLeast,
            "!" => Comparison::Without,
            _ => Comparison::Implicit,
        };
        Ok(Match { left, comparison, right })
    }

    fn memory(&mut self, what: &Value) -> Parsed<Statement> {
        let key = what.get("elem").or_else(|| what.get("key")).unwrap_or(&Value::Null);
        let key = self.expression(key)?;
        let mut conditions = Vec::new();
        for condition in list(what, "stmt") {
            conditions.append(&mut self.statement(condition)?);
        }
        let set = what.get("set").or_else(|| what.get("name")).and_then(Value::as_str).unwrap_or_default();
        let operation = what.get("op").and_then(Value::as_str).unwrap_or("meter");
        Ok(Statement::Remember(Memory::new(operation, set.trim_start_matches('@'), key, &conditions)))
    }
}

fn limit(what: &Value) -> Statement {
    let Some(rate) = what.get("rate").and_then(Value::as_u64) else {
        return Statement::Sometimes(format!("limit name {}", what.as_str().unwrap_or_default()).into());
    };
    let burst = what.get("burst").and_then(Value::as_u64).map(|burst| (burst, text(what, "burst_unit")));
    let is_over = what.get("inv").and_then(Value::as_bool).unwrap_or_default();
    Statement::Limit(Limit::new((rate, text(what, "rate_unit"), text(what, "per")), burst, is_over))
}

fn quota(what: &Value) -> Statement {
    let text = match what.as_str() {
        Some(name) => format!("quota name {name}").into(),
        None => count("quota", what),
    };
    Statement::Sometimes(text)
}

/// `ct count over 10`, `quota over 1 mbytes`
fn count(name: &str, what: &Value) -> Box<str> {
    let over = if what.get("inv").and_then(Value::as_bool).unwrap_or_default() { " over" } else { "" };
    let number = what.get("val").and_then(Value::as_u64).unwrap_or_default();
    format!("{name}{over} {number} {}", text(what, "val_unit")).trim_end().into()
}

fn reject(what: &Value) -> Reject {
    match (text(what, "type"), text(what, "expr")) {
        ("tcp reset", _) => Reject::TcpReset,
        ("", _) => Reject::Plain,
        (kind, "") => Reject::Icmp(kind.into(), number_of(what).into()),
        (kind, code) => Reject::Icmp(kind.into(), code.into()),
    }
}

fn number_of(what: &Value) -> String {
    what.get("expr")
        .and_then(Value::as_u64)
        .map_or_else(|| "port-unreachable".to_owned(), |code| code.to_string())
}

fn xtables(what: &Value) -> Statement {
    let (kind, name) = (text(what, "type"), text(what, "name"));
    match (kind, name) {
        ("target", "LOG" | "NFLOG") => Statement::Log,
        ("match", _) => Statement::Foreign(format!("xt match {name}").into()),
        _ => Statement::Anything(format!("xt {kind} {name}").into()),
    }
}
