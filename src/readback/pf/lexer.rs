//! Words of a pf.conf. Macros are put in where they are used, as characters: `$ext_if:network` is one word.

use std::collections::BTreeMap;
use std::ops::Range;

use super::keywords::keyword;
use super::{Dialect, problem};
use crate::source::{Diagnostic, FileId, Site};

/// One word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word of the language.
    Keyword(&'static str),
    /// Any other word, or a quoted text.
    Text(String),
    /// A whole number that stands by itself.
    Number(i64),
    /// `!=`, `<=`, `>=`, `><`, `<>` or `->`.
    Operator(&'static str),
    /// Any other character.
    Sign(char),
    /// The end of a line.
    Newline,
    /// The end of the file.
    End,
}

/// The most characters that macros may come to in one file.
const MOST_EXPANDED: usize = 1 << 22;

/// Stand around the text of a macro while it is read (as in `igetc` of `parse.y`); no text may have them.
const EXPANSION_STARTS: char = '\u{1}';
const EXPANSION_ENDS: char = '\u{2}';

/// Where a character came from.
#[derive(Clone, Copy)]
enum Origin {
    Text { start: usize },
    Macro(char),
}

/// Reads a text word by word.
pub(super) struct Lexer<'t> {
    file: FileId,
    dialect: Dialect,
    text: &'t str,
    /// The byte of the next character.
    at: usize,
    /// Macros' characters that are still to be read; the last one is next.
    pending: Vec<char>,
    /// Whether the last character came from a macro.
    is_expanding: bool,
    /// Where the macro is used whose text is being read.
    used: Range<usize>,
    last: Option<Origin>,
    macros: BTreeMap<String, String>,
    expanded: usize,
}

impl<'t> Lexer<'t> {
    /// At the start of a text.
    pub(super) fn new(file: FileId, text: &'t str, dialect: Dialect) -> Self {
        Self {
            file,
            dialect,
            text,
            at: 0,
            pending: Vec::new(),
            is_expanding: false,
            used: 0..0,
            last: None,
            macros: BTreeMap::new(),
            expanded: 0,
        }
    }

    /// Goes on with another text; macros stay.
    pub(super) fn open(&mut self, file: FileId, text: &'t str) {
        let macros = std::mem::take(&mut self.macros);
        *self = Self { macros, expanded: self.expanded, ..Self::new(file, text, self.dialect) };
    }

    /// Gives a macro its text; the last one counts.
    pub(super) fn define(&mut self, name: String, value: String) {
        self.macros.insert(name, value);
    }

    /// The next word and where it stands.
    pub(super) fn next(&mut self) -> Result<(Token, Site), Diagnostic> {
        loop {
            let start = self.blank();
            let Some(first) = self.char() else {
                return Ok((Token::End, self.site(start)));
            };
            let token = match first {
                '#' => {
                    self.comment();
                    continue;
                }
                '$' if !self.is_expanding => {
                    self.expand(start)?;
                    continue;
                }
                '\n' => Token::Newline,
                '"' | '\'' => Token::Text(self.quoted(first, start)?),
                '-' | '!' | '<' | '>' => self.operator(first),
                _ if first.is_ascii_alphanumeric() || matches!(first, ':' | '_') => self.word(first),
                _ => Token::Sign(first),
            };
            return Ok((token, self.site(start)));
        }
    }

    /// Passes over blanks; the place of what comes next.
    fn blank(&mut self) -> usize {
        loop {
            let start = self.here();
            match self.char() {
                Some(' ' | '\t') => {}
                Some('\u{c}') if self.dialect == Dialect::FreeBsd => {}
                Some(_) => {
                    self.unread();
                    return start;
                }
                None => return start,
            }
        }
    }

    fn here(&self) -> usize {
        if self.pending.is_empty() { self.at } else { self.used.start }
    }

    /// From a place to where the lexer stands now.
    fn site(&self, start: usize) -> Site {
        let end = if self.pending.is_empty() { self.at } else { self.used.end };
        Site::bytes(self.file, start..end.max(start))
    }

