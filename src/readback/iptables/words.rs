//! Words of a line as `iptables-restore` splits them (`add_param_to_argv` in `iptables/xshared.c`).

use std::ops::Range;

/// A word, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// What it says.
    pub(super) text: String,
    /// Its bytes in the text, quotes included.
    pub(super) span: Range<usize>,
}

/// Where in a line a reader is.
#[derive(Clone, Copy)]
enum Place {
    /// Outside of quotes.
    Plain,
    /// Inside of quotes that began at this byte.
    Quoted(usize),
    /// After a backslash inside of quotes.
    Escaped(usize),
}

/// A word that is being read.
#[derive(Default)]
struct Words {
    done: Vec<Word>,
    text: String,
    // The byte at which it began; none between two words.
    from: Option<usize>,
}

impl Words {
    fn begin(&mut self, at: usize) {
        self.from.get_or_insert(at);
    }

    fn push(&mut self, at: usize, char: char) {
        self.begin(at);
        self.text.push(char);
    }

    fn end(&mut self, at: usize) {
        if let Some(from) = self.from.take() {
            self.done.push(Word { text: std::mem::take(&mut self.text), span: from..at });
        }
    }
}

/// The words of a line that starts at a byte of its text. A closing quote ends a word; outside of quotes a backslash is a
/// letter like others.
///
/// # Errors
/// The bytes from a quote that is never closed: `iptables-restore` takes everything after it for one word, and loads
/// the rule without its target.
pub(super) fn words(line: &str, start: usize) -> Result<Vec<Word>, Range<usize>> {
    let mut words = Words::default();
    let mut place = Place::Plain;
    for (offset, char) in line.char_indices() {
        let at = start + offset;
        place = match (place, char) {
            (Place::Plain, '"') => {
                words.begin(at);
                Place::Quoted(at)
            }
            (Place::Plain, ' ' | '\t') => {
                words.end(at);
                Place::Plain
            }
            (Place::Quoted(_), '"') => {
                words.end(at + 1);
                Place::Plain
            }
            (Place::Quoted(from), '\\') => Place::Escaped(from),
            (Place::Quoted(from) | Place::Escaped(from), _) => {
                words.push(at, char);
                Place::Quoted(from)
            }
            (Place::Plain, _) => {
                words.push(at, char);
                Place::Plain
            }
        };
    }
    let end = start + line.len();
    match place {
        Place::Plain => {
            words.end(end);
            Ok(words.done)
        }
        Place::Quoted(from) | Place::Escaped(from) => Err(from..end),
    }
}

/// The lines of a text without their ends, and where they start.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim_end_matches(['\n', '\r']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Vec<String> {
        words(line, 0).unwrap().into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn blanks_and_closing_quotes_end_a_word() {
        assert_eq!(split("-A  INPUT\t-j ACCEPT "), ["-A", "INPUT", "-j", "ACCEPT"]);
        assert_eq!(split(r#"--comment "a b" c"d e"f "" g"#), ["--comment", "a b", "cd e", "f", "", "g"]);
    }

    #[test]
    fn a_backslash_counts_in_quotes_only() {
        assert_eq!(split(r#""a \" \\ b" c\d"#), [r#"a " \ b"#, r"c\d"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_pointed_at() {
        assert_eq!(words(r#"--comment "x -j DROP"#, 100), Err(110..120));
        assert_eq!(words(r#""x\""#, 0), Err(0..4));
    }

    #[test]
    fn words_know_where_they_stand() {
        let spans: Vec<_> = words(r#"a "b c" d"#, 10).unwrap().into_iter().map(|word| word.span).collect();
        assert_eq!(spans, [10..11, 12..17, 18..19]);
        assert_eq!(lines("a\r\n\nb").collect::<Vec<_>>(), [(0, "a"), (3, ""), (4, "b")]);
    }
}
