//! Findings for machines: one JSON document whose shape only grows within a version.

use serde::Serialize;

use crate::lint;
use crate::report::{Examined, Said, Summary, said};
use crate::source::{self, Change, Label, Severity, Site, SourceFile, Sources};

/// Version of the document's shape; raised when a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

/// Everything that was said.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Document<'r> {
    /// Raised when a reader of the old shape would misread the new one; new keys may come without.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    policies: Vec<Policy<'r>>,
    findings: Vec<Finding<'r>>,
    excepted: Vec<Excepted<'r>>,
    summary: Counts,
}

/// A policy that was looked at.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Policy<'r> {
    path: &'r str,
    /// Null if the policy is not valid.
    name: Option<&'r str>,
}

/// One diagnostic.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct Finding<'r> {
    /// The id of a check, or the kind of an error.
    code: &'r str,
    #[cfg_attr(test, schemars(extend("enum" = ["info", "low", "medium", "high", "critical", "error"])))]
    severity: &'static str,
    /// What is wrong, in a line.
    title: &'r str,
    #[serde(flatten)]
    place: Place<'r>,
    /// Other places that matter.
    related: Vec<Place<'r>>,
    /// Why it matters, a packet that shows it, the standards it rests on.
    notes: &'r [String],
    /// What to do.
    help: Option<&'r str>,
    fix: Option<Fix<'r>>,
}

/// A finding that somebody permitted, and who did.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct Excepted<'r> {
    finding: Finding<'r>,
    #[serde(flatten)]
    by: Span<'r>,
    /// Why it was permitted.
    reason: Option<&'r str>,
    /// Who answers for it.
    owner: Option<&'r str>,
    /// The last day on which it holds.
    expires: Option<String>,
}

/// A change to files: all of the edits, or none.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Fix<'r> {
    /// What it does.
    title: &'r str,
    /// Whether it may be carried out without a person's look.
    #[cfg_attr(test, schemars(extend("enum" = ["safe", "unsafe"])))]
    safety: &'static str,
    /// What becomes of packets.
    effect: &'static str,
    edits: Vec<Edit<'r>>,
}

/// What stands in a place becomes this text.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Edit<'r> {
    #[serde(flatten)]
    span: Span<'r>,
    text: String,
}

/// A place and what there is to say beside it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Place<'r> {
    #[serde(flatten)]
    span: Span<'r>,
    /// A few words beside the place, or none.
    label: &'r str,
}

/// A place. Lines and columns count from 1, columns in characters; the end is the position after the last character.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(in crate::report) struct Span<'r> {
    pub(super) path: &'r str,
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(super) line: usize,
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(super) column: usize,
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(super) end_line: usize,
    #[cfg_attr(test, schemars(range(min = 1)))]
    pub(super) end_column: usize,
}

/// How many findings of each severity there are, and how many are not told.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Counts {
    error: usize,
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
    excepted: usize,
    baseline: usize,
}

/// Everything that was said as one JSON document with a line end. Lines and columns count from 1, columns in
/// characters; an end is the position after the last character.
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn json(run: &[Examined]) -> Result<String, serde_json::Error> {
    super::document(&document(run))
}

/// Everything that was said in the words of the document.
pub(super) fn document(run: &[Examined]) -> Document<'_> {
    Document {
        version: VERSION,
        policies: run
            .iter()
            .filter(|one| !one.is_aside)
            .map(|one| Policy { path: &one.path, name: one.name.as_deref() })
            .collect(),
        findings: said(run).into_iter().map(finding).collect(),
        excepted: run
            .iter()
            .flat_map(|one| one.excepted.iter().map(|excepted| self::excepted(excepted, &one.sources)))
            .collect(),
        summary: counts(&Summary::of(run)),
    }
}

/// A diagnostic in the words of the document.
pub(in crate::report) fn finding((diagnostic, sources): Said<'_>) -> Finding<'_> {
    Finding {
        code: diagnostic.code,
        severity: diagnostic.severity.name(),
        title: &diagnostic.title,
        place: place(&diagnostic.primary, sources),
        related: diagnostic.related.iter().map(|label| place(label, sources)).collect(),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().and_then(|fix| self::fix(fix, sources)),
    }
}

/// What somebody permitted, in the words of the document.
pub(in crate::report) fn excepted<'r>(excepted: &'r lint::Excepted, sources: &'r Sources) -> Excepted<'r> {
    Excepted {
        finding: finding((&excepted.finding, sources)),
        by: span(excepted.by, sources),
        reason: excepted.reason.as_deref(),
        owner: excepted.owner.as_deref(),
        expires: excepted.expires.map(|day| day.to_string()),
    }
}

/// A fix with its edits; none where the layout of the file does not allow them.
fn fix<'r>(fix: &'r source::Fix, sources: &'r Sources) -> Option<Fix<'r>> {
    let edit = |Change { file, range, text }| Edit { span: span(Site::bytes(file, range), sources), text };
    let edits = fix.changes(sources)?.into_iter().map(edit).collect();
    Some(Fix { title: &fix.title, safety: fix.safety().name(), effect: fix.effect.name(), edits })
}

fn place<'r>(label: &'r Label, sources: &'r Sources) -> Place<'r> {
    Place { span: span(label.site, sources), label: &label.text }
}

/// The lines and columns of a place.
pub(in crate::report) fn span(site: Site, sources: &Sources) -> Span<'_> {
    let file = sources.file(site.file);
    let start = sources.position(site);
    let end = file.map_or(start, |file| file.position(sources.span(site).end));
    Span {
        path: file.map_or("", SourceFile::path),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

fn counts(summary: &Summary) -> Counts {
    Counts {
        error: summary.count(Severity::Error),
        critical: summary.count(Severity::Critical),
        high: summary.count(Severity::High),
        medium: summary.count(Severity::Medium),
        low: summary.count(Severity::Low),
        info: summary.count(Severity::Info),
        excepted: summary.excepted,
        baseline: summary.known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::run;

    /// What the schema of the document is published as.
    const SCHEMA: &str = "schema/report.schema.json";

    #[test]
    fn the_published_schema_is_that_of_the_document() {
        let generator = schemars::generate::SchemaSettings::default().for_serialize().into_generator();
        let mut schema = generator.into_root_schema_for::<Document<'_>>();
        schema.insert("title".to_owned(), "findings of mailward".into());
        let should = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
        if std::env::var_os("MAILWARD_UPDATE_DOCS").is_some() {
            std::fs::write(&path, &should).unwrap();
        }
        let is = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            is == should,
            "{SCHEMA} is out of date: run the test with MAILWARD_UPDATE_DOCS=1 and review the change"
        );
    }

    #[test]
    fn a_document() {
        let one = run("a.yaml", "id: ä\n", &[(Severity::High, 4..6)]);
        insta::assert_snapshot!(json(&[one]).unwrap(), @r#"
        {
          "version": 1,
          "policies": [
            {
              "path": "a.yaml",
              "name": null
            }
          ],
          "findings": [
            {
              "code": "some-check",
              "severity": "high",
              "title": "something is wrong",
              "path": "a.yaml",
              "line": 1,
              "column": 5,
              "end_line": 1,
              "end_column": 6,
              "label": "",
              "related": [],
              "notes": [],
              "help": null,
              "fix": null
            }
          ],
          "excepted": [],
          "summary": {
            "error": 0,
            "critical": 0,
            "high": 1,
            "medium": 0,
            "low": 0,
            "info": 0,
            "excepted": 0,
            "baseline": 0
          }
        }
        "#);
    }
}
