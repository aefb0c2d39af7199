//! Rulesets as JSON: what `nft -j list ruleset` prints (libnftables-json(5)).

mod expressions;
mod objects;
mod statements;

use serde_json::Value;

use super::parser::{Parsed, Problem, Reading};
use super::ruleset::{FAMILIES, Tables, key};
use crate::source::{Diagnostic, FileId, Site};

/// Reads a ruleset.
///
/// # Errors
/// Text that is not JSON, or not a ruleset.
pub(super) fn parse(file: FileId, text: &str) -> Parsed<Tables> {
    let site = Site::bytes(file, 0..text.len());
    let document: Value = serde_json::from_str(text).map_err(|error| not_json(file, text, &error))?;
    let mut include = |_: &str| Err("JSON includes no files".to_owned());
    let mut reader = Reader { reading: Reading::new(&mut include).pinned(site), file, site };
    let Some(commands) = document.get("nftables").and_then(Value::as_array) else {
        return Err(reader.problem("this JSON has no `nftables` list"));
    };
    commands.iter().try_for_each(|command| reader.command(command))?;
    Ok(reader.reading.tables)
}

fn not_json(file: FileId, text: &str, error: &serde_json::Error) -> Problem {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at = (before + error.column().saturating_sub(1)).min(text.len());
    let site = Site::bytes(file, at..(at + 1).min(text.len()));
    Box::new(Diagnostic::error("nft-syntax", site, format!("this is not JSON: {error}")))
}

/// Reads commands, one after the other.
struct Reader<'i> {
    reading: Reading<'i>,
    file: FileId,
    /// The whole file: JSON says nothing of lines.
    site: Site,
}

impl Reader<'_> {
    fn problem(&self, title: impl Into<String>) -> Problem {
        Box::new(Diagnostic::error("nft-syntax", self.site, title))
    }

    /// A command, or a thing that is listed.
    fn command(&mut self, command: &Value) -> Parsed<()> {
        let Some((name, what)) = single(command) else {
            return Err(self.problem("a command is an object with one key"));
        };
        match name {
            "add" | "create" => self.add(what, false),
            "insert" => self.add(what, true),
            "flush" => self.flush(what),
            "delete" | "destroy" => self.delete(what),
            "replace" => Err(self.problem("rules cannot be told by their handles")),
            _ => self.add(command, false),
        }
    }

    fn add(&mut self, object: &Value, is_first: bool) -> Parsed<()> {
        let Some((kind, what)) = single(object) else {
            return Err(self.problem("an object is told by one key"));
        };
        match kind {
            "table" => self.table(what),
            "chain" => self.chain(what),
            "rule" => self.rule(what, is_first),
            "set" | "map" => self.set(what),
            "element" => self.element(what),
            _ => Ok(()),
        }
    }

    /// The key of the table of an object, which is made if it is not there.
    fn table_key(&mut self, object: &Value, name: &str) -> Parsed<String> {
        let family = object.get("family").and_then(Value::as_str).unwrap_or("ip");
        let name = object.get(name).and_then(Value::as_str);
        let family = FAMILIES.into_iter().find(|known| *known == family);
        let Some((family, name)) = family.zip(name) else {
            return Err(self.problem("an object names its family and table"));
        };
        self.reading.tables.table(family, name);
        Ok(key(family, name))
    }

    fn flush(&mut self, object: &Value) -> Parsed<()> {
        let Some((kind, what)) = single(object) else { return Ok(()) };
        if kind == "ruleset" {
            self.reading.tables.all.retain(|_, _| false);
            return Ok(());
        }
        let table = self.table_key(what, if kind == "table" { "name" } else { "table" })?;
        let name = text(what, "name");
        let Some(table) = self.reading.tables.all.get_mut(&table) else { return Ok(()) };
        match kind {
            "table" => table.chains.iter_mut().for_each(|chain| chain.rules.clear()),
            "chain" => table.chains.get_mut(name).into_iter().for_each(|chain| chain.rules.clear()),
            _ => table.sets.get_mut(name).into_iter().for_each(|set| set.elements.clear()),
        }
        Ok(())
    }

    fn delete(&mut self, object: &Value) -> Parsed<()> {
        let Some((kind, what)) = single(object) else { return Ok(()) };
        if kind == "rule" {
            return Err(self.problem("rules cannot be told by their handles"));
        }
        let table = self.table_key(what, if kind == "table" { "name" } else { "table" })?;
        let gone = text(what, "name");
        match (kind, self.reading.tables.all.get_mut(&table)) {
            ("table", _) => self.reading.tables.all.retain(|name, _| name != table),
            ("chain", Some(table)) => table.chains.retain(|name, _| name != gone),
            ("set" | "map", Some(table)) => table.sets.retain(|name, _| name != gone),
            _ => {}
        }
        Ok(())
    }
}

/// The key and value of an object that has one.
fn single(value: &Value) -> Option<(&str, &Value)> {
    let mut members = value.as_object()?.iter();
    let (key, value) = members.next()?;
    members.next().is_none().then_some((key.as_str(), value))
}

/// A text of an object; nothing if it has none of that name.
fn text<'v>(object: &'v Value, name: &str) -> &'v str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A list of an object, or the one thing that stands for it.
fn list<'v>(object: &'v Value, name: &str) -> &'v [Value] {
    match object.get(name) {
        Some(Value::Array(all)) => all,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}
