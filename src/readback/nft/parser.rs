//! Steps through tokens, and what all of a ruleset's files share.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Include;
use super::lexer::{Kind, Token, lex};
use super::ruleset::Tables;
use super::syntax::Expr;
use crate::source::{Diagnostic, FileId, Site};

/// What is wrong with a ruleset.
pub(super) type Problem = Box<Diagnostic>;

/// Something read, or what is wrong.
pub(super) type Parsed<T> = Result<T, Problem>;

/// How deep expressions and blocks may be nested.
const DEEPEST: usize = 32;

/// How deep files may include one another (`MAX_INCLUDE_DEPTH` of nftables).
const DEEPEST_INCLUDE: usize = 16;

/// What variables of a ruleset may come to, in tokens.
const MOST_OF_VARIABLES: usize = 4_000_000;

/// How deep variables may refer to others.
const DEEPEST_VARIABLE: usize = 32;

/// What a variable stands for.
#[derive(Clone)]
struct Variable {
    value: Expr,
    /// How many tokens it comes to.
    weight: usize,
    /// How deep it refers to others.
    depth: usize,
}

/// What all files of a ruleset share.
pub(super) struct Reading<'i> {
    /// The tables as they are after what was read.
    pub(super) tables: Tables,
    /// Variables, those of inner blocks last.
    scopes: Vec<BTreeMap<Box<str>, Variable>>,
    /// What the variables that were used come to.
    spent: usize,
    /// How deep the variables that were used since the last `define` refer to others.
    depth: usize,
    include: &'i mut Include<'i>,
    including: usize,
    nesting: usize,
    /// Where everything is said to stand, if the text that is read is not in a file as it is.
    pinned: Option<Site>,
}

/// Steps through the tokens of one file.
pub(super) struct Parser<'t, 's, 'i> {
    file: FileId,
    tokens: &'t [Token<'t>],
    at: usize,
    /// What all files share.
    pub(super) reading: &'s mut Reading<'i>,
}

impl<'i> Reading<'i> {
    /// Before anything was read.
    pub(super) fn new(include: &'i mut Include<'i>) -> Self {
        let scopes = vec![BTreeMap::new()];
        Self {
            tables: Tables::default(),
            scopes,
            spent: 0,
            depth: 0,
            include,
            including: 0,
            nesting: 0,
            pinned: None,
        }
    }

    /// The same, with everything said to stand in one place.
    pub(super) fn pinned(self, site: Site) -> Self {
        Self { pinned: Some(site), ..self }
    }

    /// Reads a text as part of the ruleset, as whatever may stand where it is included.
    pub(super) fn text<T>(
        &mut self,
        file: FileId,
        text: &str,
        read: impl FnOnce(&mut Parser<'_, '_, 'i>) -> Parsed<T>,
    ) -> Parsed<T> {
        let tokens = lex(text).map_err(|bad| syntax_error(Site::bytes(file, bad.span), bad.title))?;
        read(&mut Parser { file, tokens: &tokens, at: 0, reading: self })
    }

    fn variable(&self, name: &str) -> Option<&Variable> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }

    fn scope(&mut self) -> Option<&mut BTreeMap<Box<str>, Variable>> {
        self.scopes.last_mut()
    }
}

fn syntax_error(site: Site, title: impl Into<String>) -> Problem {
    Box::new(Diagnostic::error("nft-syntax", site, title))
}

