//! Commands: what is added to the ruleset, emptied and taken away, in order.

use super::parser::{Parsed, Parser, Problem};
use super::ruleset::{FAMILIES, Named, Set, Table, key};
use super::syntax::{Element, Rule};
use crate::source::{Diagnostic, Site};

/// Which rule of a chain a new one goes before, after, or in the place of.
#[derive(Clone, Copy)]
enum Placing {
    First,
    Last,
    Before(usize),
    After(usize),
}

/// Objects that decide nothing by themselves.
pub(super) const OBJECTS: [&str; 8] =
    ["flowtable", "counter", "quota", "limit", "secmark", "synproxy", "ct", "tunnel"];

impl Parser<'_, '_, '_> {
    /// All commands of a file.
    pub(super) fn commands(&mut self) -> Parsed<()> {
        loop {
            self.breaks();
            if self.peek().is_none() {
                return Ok(());
            }
            self.command()?;
            if !self.is_end() || self.is("}") {
                return Err(self.unexpected("the end of the command"));
            }
        }
    }

    fn command(&mut self) -> Parsed<()> {
        if self.common(&mut |parser| parser.commands())? {
            return Ok(());
        }
        match self.word() {
            "add" | "create" => {
                self.bump();
                self.add(Placing::Last)
            }
            "insert" if self.ahead(1) == "rule" => {
                self.bump();
                self.add(Placing::First)
            }
            "flush" => {
                self.bump();
                self.flush()
            }
            "delete" | "destroy" => {
                self.bump();
                self.delete()
            }
            "replace" => Err(self.by_handle()),
            "rename" => Err(self.unexpected("a ruleset that does not rename chains")),
            "list" | "reset" | "monitor" | "describe" | "export" => {
                self.skip_to_end();
                Ok(())
            }
            _ => self.add(Placing::Last),
        }
    }

    /// Adds what comes next.
    fn add(&mut self, placing: Placing) -> Parsed<()> {
        let from = self.place();
        match self.word() {
            "table" => self.add_table(),
            "chain" => self.add_chain(),
            "rule" => self.add_rule(placing),
            "set" | "map" => self.add_set(),
            "element" => self.change_elements(&mut |set, element| set.elements.push(element)),
            word if OBJECTS.contains(&word) => {
                self.skip_to_end();
                Ok(())
            }
            // `add ip filter input accept` is a rule, too.
            word if from > 0 && FAMILIES.contains(&word) => self.place_rule(placing),
            _ => Err(self.unexpected("a command")),
        }
    }

    fn family(&mut self) -> &'static str {
        let family = FAMILIES.into_iter().find(|family| self.is(family));
        if family.is_some() {
            self.bump();
        }
        family.unwrap_or("ip")
    }

    /// The table whose family and name come next.
    fn table(&mut self) -> Parsed<&mut Table> {
        let family = self.family();
        let name = self.name("the name of a table")?;
        let missing = self.unexpected("a table");
        self.reading.tables.table(family, name).ok_or(missing)
    }

    fn add_table(&mut self) -> Parsed<()> {
        self.bump();
        let family = self.family();
        let name = self.name("the name of a table")?;
        self.reading.tables.table(family, name);
        if self.is("{") { self.table_block(&key(family, name)) } else { Ok(()) }
    }

    fn add_chain(&mut self) -> Parsed<()> {
        self.bump();
        let family = self.family();
        let name = self.name("the name of a table")?;
        self.reading.tables.table(family, name);
        self.chain_block(&key(family, name))
    }

    fn add_set(&mut self) -> Parsed<()> {
        self.bump();
        let family = self.family();
        let name = self.name("the name of a table")?;
        self.reading.tables.table(family, name);
        self.set_block(&key(family, name))
    }

    fn add_rule(&mut self, placing: Placing) -> Parsed<()> {
        self.bump();
        self.place_rule(placing)
    }

    fn place_rule(&mut self, placing: Placing) -> Parsed<()> {
        let family = self.family();
        let table = self.name("the name of a table")?;
        let chain = self.name("the name of a chain")?;
        let site = self.site(self.place().saturating_sub(1));
        let placing = self.placing(placing)?;
        let rule = self.rule()?;
        let missing = unknown("chain", chain, site);
        let table = self.reading.tables.all.get_mut(&key(family, table));
        let chain = table.and_then(|table| table.chains.get_mut(chain)).ok_or(missing)?;
        put(&mut chain.rules, rule, placing);
        Ok(())
    }

    fn placing(&mut self, placing: Placing) -> Parsed<Placing> {
        if matches!(self.word(), "position" | "handle") {
            return Err(self.by_handle());
        }
        if !self.eat("index") {
            return Ok(placing);
        }
        let index = self.number("the place of a rule")?;
        Ok(if matches!(placing, Placing::First) { Placing::Before(index) } else { Placing::After(index) })
    }

    fn by_handle(&self) -> Problem {
        let site = self.site(self.place());
        Box::new(
            Diagnostic::error("nft-handle", site, "rules cannot be told by their handles")
                .note("the kernel gives handles when it loads a ruleset; a file does not say which"),
        )
    }

    fn flush(&mut self) -> Parsed<()> {
        let what = self.word();
        self.bump();
        match what {
            "ruleset" => {
                let family = FAMILIES.into_iter().find(|family| self.eat(family));
                self.reading
                    .tables
                    .all
                    .retain(|_, table| family.is_some_and(|family| table.family != family));
            }
            "table" => self.table()?.chains.iter_mut().for_each(|chain| chain.rules.clear()),
            "chain" => self.with_named(|table, name| {
                table.chains.get_mut(name).into_iter().for_each(|chain| chain.rules.clear());
            })?,
            "set" | "map" | "meter" => self.with_named(|table, name| {
                table.sets.get_mut(name).into_iter().for_each(|set| set.elements.clear());
            })?,
            _ => return Err(self.unexpected("something to empty")),
        }
        Ok(())
    }

    /// Changes the table whose name comes next, at the name of something in it.
    fn with_named(&mut self, change: impl FnOnce(&mut Table, &str)) -> Parsed<()> {
        let family = self.family();
        let table = self.name("the name of a table")?;
        let name = self.name("a name")?;
        if let Some(table) = self.reading.tables.all.get_mut(&key(family, table)) {
            change(table, name);
        }
        Ok(())
    }

    fn delete(&mut self) -> Parsed<()> {
        let what = self.word();
        if what == "rule" || self.ahead(1) == "handle" || self.ahead(2) == "handle" {
            return Err(self.by_handle());
        }
        match what {
            "table" => {
                self.bump();
                let family = self.family();
                let gone = key(family, self.name("the name of a table")?);
                self.reading.tables.all.retain(|name, _| name != gone);
            }
            "chain" => {
                self.bump();
                self.with_named(|table, gone| remove(&mut table.chains, gone))?;
            }
            "set" | "map" => {
                self.bump();
                self.with_named(|table, gone| remove(&mut table.sets, gone))?;
            }
            "element" => self.change_elements(&mut |set, gone| {
                set.elements.retain(|element| element.key != gone.key);
            })?,
            _ => self.skip_to_end(),
        }
        Ok(())
    }

    /// `element inet filter hosts { … }`
    fn change_elements(&mut self, change: &mut dyn FnMut(&mut Set, Element)) -> Parsed<()> {
        self.bump();
        let family = self.family();
        let table = self.name("the name of a table")?;
        let name = self.name("the name of a set")?;
        let site = self.site(self.place().saturating_sub(1));
        let mut elements = Vec::new();
        if self.eat("$") {
            elements.push(Element { key: self.variable()?, verdict: None });
        } else {
            self.elements(&mut |element, _| elements.push(element))?;
        }
        let missing = unknown("set", name, site);
        let table = self.reading.tables.all.get_mut(&key(family, table));
        let set = table.and_then(|table| table.sets.get_mut(name)).ok_or(missing)?;
        for element in elements {
            change(set, element);
        }
        Ok(())
    }
}

fn unknown(what: &str, name: &str, site: Site) -> Problem {
    Box::new(Diagnostic::error("nft-unknown-name", site, format!("there is no {what} `{name}`")))
}

fn remove<T>(all: &mut Named<T>, gone: &str) {
    all.retain(|name, _| name != gone);
}

fn put(rules: &mut Vec<Rule>, rule: Rule, placing: Placing) {
    let place = match placing {
        Placing::First => 0,
        Placing::Last => rules.len(),
        Placing::Before(index) => index,
        Placing::After(index) => index.saturating_add(1),
    };
    rules.insert(place.min(rules.len()), rule);
}
