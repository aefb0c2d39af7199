//! What stands in braces: tables, chains and sets.

use super::commands::OBJECTS;
use super::lexer::Kind;
use super::parser::{Parsed, Parser};
use super::ruleset::{Chain, Hook, Set, Table};
use super::syntax::{Element, Expr, Rule};
use crate::readback::Fate;
use crate::readback::program::Point;

/// Names of priorities (nft(8), standard priority names; all families but `bridge`).
const PRIORITIES: [(&str, i32); 6] =
    [("raw", -300), ("mangle", -150), ("dstnat", -100), ("filter", 0), ("security", 50), ("srcnat", 100)];

impl Parser<'_, '_, '_> {
    /// The block of a table.
    pub(super) fn table_block(&mut self, table: &str) -> Parsed<()> {
        self.expect("{")?;
        self.scoped(|parser| parser.table_items(table))?;
        self.expect("}")
    }

    fn table_items(&mut self, table: &str) -> Parsed<()> {
        loop {
            self.breaks();
            if self.peek().is_none() || self.is("}") {
                return Ok(());
            }
            self.table_item(table)?;
        }
    }

    fn table_item(&mut self, table: &str) -> Parsed<()> {
        if self.common(&mut |parser| parser.table_items(table))? {
            return Ok(());
        }
        match self.word() {
            "chain" => {
                self.bump();
                self.chain_block(table)
            }
            "set" | "map" => {
                self.bump();
                self.set_block(table)
            }
            "flags" => {
                let from = self.place();
                self.skip_to_end();
                let is_dormant = self.text_since(from).contains("dormant");
                self.in_table(table, |table| table.is_dormant |= is_dormant);
                Ok(())
            }
            word if word == "comment" || OBJECTS.contains(&word) => {
                self.skip_to_end();
                Ok(())
            }
            _ => Err(self.unexpected("something of a table, such as `chain` or `set`")),
        }
    }

    fn in_table(&mut self, table: &str, change: impl FnOnce(&mut Table)) {
        if let Some(table) = self.reading.tables.all.get_mut(table) {
            change(table);
        }
    }

    /// The name of a chain, and its block if there is one.
    pub(super) fn chain_block(&mut self, table: &str) -> Parsed<()> {
        let from = self.place();
        let name = self.name("the name of a chain")?;
        let site = self.site(from);
        self.in_table(table, |table| table.chains.add(name, || Chain::new(site)));
        if !self.eat("{") {
            return Ok(());
        }
        let mut block = Block::default();
        self.scoped(|parser| parser.chain_items(&mut block))?;
        self.expect("}")?;
        self.in_table(table, |table| {
            if let Some(chain) = table.chains.get_mut(name) {
                block.add_to(chain);
            }
        });
        Ok(())
    }

    fn chain_items(&mut self, block: &mut Block) -> Parsed<()> {
        loop {
            self.breaks();
            if self.peek().is_none() || self.is("}") {
                return Ok(());
            }
            self.chain_item(block)?;
            if !self.is_end() {
                return Err(self.unexpected("the end of the rule"));
            }
        }
    }

    fn chain_item(&mut self, block: &mut Block) -> Parsed<()> {
        if self.common(&mut |parser| parser.chain_items(block))? {
            return Ok(());
        }
        match self.word() {
            "type" => block.hook = Some(self.hook()?),
            "policy" => {
                let from = self.place();
                self.bump();
                let fate = self.policy()?;
                block.policy = Some((fate, self.site(from)));
            }
            "flags" | "devices" | "device" => self.skip_to_end(),
            "comment" if self.is_comment_alone() => self.skip_to_end(),
            _ => block.rules.push(self.rule()?),
        }
        Ok(())
    }

    /// Whether a comment is that of the chain: nothing follows it.
    fn is_comment_alone(&self) -> bool {
        matches!(self.ahead(2), "\n" | ";" | "}")
    }

    /// The rules of a chain that is written in place.
    pub(super) fn inline_rules(&mut self) -> Parsed<Vec<Rule>> {
        self.expect("{")?;
        let mut block = Block::default();
        self.chain_items(&mut block)?;
        self.expect("}")?;
        Ok(block.rules)
    }

    /// `type filter hook input device "eth0" priority filter`
    fn hook(&mut self) -> Parsed<Hook> {
        self.bump();
        let kind = self.name("the type of a chain")?.into();
        self.expect("hook")?;
        let point = hook_point(self.name("a hook")?);
        while !self.is_end() && !self.eat("priority") {
            self.skip_one();
        }
        Ok(Hook { kind, point, priority: self.priority()? })
    }

    fn priority(&mut self) -> Parsed<i32> {
        let base = match self.value()? {
            Expr::Word(name) => priority_named(&name),
            Expr::Range(bounds) => match &*bounds {
                [Expr::Word(name), Expr::Word(less)] => priority_named(name)
                    .zip(priority_named(less))
                    .map(|(base, less)| base.saturating_sub(less)),
                _ => None,
            },
            _ => None,
        };
        let base = base.ok_or_else(|| self.unexpected("a priority before this"))?;
        Ok(if self.eat("+") { base.saturating_add(self.number("a number")?) } else { base })
    }

    fn policy(&mut self) -> Parsed<Fate> {
        let value = self.value()?;
        match value {
            Expr::Word(word) if &*word == "accept" => Ok(Fate::Accept),
            Expr::Word(word) if &*word == "drop" => Ok(Fate::Drop),
            _ => Err(self.unexpected("`accept` or `drop` before this")),
        }
    }

    /// The name of a set or map, and its block.
    pub(super) fn set_block(&mut self, table: &str) -> Parsed<()> {
        let name = self.name("the name of a set")?;
        let mut set = Set::default();
        if self.eat("{") {
            self.nested(|parser| parser.set_items(&mut set))?;
            self.expect("}")?;
        }
        self.in_table(table, |table| {
            table.sets.add(name, Set::default);
            if let Some(all) = table.sets.get_mut(name) {
                all.elements.append(&mut set.elements);
                all.is_changing |= set.is_changing;
            }
        });
        Ok(())
    }

    fn set_items(&mut self, set: &mut Set) -> Parsed<()> {
        loop {
            self.breaks();
            if self.peek().is_none() || self.is("}") {
                return Ok(());
            }
            if self.common(&mut |_| Ok(()))? {
                continue;
            }
            match self.word() {
                "elements" => {
                    self.bump();
                    self.expect("=")?;
                    self.set_elements(set)?;
                }
                "flags" => {
                    let from = self.place();
                    self.skip_to_end();
                    set.is_changing |= self.text_since(from).contains("dynamic");
                }
                "" => return Err(self.unexpected("something of a set, such as `type` or `elements`")),
                // A statement for every element: it counts, or lets only some packets match.
                "limit" | "quota" | "ct" => {
                    set.is_changing = true;
                    self.skip_to_end();
                }
                _ => self.skip_to_end(),
            }
        }
    }

    fn set_elements(&mut self, set: &mut Set) -> Parsed<()> {
        if self.is("{") {
            return self.elements(&mut |element, is_conditional| {
                set.elements.push(element);
                set.is_changing |= is_conditional;
            });
        }
        let key = self.value()?;
        set.elements.push(Element { key, verdict: None });
        Ok(())
    }

    /// Whether a text in quotes comes next.
    pub(super) fn is_quoted(&self) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Quoted)
    }
}

/// The point of a hook; none for those that are not looked at.
pub(super) fn hook_point(name: &str) -> Option<Point> {
    Some(match name {
        "prerouting" => Point::Prerouting,
        "input" => Point::Input,
        "forward" => Point::Forward,
        "output" => Point::Output,
        "postrouting" => Point::Postrouting,
        _ => return None,
    })
}

/// The number of a priority that is a name or a number.
pub(super) fn priority_named(name: &str) -> Option<i32> {
    let standard = PRIORITIES.iter().find(|(known, _)| *known == name);
    standard.map_or_else(|| name.parse().ok(), |&(_, priority)| Some(priority))
}

/// What the block of a chain says.
#[derive(Default)]
struct Block {
    rules: Vec<Rule>,
    hook: Option<Hook>,
    policy: Option<(Fate, crate::source::Site)>,
}

impl Block {
    fn add_to(&mut self, chain: &mut Chain) {
        chain.rules.append(&mut self.rules);
        chain.hook = self.hook.take().or_else(|| chain.hook.take());
        chain.policy = self.policy.take().or(chain.policy);
    }
}
