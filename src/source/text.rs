//! Bytes into text that reads the same for people and for programs.

use std::ops::Range;

use super::{Diagnostic, FileId, Site};

/// What makes bytes unfit to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub(crate) kind: UnreadableKind,
    /// The offending bytes, in the text that [`decode`] returned.
    pub(crate) span: Range<usize>,
}

/// Ways in which bytes are unfit to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnreadableKind {
    /// Not UTF-8.
    Encoding,
    /// Not UTF-8 but, by its first bytes, UTF-16.
    Utf16,
    /// A control character other than tab, line feed and carriage return before a line feed.
    Control(char),
    /// A character that nobody sees and that makes text look like other text.
    Invisible(char),
}

/// What some editors begin files with.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The byte-order mark that a file begins with; nothing where it has none. Whoever writes the file again puts it back.
#[must_use]
pub fn mark(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(BYTE_ORDER_MARK.as_bytes()) { BYTE_ORDER_MARK } else { "" }
}

/// The text of a file without its byte-order mark, and the first thing that is wrong with it.
///
/// Bytes that are not UTF-8 become U+FFFD, so that a message can still show the line.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> (String, Option<Unreadable>) {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    match String::from_utf8(bytes) {
        Ok(text) => check(text),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let kind = if utf16 { UnreadableKind::Utf16 } else { UnreadableKind::Encoding };
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let end = text.ceil_char_boundary(start + 1);
            (text, Some(Unreadable { kind, span: start..end }))
        }
    }
}

/// The text without its byte-order mark, and the first character in it that must not be there.
#[must_use]
fn check(mut text: String) -> (String, Option<Unreadable>) {
    text.drain(..mark(text.as_bytes()).len());
    let refused = first_refused(&text);
    (text, refused)
}

fn first_refused(text: &str) -> Option<Unreadable> {
    let mut at = 0;
    // Nearly every byte is printable ASCII: only the others are decoded.
    while let Some(distance) = text.as_bytes().get(at..)?.iter().position(|&byte| is_notable(byte)) {
        at += distance;
        let c = text.get(at..)?.chars().next()?;
        let span = at..at + c.len_utf8();
        let follower = text.as_bytes().get(span.end);
        if let Some(kind) = refused(c, follower) {
            return Some(Unreadable { kind, span });
        }
        at = span.end;
    }
    None
}

/// Whether a byte may belong to a character that must not be there.
const fn is_notable(byte: u8) -> bool {
    byte >= 0x7f || (byte < b' ' && byte != b'\n')
}

fn refused(c: char, follower: Option<&u8>) -> Option<UnreadableKind> {
    match c {
        '\t' | '\n' => None,
        '\r' if follower == Some(&b'\n') => None,
        c if c.is_control() => Some(UnreadableKind::Control(c)),
        c if is_invisible(c) => Some(UnreadableKind::Invisible(c)),
        _ => None,
    }
}

/// Formatting characters that make a text look like another one: bidirectional controls (Unicode UAX #9),
/// zero-width characters, fillers, line separators, interlinear marks and tags.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The user's word for a message: in back-ticks, on one line, without characters that hide or move others, and
/// not longer than a message bears.
#[must_use]
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let printable = |c: char| if c.is_control() || is_invisible(c) { '\u{fffd}' } else { c };
    let shown: String = text.chars().take(LONGEST).map(printable).collect();
    if text.chars().nth(LONGEST).is_some() { format!("`{shown}…`") } else { format!("`{shown}`") }
}

impl Unreadable {
    /// The problem in the file that holds the text.
    #[must_use]
    pub fn diagnostic(&self, file: FileId) -> Diagnostic {
        Diagnostic::error(self.code(), Site::bytes(file, self.span.clone()), self.title()).help(self.help())
    }

    /// A title for people.
    fn title(&self) -> String {
        match self.kind {
            UnreadableKind::Encoding | UnreadableKind::Utf16 => "this file is not UTF-8".to_owned(),
            UnreadableKind::Control('\r') => "a carriage return without a line feed".to_owned(),
            UnreadableKind::Control(c) => format!("control character U+{:04X}", u32::from(c)),
            UnreadableKind::Invisible(c) => format!("invisible character U+{:04X}", u32::from(c)),
        }
    }

    /// The kind of problem, as in [`Diagnostic::code`](super::Diagnostic::code).
    const fn code(&self) -> &'static str {
        match self.kind {
            UnreadableKind::Encoding | UnreadableKind::Utf16 => "not-utf8",
            UnreadableKind::Control(_) => "control-character",
            UnreadableKind::Invisible(_) => "invisible-character",
        }
    }

    /// What to do about it.
    const fn help(&self) -> &'static str {
        match self.kind {
            UnreadableKind::Encoding => "save the file as UTF-8",
            UnreadableKind::Utf16 => "it looks like UTF-16: save it as UTF-8",
            UnreadableKind::Control('\r') => "end lines with a line feed, or with both",
            UnreadableKind::Control(_) => "delete it; nothing in a policy needs it",
            UnreadableKind::Invisible(_) => {
                "delete it: it makes the text look different from what programs read"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Option<(&'static str, Range<usize>)> {
        decode(bytes.to_vec()).1.map(|problem| (problem.code(), problem.span))
    }

    #[test]
    fn ordinary_text_passes() {
        assert_eq!(found("a: é\tb\r\nc: 日本\n".as_bytes()), None);
        assert_eq!(found(b""), None);
    }

    #[test]
    fn one_leading_byte_order_mark_is_skipped() {
        assert_eq!(decode("\u{feff}a".into()), ("a".to_owned(), None));
        assert_eq!(found("\u{feff}\u{feff}a".as_bytes()), Some(("invisible-character", 0..3)));
    }

    #[test]
    fn each_bad_character_is_found_at_its_place() {
        assert_eq!(found(b"a\0b"), Some(("control-character", 1..2)));
        assert_eq!(found(b"ab\x1b[2J"), Some(("control-character", 2..3)));
        assert_eq!(found(b"a\rb"), Some(("control-character", 1..2)));
        assert_eq!(found("a\u{85}".as_bytes()), Some(("control-character", 1..3)));
        assert_eq!(found("# \u{202e}".as_bytes()), Some(("invisible-character", 2..5)));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_found_and_can_be_shown() {
        let (text, problem) = decode(b"name: caf\xe9\n".to_vec());
        assert_eq!(text, "name: caf\u{fffd}\n");
        assert_eq!(problem.map(|problem| problem.span), Some(9..12));
    }

    #[test]
    fn utf16_is_named() {
        let problem = decode(b"\xff\xfea\0".to_vec()).1.expect("not UTF-8");
        assert_eq!((problem.kind, problem.span), (UnreadableKind::Utf16, 0..3));
    }
}
