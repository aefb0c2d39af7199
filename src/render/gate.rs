//! The last look at a finished ruleset: what no template and no value may have smuggled in.

use thiserror::Error;

use crate::model::unprintable;

/// Why a finished text is not handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum Smuggled {
    /// A control, bidirectional or invisible character; a carriage return, too.
    #[error("holds a control or invisible character")]
    Unprintable,
    /// A line longer than the target's reader takes in one piece.
    #[error("is longer than the target can read in one piece")]
    LongLine,
    /// pf and shells read a line and the next one as one.
    #[error("ends in a backslash, which would swallow the next line")]
    Continued,
    /// A quote that is not closed on its line; `iptables-restore` would take the rest for a part of it.
    #[error("holds a quote that is not closed")]
    OpenQuote,
    /// A comment behind a rule would hide the end of the rule.
    #[error("holds a comment that does not start the line")]
    LateComment,
    /// No end of line at the end of the text.
    #[error("is not ended")]
    Unfinished,
}

/// Reads a finished text whose lines have at most `longest` bytes.
///
/// # Errors
/// The number of the first bad line, from 1, and what is wrong with it.
pub(super) fn check(text: &str, longest: usize) -> Result<(), (usize, Smuggled)> {
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let verdict =
            line.strip_suffix('\n').ok_or(Smuggled::Unfinished).and_then(|line| check_line(line, longest));
        verdict.map_err(|problem| (index + 1, problem))?;
    }
    Ok(())
}

fn check_line(line: &str, longest: usize) -> Result<(), Smuggled> {
    if line.len() > longest {
        return Err(Smuggled::LongLine);
    }
    let plain = line.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    if !plain && line.chars().any(|c| c != '\t' && unprintable(c)) {
        return Err(Smuggled::Unprintable);
    }
    if line.ends_with('\\') {
        return Err(Smuggled::Continued);
    }
    if line.trim_start().starts_with('#') { Ok(()) } else { check_words(line) }
}

/// A line that is not a comment: quotes are closed, and no comment hides its end. No target needs a backslash.
fn check_words(line: &str) -> Result<(), Smuggled> {
    let (mut quoted, mut late) = (false, false);
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        late |= byte == b'#' && !quoted;
    }
    match (quoted, late) {
        (true, _) => Err(Smuggled::OpenQuote),
        (false, true) => Err(Smuggled::LateComment),
        (false, false) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_rules_pass() {
        assert_eq!(
            check("#!/usr/sbin/nft -f\n\ttcp dport 25 accept comment \"# not one; {}\"\n\n", 80),
            Ok(())
        );
    }

    #[test]
    fn smuggled_text_does_not() {
        let cases = [
            ("a\r\n", Smuggled::Unprintable),
            ("a\u{202e}\n", Smuggled::Unprintable),
            ("# a \\\n", Smuggled::Continued),
            ("accept comment \"a\n", Smuggled::OpenQuote),
            ("tcp dport 25 # drop\n", Smuggled::LateComment),
            ("a", Smuggled::Unfinished),
        ];
        for (text, problem) in cases {
            assert_eq!(check(&format!("ok\n{text}"), 80), Err((2, problem)), "{text:?}");
        }
        assert_eq!(check(&format!("{}\n", "a".repeat(81)), 80), Err((1, Smuggled::LongLine)));
    }
}
