//! Findings for code scanning: SARIF 2.1.0 (OASIS Standard, 27 March 2020).
//!
//! What is excepted is a result, too, with who permitted it. What a baseline file lists is not: it is not told in any format. Only rules
//! with results are described, since a report does not know which others were looked at.

mod document;
mod rule;

use super::json::{self, Span};
use super::{Fingerprints, HOME, Level, TOOL, message, printable, reference};
use crate::lint::Excepted;
use crate::report::{Examined, Summary, permission, said_of};
use crate::source::{self, Change, Diagnostic, Label, Severity, Site, Sources};
use document::{
    Artifact, Bases, Changes, Document, Driver, Fingerprint, Fix, Invocation, Physical, Place, Region,
    Replacement, Root, Run, RunResult, Suppression, Text, Tool, Weight,
};
use rule::Rules;

/// The base of relative paths: where mailward was run.
const ROOT: &str = "%SRCROOT%";

/// One document of one run.
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn sarif(run: &[Examined]) -> Result<String, serde_json::Error> {
    let mut author = Author::default();
    let told = said_of(run).map(|(one, finding)| author.result(one, finding, Vec::new()));
    let mut results: Vec<RunResult<'_>> = told.collect();
    for one in run {
        let excepted = |excepted| author.excepted(one, excepted);
        results.extend(one.excepted.iter().map(excepted));
    }
    super::document(&Document {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: TOOL,
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: HOME,
                    rules: author.rules.described(),
                },
            },
            invocations: [Invocation { execution_successful: Summary::of(run).count(Severity::Error) == 0 }],
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: Bases { root: Root { description: Text::new("where mailward was run") } },
            results,
        }],
    })
}

/// What results share.
#[derive(Default)]
struct Author<'r> {
    rules: Rules<'r>,
    fingerprints: Fingerprints<'r>,
}

impl<'r> Author<'r> {
    fn result(
        &mut self,
        one: &'r Examined,
        finding: &'r Diagnostic,
        suppressions: Vec<Suppression>,
    ) -> RunResult<'r> {
        let sources = &one.sources;
        RunResult {
            rule_id: finding.code,
            rule_index: self.rules.index(finding),
            level: level(finding.severity),
            message: Text::new(unlinked(&message(finding))),
            locations: [location(finding.primary.site, sources)],
            related_locations: finding
                .related
                .iter()
                .enumerate()
                .map(|(at, label)| related(at, label, sources))
                .collect(),
            partial_fingerprints: Fingerprint { first: self.fingerprints.next(one, finding) },
            fixes: finding.fix.iter().filter_map(|fix| self::fix(fix, sources)).collect(),
            suppressions,
            properties: Weight { severity: finding.severity.name() },
        }
    }

    fn excepted(&mut self, one: &'r Examined, excepted: &'r Excepted) -> RunResult<'r> {
        let suppression = Suppression {
            kind: "inSource",
            status: "accepted",
            justification: printable(&permission(excepted)),
            location: location(excepted.by, &one.sources),
        };
        self.result(one, &excepted.finding, vec![suppression])
    }
}

const fn level(severity: Severity) -> &'static str {
    match Level::of(severity) {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// Text in which nothing is a link: SARIF takes `[words](target)` for one (§3.11.6).
fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}

fn related(at: usize, label: &Label, sources: &Sources) -> Place {
    let message = (!label.text.is_empty()).then(|| Text::new(unlinked(&printable(&label.text))));
    Place { id: Some(at + 1), message, ..location(label.site, sources) }
}

fn location(site: Site, sources: &Sources) -> Place {
    let span = json::span(site, sources);
    let physical_location = Physical { artifact_location: artifact(span.path), region: region(&span) };
    Place { id: None, physical_location, message: None }
}

/// A file: relative to where mailward was run, unless it is elsewhere.
fn artifact(path: &str) -> Artifact {
    if path.starts_with('/') {
        Artifact { uri: format!("file://{}", reference(path)), uri_base_id: None }
    } else {
        Artifact { uri: reference(path), uri_base_id: Some(ROOT) }
    }
}

/// Both ends count from 1, columns in characters; the end is the position after the last one.
fn region(span: &Span<'_>) -> Region {
    Region {
        start_line: span.line,
        start_column: span.column,
        end_line: span.end_line,
        end_column: span.end_column,
    }
}

/// A fix with all its edits; none where the layout of a file does not allow one of them.
fn fix(fix: &source::Fix, sources: &Sources) -> Option<Fix> {
    let mut changes: Vec<Changes> = Vec::new();
    for Change { file, range, text } in fix.changes(sources)? {
        let span = json::span(Site::bytes(file, range), sources);
        let replacement = Replacement { deleted_region: region(&span), inserted_content: Text::new(text) };
        let artifact_location = artifact(span.path);
        match changes.iter_mut().find(|change| change.artifact_location == artifact_location) {
            Some(change) => change.replacements.push(replacement),
            None => changes.push(Changes { artifact_location, replacements: vec![replacement] }),
        }
    }
    let title = format!("{} ({}: {})", printable(&fix.title), fix.safety().name(), fix.effect.name());
    Some(Fix { description: Text::new(title), artifact_changes: changes })
}
