//! Changes in traffic for reviewers: a comment for a pull request.

use super::sentence::{self, Measure, Tense, summary};
use super::{Compared, told};
use crate::analyze::{Cause, Change};
use crate::report::Examined;
use crate::source::SourceFile;

/// Rules of one side that a change shows; the rest are counted.
const MOST_CAUSES: usize = 6;

/// Every change under the title of its kind, and a first line that says it all.
#[must_use]
pub fn markdown(run: &[Compared<'_>]) -> String {
    let mut text = format!("**{}**\n", escaped(&capital(&summary(run))));
    let mut last = None;
    for (policy, change) in told(run) {
        if last.replace(change.kind) != Some(change.kind) {
            text.extend(["\n### ", &capital(sentence::title(change.kind)), "\n\n"]);
        }
        if let Some(compared) = run.get(policy) {
            text += &item(compared, change);
        }
    }
    text + &undecided(run)
}

/// One change as an item of a list.
fn item(compared: &Compared<'_>, change: &Change<'_>) -> String {
    let mut said: Vec<String> = compared.fate().map(str::to_owned).into_iter().collect();
    said.extend(sentence::measures(change).iter().map(measure));
    said.extend(sentence::smaller(change));
    said.extend(sentence::exceptions(change).iter().map(|exception| escaped(exception)));
    said.extend(causes(change, Tense::Now, compared.new));
    said.extend(causes(change, Tense::Before, compared.old));
    said.push(format!("for example {}", code(&change.example)));
    let lines: Vec<String> = said.iter().map(|line| format!("  - {line}\n")).collect();
    format!("- **{}**\n{}", code(&sentence::headline(change)), lines.concat())
}

/// The size of a part.
fn measure(Measure { words, size }: &Measure) -> String {
    match words {
        Some(words) => format!("and {}: {size}", code(words)),
        None => size.clone(),
    }
}

/// Who does or did something, each with its place.
fn causes(change: &Change<'_>, tense: Tense, examined: Option<&Examined>) -> Vec<String> {
    let Some(examined) = examined else { return Vec::new() };
    let (causes, more) = sentence::causes(change, tense, MOST_CAUSES);
    let told = |cause: &Cause<'_>| {
        let said = escaped(&sentence::cause(change.kind, tense, cause));
        format!("{said}: {}", code(&place(cause, examined)))
    };
    causes.map(told).chain(more).collect()
}

/// `path:line`.
fn place(cause: &Cause<'_>, examined: &Examined) -> String {
    let path = examined.sources.file(cause.site.file).map_or("", SourceFile::path);
    format!("{path}:{}", examined.sources.position(cause.site).line)
}

fn undecided(run: &[Compared<'_>]) -> String {
    let doubts: Vec<String> = run
        .iter()
        .flat_map(|compared| &compared.delta.undecided)
        .map(|doubt| format!("- {}\n", escaped(&sentence::doubt(doubt))))
        .collect();
    if doubts.is_empty() {
        return String::new();
    }
    format!("\n### Undecided\n\n{}\n{}.\n", doubts.concat(), capital(sentence::NO_PROOF))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Text that stays text: words between back-ticks become code, and what stands between them has no meaning in Markdown
/// or HTML.
fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { plain(part) }).collect()
}

/// Words of our own; a sign among them is one of punctuation.
fn plain(text: &str) -> String {
    let is_sign = |c: char| c.is_ascii_punctuation() && !",.:;-/()'".contains(c);
    let escape = |c: char| is_sign(c).then_some('\\');
    text.chars().flat_map(|c| escape(c).into_iter().chain([shown(c)])).collect()
}

/// A span of code: nothing in it is more than text, nobody is called and no other page is meant. Its fence is longer than every run of back-ticks in it.
fn code(text: &str) -> String {
    let shown: String = text.chars().map(shown).collect();
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Nothing that ends a line or hides.
fn shown(c: char) -> char {
    if crate::model::unprintable(c) { char::REPLACEMENT_CHARACTER } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_code_and_signs_are_text() {
        assert_eq!(escaped("rule `a-b` drops them"), "rule `a-b` drops them");
        assert_eq!(escaped("<b> *x* [y](z) @you"), "\\<b\\> \\*x\\* \\[y\\](z) \\@you");
        assert_eq!(escaped("a\n# b"), "a\u{fffd}\\# b");
    }

    #[test]
    fn nothing_leaves_a_span_of_code() {
        assert_eq!(code("a.yaml:3"), "`a.yaml:3`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("```"), "```` ``` ````");
        assert_eq!(code("a\r\n\u{1b}\u{202e}b"), "`a\u{fffd}\u{fffd}\u{fffd}\u{fffd}b`");
    }
}
