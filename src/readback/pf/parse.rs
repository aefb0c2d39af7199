//! pf.conf into [`Config`], by recursive descent over the grammar of `parse.y`.

mod address;
mod filter;
mod host;
mod icmp;
mod port;
mod queue;
mod rule;
mod setting;
mod state;
mod statement;
mod table;
mod translate;

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::{Lexer, Token};
use super::syntax::{Codes, Config, Entry, Options, Refusal, Rule, Table};
use super::{Dialect, problem};
use crate::readback::Remark;
use crate::source::{Diagnostic, FileId, Site};

/// The most problems that are told at once.
const MOST_PROBLEMS: usize = 20;

/// How deep lists and anchors may stand in one another (`PFCTL_ANCHOR_STACK_DEPTH` is 64).
const DEEPEST: usize = 64;

/// What `return` sends by itself: port unreachable.
const UNREACHABLE: Codes = Codes { v4: (3, 3), v6: (1, 4) };

/// Reads one file.
struct Parser<'t> {
    lexer: Lexer<'t>,
    dialect: Dialect,
    /// The next token, once it has been looked at.
    ahead: Option<(Token, Site)>,
    /// The last token taken.
    last: Site,
    depth: usize,
    /// What `block` does by itself.
    block_policy: Refusal,
    /// What `set state-defaults` says.
    state_defaults: Option<Options>,
    queues: BTreeSet<String>,
    tables: BTreeMap<String, Table>,
    skipped: Vec<(super::syntax::On, Site)>,
    passing: Vec<Rule>,
    remarks: Vec<Remark>,
}

