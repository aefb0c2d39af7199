//! Findings for people and editors: one line each.

use std::fmt::Write as _;

use super::human::summary;
use super::printable;
use crate::report::{Examined, Summary, said};

/// A line `path:line:column: severity[check] title` for everything that was said, and the summary.
#[must_use]
pub fn concise(run: &[Examined]) -> String {
    let mut text = String::new();
    for (finding, sources) in said(run) {
        let place = printable(&sources.place(finding.primary.site));
        let (severity, title) = (finding.severity.name(), printable(&finding.title));
        let _ = writeln!(text, "{place}: {severity}[{}] {title}", finding.code);
    }
    text + &summary(&Summary::of(run)) + "\n"
}
