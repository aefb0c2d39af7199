//! Findings for merge requests of GitLab: a report of Code Quality.

use serde::Serialize;

use super::{Fingerprints, TOOL, document, message};
use crate::report::{Examined, said_of};
use crate::source::{Diagnostic, Severity, SourceFile};

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// A list with everything that was said.
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn gitlab(run: &[Examined]) -> Result<String, serde_json::Error> {
    let mut fingerprints = Fingerprints::default();
    let issue = |(one, finding)| issue(one, finding, fingerprints.next(one, finding));
    document(&said_of(run).map(issue).collect::<Vec<Issue<'_>>>())
}

fn issue<'r>(one: &'r Examined, finding: &'r Diagnostic, fingerprint: String) -> Issue<'r> {
    let site = finding.primary.site;
    Issue {
        description: message(finding),
        check_name: format!("{TOOL}/{}", finding.code),
        fingerprint,
        severity: severity(finding.severity),
        location: Location {
            path: one.sources.file(site.file).map_or("", SourceFile::path),
            lines: Lines { begin: one.sources.position(site).line },
        },
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error | Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