impl<'t, 'i> Parser<'t, '_, 'i> {
    /// The next token.
    pub(super) fn peek(&self) -> Option<&'t Token<'t>> {
        self.tokens.get(self.at)
    }

    /// The text of a token some steps ahead, unless it is quoted; nothing at the end.
    pub(super) fn ahead(&self, steps: usize) -> &'t str {
        match self.tokens.get(self.at + steps) {
            Some(token) if token.kind != Kind::Quoted => token.text,
            _ => "",
        }
    }

    /// The word that comes next; nothing if it is no word.
    pub(super) fn word(&self) -> &'t str {
        self.peek().filter(|token| token.kind == Kind::Word).map_or("", |token| token.text)
    }

    /// Whether a keyword or symbol comes next.
    pub(super) fn is(&self, text: &str) -> bool {
        self.ahead(0) == text
    }

    /// Steps over a token.
    pub(super) fn bump(&mut self) -> Option<&'t Token<'t>> {
        let token = self.peek();
        self.at += 1;
        token
    }

    /// Steps over a keyword or symbol, if it comes next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let is_next = self.is(text);
        self.at += usize::from(is_next);
        is_next
    }

    /// Steps over any of some keywords or symbols.
    pub(super) fn eat_any(&mut self, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.eat(text))
    }

    /// Steps over a keyword or symbol that must come next.
    pub(super) fn expect(&mut self, text: &str) -> Parsed<()> {
        if self.eat(text) { Ok(()) } else { Err(self.unexpected(&format!("`{text}`"))) }
    }

    /// A name, quoted or not.
    pub(super) fn name(&mut self, what: &str) -> Parsed<&'t str> {
        match self.peek() {
            Some(token) if matches!(token.kind, Kind::Word | Kind::Quoted) => {
                self.at += 1;
                Ok(token.text)
            }
            _ => Err(self.unexpected(what)),
        }
    }

    /// A number that is written in digits.
    pub(super) fn number<T: std::str::FromStr>(&mut self, what: &str) -> Parsed<T> {
        let number = self.word().parse().map_err(|_| self.unexpected(what))?;
        self.at += 1;
        Ok(number)
    }

    /// Steps over ends of lines.
    pub(super) fn lines(&mut self) {
        while self.is("\n") {
            self.at += 1;
        }
    }

    /// Steps over ends of lines and semicolons.
    pub(super) fn breaks(&mut self) {
        while self.peek().is_some_and(|token| token.kind == Kind::Break) {
            self.at += 1;
        }
    }

    /// Whether a rule or command ends here.
    pub(super) fn is_end(&self) -> bool {
        self.peek().is_none_or(|token| token.kind == Kind::Break || token.text == "}")
    }

    /// Steps to the end of a rule or command, over whole blocks.
    pub(super) fn skip_to_end(&mut self) {
        while !self.is_end() {
            self.skip_one();
        }
    }

    /// Steps over a token, or a whole block in braces.
    pub(super) fn skip_one(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.bump() {
            match (token.kind, token.text) {
                (Kind::Symbol, "{") => depth += 1,
                (Kind::Symbol, "}") => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }

    /// Where the reading is, to tell [`Self::site`].
    pub(super) const fn place(&self) -> usize {
        self.at
    }

    /// The bytes of the tokens from a place to here.
    pub(super) fn site(&self, from: usize) -> Site {
        if let Some(site) = self.reading.pinned {
            return site;
        }
        let last = self.at.saturating_sub(1).max(from);
        let span = |at: usize| self.tokens.get(at).map(Token::span);
        let end = |span: Range<usize>| span.end;
        let start =
            span(from).map_or_else(|| self.tokens.last().map_or(0, |token| token.span().end), |s| s.start);
        Site::bytes(self.file, start..span(last).map_or(start, end))
    }

    /// The text of the tokens from a place to here, with single spaces.
    pub(super) fn text_since(&self, from: usize) -> Box<str> {
        let tokens = self.tokens.get(from..self.at).unwrap_or_default();
        let texts: Vec<&str> =
            tokens.iter().filter(|token| token.kind != Kind::Break).map(|token| token.text).collect();
        texts.join(" ").into()
    }

    /// A syntax error at the next token.
    pub(super) fn unexpected(&self, wanted: &str) -> Problem {
        let found = match self.peek() {
            None => "the end of the file".to_owned(),
            Some(token) if token.text == "\n" => "the end of the line".to_owned(),
            Some(token) => format!("`{}`", token.text.escape_debug()),
        };
        let span = self.peek().map_or_else(|| self.end(), Token::span);
        syntax_error(Site::bytes(self.file, span), format!("expected {wanted}, found {found}"))
    }

    fn end(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(0, |token| token.span().end);
        end..end
    }

    /// Goes one level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.reading.nesting >= DEEPEST {
            return Err(self.unexpected("fewer levels of nesting"));
        }
        self.reading.nesting += 1;
        let read = read(self);
        self.reading.nesting -= 1;
        read
    }

    /// Reads a block whose variables are its own.
    pub(super) fn scoped<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.reading.scopes.push(BTreeMap::new());
        let read = self.nested(read);
        self.reading.scopes.pop();
        read
    }

    /// The value of the variable whose `$` was just read.
    pub(super) fn variable(&mut self) -> Parsed<Expr> {
        let name = self.word();
        let Some(variable) = self.reading.variable(name).cloned() else {
            let span = self.peek().map_or_else(|| self.end(), Token::span);
            let title = format!("variable `{name}` is not defined");
            return Err(Box::new(Diagnostic::error(
                "nft-unknown-variable",
                Site::bytes(self.file, span),
                title,
            )));
        };
        self.reading.spent = self.reading.spent.saturating_add(variable.weight);
        self.reading.depth = self.reading.depth.max(variable.depth);
        if self.reading.spent > MOST_OF_VARIABLES {
            return Err(self.unexpected("variables that come to less"));
        }
        self.at += 1;
        Ok(variable.value)
    }

    /// `define`, `redefine`, `undefine` or `include`, of which the last is read as the surrounding block; whether
    /// there was one.
    pub(super) fn common(
        &mut self,
        block: &mut dyn FnMut(&mut Parser<'_, '_, 'i>) -> Parsed<()>,
    ) -> Parsed<bool> {
        match self.word() {
            "define" | "redefine" if self.ahead(2) == "=" => self.define()?,
            "undefine" => {
                self.at += 1;
                let name = self.name("a name")?;
                self.reading.scope().map(|scope| scope.remove(name));
            }
            "include" => self.include(block)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn define(&mut self) -> Parsed<()> {
        self.at += 1;
        let name = self.name("a name")?;
        self.expect("=")?;
        let (from, before) = (self.place(), self.reading.spent);
        self.reading.depth = 0;
        let value = self.value()?;
        let weight = self.place() - from + self.reading.spent - before;
        let depth = self.reading.depth + 1;
        if depth > DEEPEST_VARIABLE {
            return Err(self.unexpected("variables that refer less deep to others before this"));
        }
        self.reading.scope().map(|scope| scope.insert(name.into(), Variable { value, weight, depth }));
        Ok(())
    }

    fn include(&mut self, block: &mut dyn FnMut(&mut Parser<'_, '_, 'i>) -> Parsed<()>) -> Parsed<()> {
        let from = self.place();
        self.at += 1;
        let path = self.name("a path in quotes")?;
        let site = self.site(from);
        let failed = |title: String| Box::new(Diagnostic::error("nft-include", site, title));
        if self.reading.including >= DEEPEST_INCLUDE {
            return Err(failed(format!("`{path}` is included too deep")));
        }
        let files = (self.reading.include)(path)
            .map_err(|reason| failed(format!("cannot include `{path}`: {reason}")))?;
        self.reading.including += 1;
        let read = files.iter().try_for_each(|(file, text)| self.reading.text(*file, text, &mut *block));
        self.reading.including -= 1;
        read
    }
}
