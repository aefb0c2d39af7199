//! Findings and what is excused, ready for the page.

use serde::Serialize;

use crate::lint::Excepted;
use crate::report::{Examined, permission};
use crate::source::{Diagnostic, Site, SourceFile, Sources};

/// A piece of a sentence: words, or what the user wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    text: String,
    is_code: bool,
}

/// A finding.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    code: &'static str,
    severity: &'static str,
    title: Vec<Piece>,
    place: String,
    related: Vec<Related>,
    notes: Vec<Vec<Piece>>,
    help: Option<Vec<Piece>>,
    /// Whether it is shown at once.
    is_grave: bool,
}

/// Another place that matters.
#[derive(Debug, Serialize)]
struct Related {
    place: String,
    text: Vec<Piece>,
}

/// A finding that somebody permitted.
#[derive(Debug, Serialize)]
pub(super) struct Excused {
    finding: Finding,
    permission: Vec<Piece>,
    place: String,
}

/// Words between back-ticks are what the user wrote.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let parts = text.split('`').enumerate();
    let pieces = parts.map(|(at, part)| Piece { text: part.to_owned(), is_code: at % 2 == 1 });
    pieces.filter(|piece| !piece.text.is_empty()).collect()
}

/// `path:line` of a place.
pub(super) fn place(sources: &Sources, site: Site) -> String {
    let path = sources.file(site.file).map_or("", SourceFile::path);
    format!("{path}:{}", sources.position(site).line)
}

/// The findings, the gravest first and in the order of the file.
pub(super) fn findings(examined: &Examined) -> Vec<Finding> {
    let mut all: Vec<&Diagnostic> = examined.diagnostics.iter().collect();
    all.sort_by_key(|one| (std::cmp::Reverse(one.severity), one.primary.site));
    all.into_iter().map(|one| finding(one, &examined.sources)).collect()
}

/// A finding.
pub(super) fn finding(diagnostic: &Diagnostic, sources: &Sources) -> Finding {
    let related = diagnostic
        .related
        .iter()
        .map(|label| Related { place: place(sources, label.site), text: pieces(&label.text) });
    Finding {
        code: diagnostic.code,
        severity: diagnostic.severity.name(),
        title: pieces(&diagnostic.title),
        place: place(sources, diagnostic.primary.site),
        related: related.collect(),
        notes: diagnostic.notes.iter().map(|note| pieces(note)).collect(),
        help: diagnostic.help.as_deref().map(pieces),
        is_grave: diagnostic.severity >= crate::source::Severity::High,
    }
}

/// A finding that somebody permitted.
pub(super) fn excused(excepted: &Excepted, sources: &Sources) -> Excused {
    Excused {
        finding: finding(&excepted.finding, sources),
        permission: pieces(&permission(excepted)),
        place: place(sources, excepted.by),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_what_the_user_wrote() {
        let piece = |text: &str, is_code| Piece { text: text.to_owned(), is_code };
        assert_eq!(
            pieces("rule `a-b` fails"),
            [piece("rule ", false), piece("a-b", true), piece(" fails", false)]
        );
        assert_eq!(pieces("`x`"), [piece("x", true)]);
    }
}
