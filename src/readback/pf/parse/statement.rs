//! What stands on the lines of a file: rules, tables, options, macros, anchors.

use super::Parser;
use crate::readback::pf::check::settle;
use crate::readback::pf::syntax::{Action, Direction, End, Entry, Extra, Keeping, Rule};
use crate::readback::pf::{Dialect, from_to, lexer::Token, problem};
use crate::source::{Diagnostic, Site};

impl Parser<'_> {
    /// One line, or what goes over several; whether there was one.
    pub(super) fn statement(&mut self, entries: &mut Vec<Entry>) -> Result<bool, Diagnostic> {
        self.newlines()?;
        let is_freebsd = self.is_freebsd();
        match self.peek()? {
            Token::End => return Ok(false),
            Token::Text(_) => self.definition()?,
            Token::Keyword("set") => self.setting()?,
            Token::Keyword("queue" | "altq") => self.queue()?,
            Token::Keyword("load") => self.load()?,
            Token::Keyword(
                "scrub" | "no" | "nat" | "rdr" | "binat" | "nat-anchor" | "rdr-anchor" | "binat-anchor",
            ) if is_freebsd => {
                self.translation()?;
            }
            Token::Keyword("ether") => {
                let start = self.site()?;
                self.rest_of_line()?;
                let site = self.since(start);
                self.remark(site, "rules for Ethernet frames are not decided");
            }
            Token::Keyword("antispoof") => self.antispoof(entries)?,
            _ => self.ruled(entries)?,
        }
        self.end_of_line()?;
        Ok(true)
    }

    /// What may also stand in an anchor.
    fn ruled(&mut self, entries: &mut Vec<Entry>) -> Result<(), Diagnostic> {
        match self.peek()? {
            Token::Keyword("anchor") => {
                let anchor = self.nested(Self::anchor)?;
                entries.push(anchor);
            }
            Token::Keyword("pass" | "block" | "match") => {
                let rule = self.rule()?;
                entries.extend(both_ways(rule).map(Entry::Rule));
            }
            Token::Keyword("table") => self.table()?,
            Token::Keyword("include") => entries.push(self.include()?),
            _ => return self.unexpected("a rule, an option, a table or a macro"),
        }
        Ok(())
    }

    fn end_of_line(&mut self) -> Result<(), Diagnostic> {
        match self.peek()? {
            Token::Newline => self.take().map(drop),
            Token::End => Ok(()),
            _ => self.unexpected("the end of the line"),
        }
    }

    /// Everything up to the end of the line, which is left.
    pub(super) fn rest_of_line(&mut self) -> Result<(), Diagnostic> {
        while !matches!(self.peek()?, Token::Newline | Token::End) {
            self.take()?;
        }
        Ok(())
    }

    /// `name = value …`.
    fn definition(&mut self) -> Result<(), Diagnostic> {
        let name = self.text("a macro")?;
        let site = self.last;
        self.expect('=')?;
        if name.contains(char::is_whitespace) {
            return Err(problem(site, "the name of a macro has a blank"));
        }
        let mut words = Vec::new();
        loop {
            match self.peek()? {
                Token::Text(word) => words.push(word.clone()),
                Token::Number(number) => words.push(number.to_string()),
                _ if words.is_empty() => return self.unexpected("the text of the macro"),
                _ => break,
            }
            self.take()?;
        }
        self.lexer.define(name, words.join(" "));
        Ok(())
    }

    /// `include "file"`: rules at this place that are not read, as those of an anchor that is filled later.
    fn include(&mut self) -> Result<Entry, Diagnostic> {
        let start = self.site()?;
        self.expect_keyword("include")?;
        let file = self.text("the name of a file")?;
        let rule = Rule::new(self.since(start), Action::Match);
        self.remark(rule.site, format!("the rules in `{file}` are not read"));
        Ok(Entry::Anchor { rule, name: file, body: None })
    }

    fn load(&mut self) -> Result<(), Diagnostic> {
        let start = self.site()?;
        self.expect_keyword("load")?;
        self.expect_keyword("anchor")?;
        let name = self.texts("the name of an anchor")?;
        self.expect_keyword("from")?;
        let file = self.texts("the name of a file")?;
        let site = self.since(start);
        self.remark(site, format!("the rules of anchor `{name}` in `{file}` are not read"));
        Ok(())
    }

    /// `anchor ["name"] … [{ … }]`.
    fn anchor(&mut self) -> Result<Entry, Diagnostic> {
        let start = self.site()?;
        self.expect_keyword("anchor")?;
        let named = matches!(self.peek()?, Token::Text(_));
        let name = if named { self.text("a name")? } else { String::new() };
        if name.starts_with('_') || name.contains("/_") {
            return Err(problem(self.last, "names of anchors that begin with `_` are pf's own"));
        }
        let mut rule = self.anchor_rule(start)?;
        let opened = self.site()?;
        let body = if self.sign('{')? { Some(self.body()?) } else { None };
        rule.site = from_to(start, opened);
        let site = rule.site;
        if rule.options.keeping.is_some_and(|keeping| keeping != Keeping::No) {
            return Err(problem(site, "an anchor keeps no states"));
        }
        match &body {
            None if name.is_empty() => return Err(problem(site, "an anchor without rules needs a name")),
            Some(_) if name.contains('/') && self.dialect == Dialect::OpenBsd => {
                return Err(problem(site, "the name of an anchor with rules has a `/`"));
            }
            None => self.remark(site, format!("the rules of anchor `{name}` are not known")),
            Some(_) => {}
        }
        Ok(Entry::Anchor { rule, name, body })
    }

    fn anchor_rule(&mut self, start: Site) -> Result<Rule, Diagnostic> {
        let mut rule = Rule::new(start, Action::Match);
        rule.direction = self.direction()?;
        rule.quick = self.keyword("quick")?;
        self.matches(&mut rule)?;
        settle(&mut rule, self.dialect)?;
        Ok(rule)
    }

    /// The rules of an anchor, after its brace.
    fn body(&mut self) -> Result<Vec<Entry>, Diagnostic> {
        if *self.peek()? != Token::Newline {
            return self.unexpected("the end of the line");
        }
        let mut entries = Vec::new();
        loop {
            self.newlines()?;
            if self.sign('}')? {
                return Ok(entries);
            }
            self.ruled(&mut entries)?;
            if *self.peek()? != Token::Newline {
                return self.unexpected("the end of the line");
            }
        }
    }
}

/// `binat-to` stands for two rules: one for packets out, and one for packets to the address that those get.
fn both_ways(rule: Rule) -> impl Iterator<Item = Rule> {
    let back = rule.asks_for(Extra::Both).then(|| {
        let hosts = rule.options.pools.last().cloned().unwrap_or_default();
        let source = rule.destination.clone();
        let destination = End { hosts, ports: rule.source.ports.clone() };
        Rule { direction: Some(Direction::In), source, destination, ..rule.clone() }
    });
    let direction = if back.is_some() { Some(Direction::Out) } else { rule.direction };
    [Rule { direction, ..rule }].into_iter().chain(back)
}
