//! The words of one line, for the little languages of the command line: each with its place.

use crate::source::{FileId, Site};

/// A word and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) site: Site,
}

impl Word<'_> {
    /// Some bytes of the word.
    pub(super) fn part(self, start: usize, end: usize) -> Self {
        let text = self.text.get(start..end).unwrap_or_default();
        Self { text, site: self.site.part(start..end) }
    }
}

/// The words of a line, read from left to right.
#[derive(Clone, Debug)]
pub(super) struct Phrase<'t> {
    words: Vec<Word<'t>>,
    next: usize,
    /// Where the line begins and ends, blanks left out.
    whole: Site,
    end: Site,
}

impl<'t> Phrase<'t> {
    /// The words of a line that begins at a byte of a file: what stands between blanks, and each separator, wherever
    /// it stands.
    pub(super) fn new(file: FileId, start: usize, line: &'t str, separators: &[&str]) -> Self {
        let mut words = Vec::new();
        let mut rest = line;
        while !rest.is_empty() {
            let length = word_length(rest, separators);
            let Some((text, behind)) = rest.split_at_checked(length) else { break };
            let at = start + line.len() - rest.len();
            if !text.trim().is_empty() {
                words.push(Word { text, site: Site::bytes(file, at..at + text.len()) });
            }
            rest = behind;
        }
        let (first, last) = (line.len() - line.trim_start().len(), line.trim_end().len());
        let whole = Site::bytes(file, start + first.min(last)..start + last);
        Self { words, next: 0, whole, end: Site::bytes(file, start + last..start + last) }
    }

    /// The line without the blanks around it.
    pub(super) fn whole(&self) -> Site {
        self.whole
    }

    /// The place behind the last word.
    pub(super) fn end(&self) -> Site {
        self.end
    }

    /// The next word, which stays there.
    pub(super) fn peek(&self) -> Option<Word<'t>> {
        self.words.get(self.next).copied()
    }

    /// Reads the next word if it is this one, in upper or lower case.
    pub(super) fn accept(&mut self, word: &str) -> bool {
        let is_this = self.peek().is_some_and(|next| next.text.eq_ignore_ascii_case(word));
        self.next += usize::from(is_this);
        is_this
    }

    /// The word before the one that comes next.
    pub(super) fn previous(&self) -> Option<Word<'t>> {
        self.words.get(self.next.checked_sub(1)?).copied()
    }
}

impl<'t> Iterator for Phrase<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        let word = self.peek()?;
        self.next += 1;
        Some(word)
    }
}

/// How many bytes the first word of a text has: a separator, blanks, or anything up to the next of those.
fn word_length(text: &str, separators: &[&str]) -> usize {
    let separator =
        |text: &str| separators.iter().find(|separator| text.starts_with(**separator)).map(|one| one.len());
    let is_blank = text.starts_with(char::is_whitespace);
    let ends = |(at, c): &(usize, char)| {
        let behind = text.get(*at..).unwrap_or_default();
        c.is_whitespace() != is_blank || separator(behind).is_some()
    };
    separator(text).unwrap_or_else(|| text.char_indices().skip(1).find(ends).map_or(text.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::{SourceFile, Sources};

    fn words(line: &str) -> (Vec<&str>, Vec<std::ops::Range<usize>>) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("<line>".to_owned(), line.to_owned(), None));
        let phrase = Phrase::new(file, 0, line, &["->", ">", ","]);
        phrase.map(|word| (word.text, sources.span(word.site))).unzip()
    }

    #[test]
    fn words_stand_between_blanks_and_separators() {
        let (texts, places) = words("  tcp a>b  -> c-d,é ");
        assert_eq!(texts, ["tcp", "a", ">", "b", "->", "c-d", ",", "é"]);
        assert_eq!(places[7], 18..20);
    }

    proptest! {
        #[test]
        fn nothing_but_blanks_is_lost(line in "(\\PC|[ \t>,-]){0,40}") {
            let (texts, places) = words(&line);
            prop_assert_eq!(texts.concat(), line.split_whitespace().collect::<String>());
            for (text, place) in texts.iter().zip(places) {
                prop_assert_eq!(line.get(place), Some(*text));
            }
        }
    }
}
