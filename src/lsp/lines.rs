//! Lines and columns as editors count them: from 0, columns in bytes or in UTF-16 units.

use std::ops;

use super::protocol::{Position, Range};

/// What columns count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: what an editor counts that does not say otherwise.
    Utf16,
}

impl Encoding {
    /// The name in the protocol.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
        }
    }

    fn width(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }
}

/// A text by its lines.
#[derive(Clone, Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub(super) fn of(text: &'t str, encoding: Encoding) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts, encoding }
    }

    /// The position of a byte; the end of the text for one beyond it.
    pub(super) fn position(&self, byte: usize) -> Position {
        let byte = self.text.floor_char_boundary(byte);
        let line = self.starts.partition_point(|&start| start <= byte).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let column = self.encoding.width(self.text.get(start..byte).unwrap_or_default());
        Position { line: small(line), character: small(column) }
    }

    /// The range of bytes.
    pub(super) fn range(&self, bytes: ops::Range<usize>) -> Range {
        Range { start: self.position(bytes.start), end: self.position(bytes.end) }
    }

    /// The byte at a position; the end of the line for a column beyond it, the end of the text for a line beyond it.
    pub(super) fn byte(&self, position: Position) -> usize {
        let Some(&start) = self.starts.get(position.line as usize) else { return self.text.len() };
        let line = self.text.get(start..).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut left = position.character as usize;
        for (at, c) in line.char_indices() {
            let width = self.encoding.width(c.encode_utf8(&mut [0; 4]));
            if left < width {
                return start + at;
            }
            left -= width;
        }
        start + line.len()
    }

    /// The bytes of a range, none of them twice.
    pub(super) fn bytes(&self, range: Range) -> ops::Range<usize> {
        let [start, end] = [range.start, range.end].map(|position| self.byte(position));
        start..end.max(start)
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a: 𝛑é\r\nb: 日\n";

    #[test]
    fn columns_count_what_was_agreed_on() {
        let at = |encoding, byte| {
            let Position { line, character } = Lines::of(TEXT, encoding).position(byte);
            (line, character)
        };
        let behind_pi = TEXT.find('é').unwrap();
        assert_eq!(at(Encoding::Utf8, behind_pi), (0, 7));
        assert_eq!(at(Encoding::Utf16, behind_pi), (0, 5));
        assert_eq!(at(Encoding::Utf16, TEXT.len()), (2, 0));
        assert_eq!(at(Encoding::Utf16, 1_000), (2, 0));
    }

    #[test]
    fn every_place_between_characters_is_found_again() {
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let lines = Lines::of(TEXT, encoding);
            for (byte, _) in TEXT.char_indices().filter(|(_, c)| *c != '\n') {
                assert_eq!(lines.byte(lines.position(byte)), byte, "{encoding:?} {byte}");
            }
        }
    }

    #[test]
    fn places_that_are_not_there_are_near_ones() {
        let lines = Lines::of(TEXT, Encoding::Utf16);
        let byte = |line, character| lines.byte(Position { line, character });
        assert_eq!(byte(0, 4), 3, "in the middle of a pair: before it");
        assert_eq!(byte(0, 99), TEXT.find('\r').unwrap());
        assert_eq!(byte(99, 0), TEXT.len());
    }
}
