//! Findings as annotations of a run of GitHub Actions: one workflow command each.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::json::{Span, span};
use super::{Level, message, printable};
use crate::report::{Examined, Said, said};

/// A workflow command for everything that was said, the gravest first: GitHub shows the first ten of each level and step.
#[must_use]
pub fn github(run: &[Examined]) -> String {
    let mut all = said(run);
    all.sort_by_key(|(finding, _)| Reverse(finding.severity));
    all.into_iter().map(command).collect()
}

fn command((finding, sources): Said<'_>) -> String {
    let level = match Level::of(finding.severity) {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let Span { path, line, column, end_line, end_column } = span(finding.primary.site, sources);
    let mut text = format!("::{level} file={},line={line},endLine={end_line}", property(path));
    // Columns are for places on one line; GitHub names the last one that belongs to them.
    if line == end_line {
        let last = end_column.saturating_sub(1).max(column);
        let _ = write!(text, ",col={column},endColumn={last}");
    }
    let title = format!("{}[{}]", finding.severity.name(), finding.code);
    let _ = writeln!(text, ",title={}::{}", property(&title), data(&message(finding)));
    text
}

/// A value between `=` and `,`.
fn property(text: &str) -> String {
    data(&printable(text)).replace(':', "%3A").replace(',', "%2C")
}

/// What stands behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
