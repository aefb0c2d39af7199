//! Findings for reviewdog: the Diagnostic Format that it reads with `-f=rdjson`.

use serde::Serialize;

use super::{HOME, Level, TOOL, document, message, printable};
use crate::report::{Examined, Said, said};
use crate::source::{Change, Diagnostic, Label, Site, SourceFile, Sources};

#[derive(Serialize)]
struct Document<'r> {
    source: Source,
    diagnostics: Vec<Told<'r>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'static str,
}

#[derive(Serialize)]
struct Told<'r> {
    message: String,
    location: Location<'r>,
    severity: &'static str,
    code: Code<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'r>>,
}

#[derive(Serialize)]
struct Code<'r> {
    value: &'r str,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    range: Range,
}

#[derive(Serialize)]
struct Related<'r> {
    #[serde(skip_serializing_if = "String::is_empty")]
    message: String,
    location: Location<'r>,
}

/// What stands in a range of the file that the diagnostic is about becomes this text.
#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

/// The end is the position after the last byte.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Both numbers count from 1, columns in bytes.
#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

/// One document with everything that was said.
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn rdjson(run: &[Examined]) -> Result<String, serde_json::Error> {
    let diagnostics = said(run).into_iter().map(told).collect();
    document(&Document { source: Source { name: TOOL, url: HOME }, diagnostics })
}

fn told((finding, sources): Said<'_>) -> Told<'_> {
    let severity = match Level::of(finding.severity) {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Note => "INFO",
    };
    Told {
        message: message(finding),
        location: location(finding.primary.site, sources),
        severity,
        code: Code { value: finding.code },
        suggestions: suggestion(finding, sources).into_iter().collect(),
        related_locations: finding.related.iter().map(|label| related(label, sources)).collect(),
    }
}

/// The fix, if one edit in the file of the finding is all of it: reviewdog offers suggestions one by one.
fn suggestion(finding: &Diagnostic, sources: &Sources) -> Option<Suggestion> {
    match finding.fix.as_ref()?.changes(sources)?.as_slice() {
        [Change { file, range, text }] if *file == finding.primary.site.file => {
            Some(Suggestion { range: self::range(range, sources.file(*file)), text: text.clone() })
        }
        _ => None,
    }
}

fn related<'r>(label: &Label, sources: &'r Sources) -> Related<'r> {
    Related { message: printable(&label.text), location: location(label.site, sources) }
}

fn location(site: Site, sources: &Sources) -> Location<'_> {
    let file = sources.file(site.file);
    Location { path: file.map_or("", SourceFile::path), range: range(&sources.span(site), file) }
}

fn range(bytes: &std::ops::Range<usize>, file: Option<&SourceFile>) -> Range {
    let [start, end] = [bytes.start, bytes.end].map(|byte| position(byte, file));
    Range { start, end }
}

fn position(byte: usize, file: Option<&SourceFile>) -> Position {
    let starts = file.map_or(&[][..], SourceFile::line_starts);
    let line = starts.partition_point(|&start| start <= byte).max(1);
    let start = starts.get(line - 1).copied().unwrap_or(0);
    Position { line, column: byte - start + 1 }
}
