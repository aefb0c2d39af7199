//! The only text that reaches a ruleset: pieces made of literals, checked values and disarmed comments.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use minijinja::Value;

use crate::model::{Comment, Interface, Name, shortened, unprintable};

/// A part of one line of a ruleset.
///
/// It is made by [`piece!`](crate::render::piece::piece) from literals and [`Token`]s, or from a user's text by
/// [`quoted`] and [`remark`], and by nothing else: what a user wrote in free text can only ever be a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Piece(String);

/// Values whose text is the same harmless word on every target.
pub(super) trait Token: fmt::Display {}

macro_rules! tokens {
    ($($kind:ty),+ $(,)?) => { $(impl Token for $kind {})+ };
}
impl<T: Token> Token for &T {}
tokens!(u8, u16, u32, u64, usize, Ipv4Addr, Ipv6Addr, IpAddr, IpNet, Name, Interface, Piece);

/// Formats literals and [`Token`]s into a [`Piece`].
///
/// The format goes through `concat!`, which switches off captured variables: every argument is written out and
/// must be a [`Token`].
macro_rules! piece {
    ($format:literal $(, $token:expr)* $(,)?) => {
        $crate::render::piece::Piece::from_tokens(
            ::std::format_args!(::std::concat!($format) $(, $crate::render::piece::token(&$token))*),
        )
    };
}
pub(super) use piece;

/// Lets through what may stand in a [`piece!`].
pub(super) const fn token<T: Token>(value: &T) -> &T {
    value
}

impl Piece {
    /// For [`piece!`] only, which checks the arguments.
    pub(super) fn from_tokens(parts: fmt::Arguments<'_>) -> Self {
        Self(parts.as_str().map_or_else(|| parts.to_string(), str::to_owned))
    }

    /// A word of a target's language.
    pub(super) fn literal(word: &'static str) -> Self {
        Self(word.to_owned())
    }

    /// Pieces with a literal between them.
    pub(super) fn join(pieces: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let mut joined = String::new();
        for (index, piece) in pieces.into_iter().enumerate() {
            joined.push_str(if index == 0 { "" } else { between });
            joined.push_str(&piece.0);
        }
        Self(joined)
    }

    /// The same with other words in place of some: `-` is not a letter of every target's names.
    pub(super) fn replace(&self, from: &'static str, to: &'static str) -> Self {
        Self(self.0.replace(from, to))
    }

    /// At most `longest` bytes: a longer piece of ASCII keeps its start and gets a hash of the whole as its end,
    /// so that two long names stay apart and a name never depends on the others.
    pub(super) fn shorten(&self, longest: usize) -> Self {
        Self(shortened(&self.0, longest))
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The one place that marks text as fit to be written; see [`super::templates`].
impl From<Piece> for Value {
    fn from(piece: Piece) -> Self {
        Self::from_safe_string(piece.0)
    }
}

/// Pieces as a list for a template.
pub(super) fn values(pieces: impl IntoIterator<Item = Piece>) -> Vec<Value> {
    pieces.into_iter().map(Value::from).collect()
}

/// A user's text between double quotes, `longest` bytes at most without them.
pub(super) fn quoted(text: &str, longest: usize) -> Piece {
    Piece(format!("\"{}\"", ellipsis(&disarm(text), longest)))
}

/// A user's text as a comment line of its own.
pub(super) fn remark(text: &str) -> Piece {
    Piece(format!("# {}", ellipsis(&disarm(text), Comment::LONGEST_SHOWN)))
}

/// Text that no target reads as more than text, in comments and between double quotes alike.
///
/// nft has no escapes at all, a pf comment that ends in `\` swallows the next line, and `iptables-restore` takes
/// an unfinished quote: so none of these characters is ever written, a look-alike stands in for each.
fn disarm(text: &str) -> String {
    let harmless = |c| match c {
        '"' | '`' => '\'',
        '\\' => '/',
        '$' => '\u{ff04}',
        c if unprintable(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(harmless).collect()
}

/// The longest start of a text within `longest` bytes that ends between two characters.
fn clip(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}

/// The text, or its start and an ellipsis where it is longer than `longest` bytes.
fn ellipsis(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    format!("{}…", clip(text, longest.saturating_sub('…'.len_utf8())).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_holds_what_its_tokens_say() {
        assert_eq!(piece!("tcp dport {}-{}", 1_u16, 2_u16).as_str(), "tcp dport 1-2");
        assert_eq!(Piece::join([piece!("a"), piece!("b")], ", ").as_str(), "a, b");
    }

    #[test]
    fn quotes_hold_no_character_that_a_target_reads() {
        let nasty = quoted("x\"; accept; #\n\\`$(id)\u{202e}{}", 128);
        assert_eq!(nasty.as_str(), "\"x'; accept; #\u{fffd}/'\u{ff04}(id)\u{fffd}{}\"");
        assert_eq!(remark("ends in \\").as_str(), "# ends in /");
    }

    #[test]
    fn long_text_is_clipped_between_characters() {
        assert_eq!(quoted(&"é".repeat(64), 128).as_str().len(), 130);
        assert_eq!(quoted(&"é".repeat(65), 128).as_str().len(), 2 + 124 + 3);
        assert_eq!(remark(&"x".repeat(5_000)).as_str().len(), 2 + Comment::LONGEST_SHOWN);
    }

    #[test]
    fn long_names_keep_their_start_and_stay_apart() {
        let (one, two) =
            (piece!("a-very-long-name-one").shorten(16), piece!("a-very-long-name-two").shorten(16));
        assert!(one.as_str().starts_with("a-very-lo-"), "{one}");
        assert_eq!(one.as_str().len(), 16);
        assert_ne!(one, two);
        assert_eq!(piece!("short").shorten(16), piece!("short"));
    }
}