    /// The next character, whatever it is.
    fn raw(&mut self) -> Option<char> {
        while let Some(next) = self.pending.pop() {
            match next {
                EXPANSION_STARTS => self.is_expanding = true,
                EXPANSION_ENDS => self.is_expanding = false,
                _ => {
                    self.last = Some(Origin::Macro(next));
                    return Some(next);
                }
            }
        }
        let next = self.text.get(self.at..)?.chars().next()?;
        self.last = Some(Origin::Text { start: self.at });
        self.at += next.len_utf8();
        Some(next)
    }

    /// The next character outside quotes: a backslash joins lines, and is passed over elsewhere (`lgetc`).
    fn char(&mut self) -> Option<char> {
        let before = self.at;
        let mut next = self.raw();
        while next == Some('\\') {
            next = self.raw();
            if next != Some('\n') {
                break;
            }
            next = self.raw();
        }
        if let (Some(_), Some(Origin::Text { start })) = (next, &mut self.last) {
            *start = before;
        }
        if next.is_none() {
            self.last = None;
        }
        next
    }

    /// Takes the last character back.
    fn unread(&mut self) {
        match self.last.take() {
            Some(Origin::Text { start }) => self.at = start,
            Some(Origin::Macro(character)) => self.pending.push(character),
            None => {}
        }
    }

    /// Takes the next character if it is that one.
    fn take(&mut self, wanted: char) -> bool {
        let found = self.char();
        if found.is_some() && found != Some(wanted) {
            self.unread();
        }
        found == Some(wanted)
    }

    /// The rest of a line. A backslash at its end goes on with the next line.
    fn comment(&mut self) {
        while let Some(next) = self.char() {
            if next == '\n' {
                self.unread();
                return;
            }
        }
    }

    /// Puts the text of a macro before what is still to be read.
    fn expand(&mut self, start: usize) -> Result<(), Diagnostic> {
        let mut name = String::new();
        while let Some(next) = self.char() {
            if !next.is_ascii_alphanumeric() && next != '_' {
                self.unread();
                break;
            }
            name.push(next);
        }
        let site = self.site(start);
        let Some(value) = self.macros.get(&name) else {
            return Err(problem(site, format!("macro `{name}` is not defined")));
        };
        self.expanded = self.expanded.saturating_add(value.len());
        if self.expanded > MOST_EXPANDED {
            return Err(problem(site, "macros come to too much text"));
        }
        self.used = start..self.at;
        self.pending.push(EXPANSION_ENDS);
        self.pending.extend(value.chars().rev());
        self.pending.push(EXPANSION_STARTS);
        Ok(())
    }

    /// A quoted text after its first quote; it may go over lines, whose ends are dropped.
    fn quoted(&mut self, quote: char, start: usize) -> Result<String, Diagnostic> {
        let mut text = String::new();
        loop {
            match self.raw() {
                Some(end) if end == quote => return Ok(text),
                Some('\n') => {}
                Some('\\') => text.extend(self.escaped(quote)),
                Some(control) if control.is_control() && control != '\t' => {
                    return Err(problem(self.site(start), "a control character in a quoted text"));
                }
                Some(next) => text.push(next),
                None => return Err(problem(self.site(start), "a quoted text has no end")),
            }
        }
    }

    /// What a backslash in a quoted text stands for: before a quote and the end of a line for what follows, elsewhere
    /// for itself.
    fn escaped(&mut self, quote: char) -> Option<char> {
        match self.raw() {
            Some(next) if next == quote => Some(quote),
            Some('\n') => None,
            Some(_) => {
                self.unread();
                Some('\\')
            }
            None => Some('\\'),
        }
    }

