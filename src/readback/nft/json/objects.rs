//! Tables, chains, rules and sets.

use serde_json::Value;

use super::{Reader, list, text};
use crate::readback::Fate;
use crate::readback::nft::blocks::{hook_point, priority_named};
use crate::readback::nft::parser::Parsed;
use crate::readback::nft::ruleset::{Chain, Hook, Set};
use crate::readback::nft::syntax::{Element, Expr, Rule};

impl Reader<'_> {
    pub(super) fn table(&mut self, object: &Value) -> Parsed<()> {
        let key = self.table_key(object, "name")?;
        let is_dormant = list(object, "flags").iter().any(|flag| flag == "dormant");
        if let Some(table) = self.reading.tables.all.get_mut(&key) {
            table.is_dormant |= is_dormant;
        }
        Ok(())
    }

    pub(super) fn chain(&mut self, object: &Value) -> Parsed<()> {
        let key = self.table_key(object, "table")?;
        let hook = object.get("hook").and_then(Value::as_str).map(|hook| Hook {
            kind: text(object, "type").into(),
            point: hook_point(hook),
            priority: priority(object),
        });
        let policy = match text(object, "policy") {
            "accept" => Some((Fate::Accept, self.site)),
            "drop" => Some((Fate::Drop, self.site)),
            _ => None,
        };
        let (name, site) = (text(object, "name"), self.site);
        let Some(table) = self.reading.tables.all.get_mut(&key) else { return Ok(()) };
        table.chains.add(name, || Chain::new(site));
        if let Some(chain) = table.chains.get_mut(name) {
            chain.hook = hook.or_else(|| chain.hook.take());
            chain.policy = policy.or(chain.policy);
        }
        Ok(())
    }

    pub(super) fn rule(&mut self, object: &Value, is_first: bool) -> Parsed<()> {
        let key = self.table_key(object, "table")?;
        let mut statements = Vec::new();
        for statement in list(object, "expr") {
            statements.append(&mut self.statement(statement)?);
        }
        let rule = Rule { statements, site: self.site };
        let name = text(object, "chain");
        let missing = self.problem(format!("there is no chain `{name}`"));
        let table = self.reading.tables.all.get_mut(&key);
        let chain = table.and_then(|table| table.chains.get_mut(name)).ok_or(missing)?;
        let place = if is_first { 0 } else { chain.rules.len() };
        chain.rules.insert(place, rule);
        Ok(())
    }

    pub(super) fn set(&mut self, object: &Value) -> Parsed<()> {
        let key = self.table_key(object, "table")?;
        let elements = self.elements(list(object, "elem"))?;
        let is_changing = list(object, "flags").iter().any(|flag| flag == "dynamic")
            || list(object, "stmt").iter().chain(list(object, "elem")).any(is_conditional);
        let Some(table) = self.reading.tables.all.get_mut(&key) else { return Ok(()) };
        table.sets.add(text(object, "name"), Set::default);
        if let Some(set) = table.sets.get_mut(text(object, "name")) {
            set.elements.extend(elements);
            set.is_changing |= is_changing;
        }
        Ok(())
    }

    pub(super) fn element(&mut self, object: &Value) -> Parsed<()> {
        let key = self.table_key(object, "table")?;
        let elements = self.elements(list(object, "elem"))?;
        if let Some(set) =
            self.reading.tables.all.get_mut(&key).and_then(|t| t.sets.get_mut(text(object, "name")))
        {
            set.elements.extend(elements);
        }
        Ok(())
    }

    /// Members of a set, or pairs of a key and what a map holds for it.
    pub(super) fn elements(&mut self, all: &[Value]) -> Parsed<Vec<Element>> {
        let mut elements = Vec::with_capacity(all.len());
        for one in all {
            let pair = one.as_array().map(Vec::as_slice);
            elements.push(match pair {
                Some([key, to]) => Element { key: self.expression(key)?, verdict: self.verdict(to)? },
                _ => Element { key: self.expression(one)?, verdict: None },
            });
        }
        Ok(elements)
    }
}

fn priority(object: &Value) -> i32 {
    match object.get("prio") {
        Some(Value::String(name)) => priority_named(name).unwrap_or_default(),
        Some(number) => number.as_i64().and_then(|number| i32::try_from(number).ok()).unwrap_or_default(),
        None => 0,
    }
}

/// Whether a statement or element lets only some packets match.
fn is_conditional(value: &Value) -> bool {
    let value = value.get("elem").unwrap_or(value);
    ["limit", "quota", "ct count"].iter().any(|name| value.get(name).is_some())
}

/// A number or text as a word.
pub(super) fn word(value: &Value) -> Expr {
    match value {
        Value::String(text) => Expr::word(text),
        Value::Bool(true) => Expr::word("exists"),
        Value::Bool(false) => Expr::word("missing"),
        other => Expr::word(&other.to_string()),
    }
}
