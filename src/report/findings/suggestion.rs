//! A fix as people see it: the lines that it changes.

use annotate_snippets::{Group, Level, Patch, Snippet};

use super::human::wrapped;
use crate::source::{Change, Fix, Sources};

/// Lines that are shown at most, old and new ones together: `lint --diff` shows all.
const MOST_LINES: usize = 24;

/// What a fix does, under its title; none if it changes more than there is room for, or several files.
pub(super) fn suggestion<'d>(fix: &'d Fix, sources: &'d Sources) -> Option<Group<'d>> {
    let changes = fix.changes(sources)?;
    let file = changes.first()?.file;
    if changes.iter().any(|change| change.file != file) {
        return None;
    }
    let file = sources.file(file)?;
    let first = changes.iter().map(|change| change.range.start).min()?;
    let last = changes.iter().map(|change| change.range.end).max()?;
    let start = file.text().get(..first)?.rfind('\n').map_or(0, |end| end + 1);
    let end = file.text().get(last..)?.find('\n').map_or(file.text().len(), |at| last + at);
    let text = file.text().get(start..end)?;
    let lines = |text: &str| text.matches('\n').count() + 1;
    let all: usize = lines(text) + changes.iter().map(|change| lines(&change.text)).sum::<usize>();
    if all > MOST_LINES {
        return None;
    }
    let patch = |Change { range, text, .. }: Change| Patch::new(range.start - start..range.end - start, text);
    let snippet = Snippet::source(text).line_start(file.position(start).line).path(file.path());
    Some(title(fix).element(snippet.patches(changes.into_iter().map(patch))))
}

fn title(fix: &Fix) -> annotate_snippets::Title<'static> {
    Level::HELP.secondary_title(wrapped(&words(fix)))
}

/// What a fix does, and how sure it is.
pub(super) fn words(fix: &Fix) -> String {
    format!("{} fix: {}", fix.safety().name(), fix.title)
}
