//! Texts that are safe wherever they go: names, interfaces, comments.

use std::fmt;

use thiserror::Error;

use crate::source::{Spanned, is_invisible};

/// Why a text is not a name, an interface or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidName {
    /// Nothing there.
    #[error("is empty")]
    Empty,
    /// More characters than every target can carry.
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// Names are `[a-z][a-z0-9-]*`.
    #[error("may hold only lower-case letters, digits and `-`, and starts with a letter")]
    NotASlug,
    /// Interfaces are `[A-Za-z][A-Za-z0-9._-]*`.
    #[error("may hold only letters, digits, `.`, `_` and `-`, and starts with a letter")]
    NotAnInterface,
    /// Comments are one line of printable text.
    #[error("holds a control or invisible formatting character")]
    NotPrintable,
}

/// A name `[a-z][a-z0-9-]*` of at most 48 characters: policies, rules, zones, networks and services.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// What a policy has a name for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    /// Its name, where it is declared.
    pub name: Spanned<Name>,
    /// What it stands for.
    pub value: T,
    /// Whether a zone, a host, a rule or an expectation leads to it.
    pub is_used: bool,
}

/// An interface name: at most 15 bytes, as Linux's `IFNAMSIZ` leaves room for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interface(String);

/// One line of printable text, of any length; each target clips it to what it can carry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comment(String);

impl Name {
    /// The longest name; a pf tag or label (63 bytes) still has room for a prefix and a suffix.
    pub const LONGEST: usize = 48;

    /// A name, if the text is one.
    ///
    /// # Errors
    /// Says which rule of names the text breaks.
    pub fn new(text: &str) -> Result<Self, InvalidName> {
        let slug = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        match text.len() {
            0 => Err(InvalidName::Empty),
            _ if !slug => Err(InvalidName::NotASlug),
            length if length > Self::LONGEST => Err(InvalidName::TooLong(Self::LONGEST)),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Interface {
    /// `IFNAMSIZ` is 16 with the closing NUL (`linux/if.h`).
    pub const LONGEST: usize = 15;

    /// An interface name, if the text is one on every target.
    ///
    /// # Errors
    /// Says which rule of interface names the text breaks.
    pub fn new(text: &str) -> Result<Self, InvalidName> {
        let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        match text.len() {
            0 => Err(InvalidName::Empty),
            _ if !plain => Err(InvalidName::NotAnInterface),
            length if length > Self::LONGEST => Err(InvalidName::TooLong(Self::LONGEST)),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Comment {
    /// Bytes of a comment line in a ruleset; far below the 1,023 bytes of an `iptables-restore` argument.
    pub const LONGEST_SHOWN: usize = 800;

    /// A comment, if the text is one printable line.
    ///
    /// # Errors
    /// Refuses empty text, control characters and bidirectional or invisible formatting characters.
    pub fn new(text: &str) -> Result<Self, InvalidName> {
        match text.trim() {
            "" => Err(InvalidName::Empty),
            text if text.chars().any(unprintable) => Err(InvalidName::NotPrintable),
            text => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// At most `longest` bytes: a longer text of ASCII keeps its start and gets a hash of the whole as its end, so that two
/// long names stay apart and a name never depends on the others.
pub(crate) fn shortened(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let mark = format!("-{:06x}", fingerprint(text) & 0xff_ffff);
    let kept = text.get(..longest.saturating_sub(mark.len())).unwrap_or("");
    format!("{kept}{mark}")
}

/// FNV-1a, 32 bits: stable across versions and machines, which the standard hashers are not.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Control characters, and characters that nobody sees.
pub(crate) fn unprintable(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
