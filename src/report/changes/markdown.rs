//! Changes in traffic for reviewers: a comment for a pull request.

use super::sentence::{self, Measure, Tense, summary};
use super::{Compared, told};
use crate::analyze::{Cause, Change};
use crate::report::Examined;
use crate::report::markup::{capital, code, escaped};
use crate::source::SourceFile;

/// Rules of one side that a change shows; the rest are counted.
const MOST_CAUSES: usize = 6;

/// Every change under the title of its kind, and a first line that says it all.
#[must_use]
pub fn markdown(run: &[Compared<'_>]) -> String {
    format!("**{}**\n{}", escaped(&capital(&summary(run))), markdown_items(run).concat())
}

/// Every change, the first of its kind with the title of that, and then what could not be told.
#[must_use]
pub fn markdown_items(run: &[Compared<'_>]) -> Vec<String> {
    let mut items = Vec::new();
    let mut last = None;
    for (policy, change) in told(run) {
        let title = match last.replace(change.kind) {
            Some(kind) if kind == change.kind => String::new(),
            _ => format!("\n### {}\n\n", capital(sentence::title(change.kind))),
        };
        items.extend(run.get(policy).map(|compared| title + &item(compared, change)));
    }
    items.extend(Some(undecided(run)).filter(|doubts| !doubts.is_empty()));
    items
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