/// Reads files, one after another.
pub(super) fn parse(files: &[(FileId, &str)], dialect: Dialect) -> Result<Config, Vec<Diagnostic>> {
    let Some(&(last, text)) = files.last() else { return Err(Vec::new()) };
    let mut parser = Parser {
        lexer: Lexer::new(last, "", dialect),
        dialect,
        ahead: None,
        last: Site::bytes(last, 0..0),
        depth: 0,
        block_policy: Refusal::Drop,
        state_defaults: None,
        queues: BTreeSet::new(),
        tables: BTreeMap::new(),
        skipped: Vec::new(),
        passing: Vec::new(),
        remarks: Vec::new(),
    };
    let mut problems = Vec::new();
    let mut entries = Vec::new();
    for &(file, text) in files {
        parser.lexer.open(file, text);
        parser.ahead = None;
        parser.file(&mut entries, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let Parser { tables, skipped, passing, remarks, .. } = parser;
    Ok(Config { site: Site::bytes(last, 0..text.len()), skipped, passing, tables, entries, remarks })
}

impl Parser<'_> {
    /// Everything in a file, as far as it can be read.
    fn file(&mut self, entries: &mut Vec<Entry>, problems: &mut Vec<Diagnostic>) {
        let mut goes_on = true;
        while goes_on {
            goes_on = self.statement(entries).unwrap_or_else(|problem| {
                problems.push(problem);
                problems.len() < MOST_PROBLEMS && self.recover()
            });
        }
    }

    /// The next token, which stays.
    fn peek(&mut self) -> Result<&Token, Diagnostic> {
        let ahead = match self.ahead.take() {
            Some(ahead) => ahead,
            None => self.lexer.next()?,
        };
        Ok(&self.ahead.insert(ahead).0)
    }

    /// The next token.
    fn take(&mut self) -> Result<Token, Diagnostic> {
        let (token, site) = match self.ahead.take() {
            Some(ahead) => ahead,
            None => self.lexer.next()?,
        };
        self.last = site;
        Ok(token)
    }

    /// Where the next token stands.
    fn site(&mut self) -> Result<Site, Diagnostic> {
        self.peek()?;
        Ok(self.ahead.as_ref().map_or(self.last, |&(_, site)| site))
    }

    /// From a place to the last token taken.
    fn since(&self, start: Site) -> Site {
        super::from_to(start, self.last)
    }

    /// What is wrong with the next token.
    fn unexpected<T>(&mut self, wanted: &str) -> Result<T, Diagnostic> {
        let site = self.site()?;
        let found = match self.peek()? {
            Token::Keyword(word) => format!("`{word}`"),
            Token::Text(word) => format!("`{word}`"),
            Token::Number(number) => format!("`{number}`"),
            Token::Operator(operator) => format!("`{operator}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::Newline => "the end of the line".to_owned(),
            Token::End => "the end of the file".to_owned(),
        };
        Err(problem(site, format!("{found} where {wanted} should be")))
    }

    /// Takes a word of the language if it comes next.
    fn keyword(&mut self, word: &str) -> Result<bool, Diagnostic> {
        let is_next = matches!(self.peek()?, Token::Keyword(next) if *next == word);
        if is_next {
            self.take()?;
        }
        Ok(is_next)
    }

    /// Takes a sign if it comes next.
    fn sign(&mut self, sign: char) -> Result<bool, Diagnostic> {
        let is_next = *self.peek()? == Token::Sign(sign);
        if is_next {
            self.take()?;
        }
        Ok(is_next)
    }

    /// Takes a word of the language that must come.
    fn expect_keyword(&mut self, word: &str) -> Result<(), Diagnostic> {
        if self.keyword(word)? { Ok(()) } else { self.unexpected(&format!("`{word}`")) }
    }

    /// Takes a sign that must come.
    fn expect(&mut self, sign: char) -> Result<(), Diagnostic> {
        if self.sign(sign)? { Ok(()) } else { self.unexpected(&format!("`{sign}`")) }
    }

    /// A word that is not one of the language.
    fn text(&mut self, wanted: &str) -> Result<String, Diagnostic> {
        match self.peek()? {
            Token::Text(_) => match self.take()? {
                Token::Text(text) => Ok(text),
                _ => self.unexpected(wanted),
            },
            _ => self.unexpected(wanted),
        }
    }

    /// Several words that are not words of the language, joined with blanks (`string`).
    fn texts(&mut self, wanted: &str) -> Result<String, Diagnostic> {
        let mut all = self.text(wanted)?;
        while matches!(self.peek()?, Token::Text(_)) {
            all.push(' ');
            all.push_str(&self.text(wanted)?);
        }
        Ok(all)
    }

    /// A number within bounds.
    fn number(&mut self, wanted: &str, last: i64) -> Result<i64, Diagnostic> {
        let Token::Number(number) = *self.peek()? else { return self.unexpected(wanted) };
        self.take()?;
        if (0..=last).contains(&number) {
            return Ok(number);
        }
        Err(problem(self.last, format!("{wanted} must be from 0 to {last}, not {number}")))
    }

    /// Whether `!` comes next, which is taken.
    fn not(&mut self) -> Result<bool, Diagnostic> {
        self.sign('!')
    }

    /// Passes over ends of lines.
    fn newlines(&mut self) -> Result<(), Diagnostic> {
        while *self.peek()? == Token::Newline {
            self.take()?;
        }
        Ok(())
    }

    /// One item, or several in braces; commas between them are optional, lines may end after each.
    fn list(&mut self, item: impl FnMut(&mut Self) -> Result<(), Diagnostic>) -> Result<(), Diagnostic> {
        let mut item = item;
        if !self.sign('{')? {
            return item(self);
        }
        self.newlines()?;
        item(self)?;
        self.newlines()?;
        while !self.sign('}')? {
            self.sign(',')?;
            item(self)?;
            self.newlines()?;
        }
        Ok(())
    }

    /// Items in parentheses, with optional commas.
    fn parenthesised(
        &mut self,
        item: impl FnMut(&mut Self) -> Result<(), Diagnostic>,
    ) -> Result<(), Diagnostic> {
        let mut item = item;
        self.expect('(')?;
        item(self)?;
        while !self.sign(')')? {
            self.sign(',')?;
            item(self)?;
        }
        Ok(())
    }

    /// Goes one level down; too deep is a problem.
    fn nested<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let site = self.site()?;
            return Err(problem(site, format!("more than {DEEPEST} braces in one another")));
        }
        let result = inside(self);
        self.depth -= 1;
        result
    }

    /// Passes over the rest of a line after a problem; whether anything follows.
    fn recover(&mut self) -> bool {
        self.depth = 0;
        loop {
            match self.take() {
                Ok(Token::Newline) => return true,
                Ok(Token::End) => return false,
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// Something read that is not decided.
    fn remark(&mut self, site: Site, text: impl Into<String>) {
        self.remarks.push(Remark { site, text: text.into() });
    }
}
