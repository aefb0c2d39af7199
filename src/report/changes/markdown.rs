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
    let section = |(title, items): (String, Vec<String>)| format!("\n### {title}\n\n{}", items.concat());
    let sections: String = markdown_sections(run).into_iter().map(section).collect();
    format!("**{}**\n{sections}", escaped(&capital(&summary(run))))
}

/// Every change under the title of its kind, and then what could not be told.
#[must_use]
pub fn markdown_sections(run: &[Compared<'_>]) -> Vec<(String, Vec<String>)> {
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    let mut last = None;
    for (policy, change) in told(run) {
        if last.replace(change.kind) != Some(change.kind) {
            sections.push((capital(sentence::title(change.kind)), Vec::new()));
        }
        if let Some(((_, items), compared)) = sections.last_mut().zip(run.get(policy)) {
            items.push(item(compared, change));
        }
    }
    let doubts = undecided(run).map(|doubts| ("Undecided".to_owned(), vec![doubts]));
    sections.into_iter().chain(doubts).collect()
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

fn undecided(run: &[Compared<'_>]) -> Option<String> {
    let doubts: Vec<String> = run
        .iter()
        .flat_map(|compared| &compared.delta.undecided)
        .map(|doubt| format!("- {}\n", escaped(&sentence::doubt(doubt))))
        .collect();
    (!doubts.is_empty()).then(|| format!("{}\n{}.\n", doubts.concat(), capital(sentence::NO_PROOF)))
}
