//! Rulesets into tokens (nft(8), lexical conventions; `scanner.l` of nftables).

use std::net::Ipv6Addr;
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword, name, number or address.
    Word,
    /// Text between quotes, without them.
    Quoted,
    /// An operator or bracket.
    Symbol,
    /// The end of a line, or a semicolon.
    Break,
}

/// A token and where it starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    /// What it is.
    pub(super) kind: Kind,
    /// Its text; for [`Kind::Quoted`] without the quotes.
    pub(super) text: &'t str,
    start: usize,
}

/// Bytes that no token can begin with, and what is wrong with them.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// Where.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) title: String,
}

impl Token<'_> {
    /// Its bytes, quotes included.
    pub(super) const fn span(&self) -> Range<usize> {
        let quotes = if matches!(self.kind, Kind::Quoted) { 2 } else { 0 };
        self.start..self.start + self.text.len() + quotes
    }
}

/// The tokens of a text.
///
/// # Errors
/// Quotes that do not end, and characters that mean nothing to nft.
pub(super) fn lex(text: &str) -> Result<Vec<Token<'_>>, Unreadable> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::with_capacity(text.len() / 5) };
    while lexer.step()? {}
    Ok(lexer.tokens)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token<'t>>,
}

/// Operators of two characters; they are looked for before those of one.
const PAIRS: [&str; 6] = ["==", "!=", "<=", ">=", "<<", ">>"];

impl<'t> Lexer<'t> {
    /// Reads one token, or skips what is none; false at the end.
    fn step(&mut self) -> Result<bool, Unreadable> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return Ok(false) };
        match first {
            ' ' | '\t' | '\r' | '\u{feff}' => self.at += first.len_utf8(),
            '\\' if line_continues(rest) => self.at += line_length(rest) + 1,
            '#' => self.comment(rest),
            '\n' | ';' => self.push(Kind::Break, rest, 1),
            '"' => self.quoted(rest)?,
            _ => self.plain(rest, first)?,
        }
        Ok(true)
    }

    /// Skips a comment. Where `nft list` cannot print a match or target of iptables it writes its name as a comment in the
    /// middle of the rule (`# xt_recent`): that is no comment.
    fn comment(&mut self, rest: &str) {
        let in_line = self.tokens.last().is_some_and(|token| token.kind != Kind::Break);
        self.at += if in_line && rest.starts_with("# xt_") { 2 } else { line_length(rest) };
    }

    fn quoted(&mut self, rest: &'t str) -> Result<(), Unreadable> {
        let inner = rest.get(1..).unwrap_or_default();
        let Some(length) = inner.find('"') else {
            return Err(Unreadable {
                span: self.at..self.at + line_length(rest),
                title: "these quotes do not end".to_owned(),
            });
        };
        let start = self.at;
        self.tokens.push(Token { kind: Kind::Quoted, text: inner.get(..length).unwrap_or_default(), start });
        self.at += length + 2;
        Ok(())
    }

    fn plain(&mut self, rest: &'t str, first: char) -> Result<(), Unreadable> {
        if let Some(length) = address_length(rest).or_else(|| word_length(rest, first)) {
            self.push(Kind::Word, rest, length);
        } else if PAIRS.iter().any(|pair| rest.starts_with(pair)) {
            self.push(Kind::Symbol, rest, 2);
        } else if first.is_ascii_punctuation() {
            self.push(Kind::Symbol, rest, 1);
        } else {
            let span = self.at..self.at + first.len_utf8();
            return Err(Unreadable {
                span,
                title: format!("unexpected character `{}`", first.escape_default()),
            });
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, rest: &'t str, length: usize) {
        let text = rest.get(..length).unwrap_or_default();
        self.tokens.push(Token { kind, text, start: self.at });
        self.at += length;
    }
}

fn line_continues(rest: &str) -> bool {
    rest.get(1..line_length(rest)).is_some_and(|tail| tail.trim().is_empty())
}

fn line_length(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// How long an IPv6 or link-layer address at the start is; none if there is none.
fn address_length(rest: &str) -> Option<usize> {
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let length = rest.bytes().take(64).take_while(|byte| is_part(byte)).count();
    let mut run = rest.get(..length)?;
    if rest.get(length..)?.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_') {
        // What follows the last colon are the first letters of a verdict.
        run = run.get(..=run.rfind(':')?)?;
    }
    while run.bytes().filter(|&byte| byte == b':').count() >= 2 {
        if run.parse::<Ipv6Addr>().is_ok() || is_link_layer(run) {
            return Some(run.len());
        }
        let colon = run.rfind(':')?;
        let shorter = if run.ends_with(':') { colon } else { colon + 1 };
        run = run.get(..shorter)?;
    }
    None
}

fn is_link_layer(run: &str) -> bool {
    let mut groups = 0;
    run.split(':').all(|group| {
        groups += 1;
        matches!(group.len(), 1 | 2) && !group.contains('.')
    }) && groups == 6
}

/// How long the word at the start is; none if there is none.
fn word_length(rest: &str, first: char) -> Option<usize> {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let is_named = |byte: &u8| is_inner(byte) || matches!(byte, b'-' | b'/');
    let length = if first.is_ascii_digit() {
        rest.bytes().take_while(is_inner).count()
    } else if first.is_ascii_alphabetic() || first == '_' {
        rest.bytes().take_while(is_named).count()
    } else {
        return None;
    };
    let tail = rest.get(length..)?;
    if !first.is_ascii_digit() && tail.starts_with('*') {
        return Some(length + 1);
    }
    if tail.starts_with("\\*") {
        return Some(length + 2);
    }
    Some(rest.get(..length)?.trim_end_matches('.').len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        lex(text).unwrap().iter().map(|token| token.text).collect()
    }

    #[test]
    fn colons_part_keys_from_verdicts_but_not_addresses() {
        assert_eq!(texts("22:accept"), ["22", ":", "accept"]);
        assert_eq!(texts("established:accept"), ["established", ":", "accept"]);
        assert_eq!(texts("::1:accept"), ["::1", ":", "accept"]);
        assert_eq!(texts("2001:db8::/32 : drop"), ["2001:db8::", "/", "32", ":", "drop"]);
        assert_eq!(texts("00:11:22:33:44:55"), ["00:11:22:33:44:55"]);
        assert_eq!(texts("ff02::1:ff00:0/104"), ["ff02::1:ff00:0", "/", "104"]);
        assert_eq!(texts("dnat to [::1]:80"), ["dnat", "to", "[", "::1", "]", ":", "80"]);
    }

    #[test]
    fn words_hold_what_nft_lets_names_hold() {
        assert_eq!(
            texts("nd-router-advert eth* 10.0.0.1-10.0.0.9"),
            ["nd-router-advert", "eth*", "10.0.0.1", "-", "10.0.0.9"]
        );
        assert_eq!(
            texts("rate 1/second 5 mbytes/second"),
            ["rate", "1", "/", "second", "5", "mbytes/second"]
        );
        assert_eq!(texts("saddr . tcp"), ["saddr", ".", "tcp"]);
    }

    #[test]
    fn comments_end_with_their_line_and_lines_may_continue() {
        assert_eq!(texts("a # b \\\nc"), ["a", "\n", "c"]);
        assert_eq!(texts("a \\\n b"), ["a", "b"]);
        assert_eq!(texts("\"a # b\""), ["a # b"]);
        assert_eq!(texts("counter # xt_recent accept"), ["counter", "xt_recent", "accept"]);
        assert_eq!(lex("a \"b").unwrap_err().span, 2..4);
    }
}