    fn operator(&mut self, first: char) -> Token {
        let pairs: &[(char, &'static str)] = match first {
            '-' => &[('>', "->")],
            '!' => &[('=', "!=")],
            '<' => &[('>', "<>"), ('=', "<=")],
            _ => &[('<', "><"), ('=', ">=")],
        };
        let found = pairs.iter().find(|(second, _)| self.take(*second));
        found.map_or(Token::Sign(first), |&(_, operator)| Token::Operator(operator))
    }

    /// A number, a word of the language or another word (`yylex`).
    fn word(&mut self, first: char) -> Token {
        let mut word = String::from(first);
        let next = loop {
            match self.char() {
                Some(next) if is_in_word(next) => word.push(next),
                next => break next,
            }
        };
        if next.is_some() {
            self.unread();
        }
        if next.is_none_or(ends_number) && word.chars().all(|digit| digit.is_ascii_digit()) {
            return word.parse().map_or(Token::Text(word), Token::Number);
        }
        keyword(&word, self.dialect).map_or(Token::Text(word), Token::Keyword)
    }
}

/// What may follow a number (`allowed_to_end_number`).
fn ends_number(next: char) -> bool {
    next.is_ascii_whitespace() || matches!(next, ')' | ',' | '/' | '}' | '=')
}

/// What a word may go on with (`allowed_in_string`).
fn is_in_word(next: char) -> bool {
    next.is_ascii_alphanumeric()
        || (next.is_ascii_punctuation()
            && !matches!(next, '(' | ')' | '{' | '}' | '<' | '>' | '!' | '=' | '/' | '#' | ','))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Sources};

    fn file() -> FileId {
        Sources::default().add(SourceFile::new("pf.conf".to_owned(), String::new(), None))
    }

    fn tokens(text: &str, macros: &[(&str, &str)]) -> Result<Vec<Token>, String> {
        let mut lexer = Lexer::new(file(), text, Dialect::OpenBsd);
        for &(name, value) in macros {
            lexer.define(name.to_owned(), value.to_owned());
        }
        let mut all = Vec::new();
        loop {
            match lexer.next() {
                Ok((Token::End, _)) => return Ok(all),
                Ok((token, _)) => all.push(token),
                Err(diagnostic) => return Err(diagnostic.title),
            }
        }
    }

    fn text(text: &str) -> Token {
        Token::Text(text.to_owned())
    }

    #[test]
    fn numbers_stand_by_themselves() {
        let read = tokens("80 80:90 10/8 0.5 10.1/8", &[]).unwrap();
        let slash = || Token::Sign('/');
        let expected = [
            Token::Number(80),
            text("80:90"),
            Token::Number(10),
            slash(),
            Token::Number(8),
            text("0.5"),
            text("10.1"),
            slash(),
            Token::Number(8),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn macros_join_with_what_follows() {
        let macros = [("if", "em0"), ("list", "{ 1 2 }"), ("loop", "$loop")];
        let read = tokens("$if:network ($if)", &macros).unwrap();
        assert_eq!(read, [text("em0:network"), Token::Sign('('), text("em0"), Token::Sign(')')]);
        assert_eq!(tokens("$list", &macros).unwrap().len(), 4);
        assert_eq!(tokens("$loop", &macros).unwrap(), [Token::Sign('$'), text("loop")]);
        assert_eq!(tokens("$none", &macros).unwrap_err(), "macro `none` is not defined");
    }

    #[test]
    fn a_backslash_joins_lines_even_in_a_comment() {
        let read = tokens("in \\\n out # no \\\n pass\nany", &[]).unwrap();
        let word = Token::Keyword;
        assert_eq!(read, [word("in"), word("out"), Token::Newline, word("any")]);
    }

    #[test]
    fn quotes_hide_words_of_the_language() {
        let read = tokens("\"in\" 'a\\'b' \"x\n y\"", &[]).unwrap();
        assert_eq!(read, [text("in"), text("a'b"), text("x y")]);
        assert!(tokens("\"open", &[]).is_err());
    }

    #[test]
    fn operators_are_read_whole() {
        let read = tokens("!= <= >= >< <> -> < > ! -", &[]).unwrap();
        let operators = ["!=", "<=", ">=", "><", "<>", "->"].map(Token::Operator);
        let signs = ['<', '>', '!', '-'].map(Token::Sign);
        assert_eq!(read, [&operators[..], &signs[..]].concat());
    }
}
