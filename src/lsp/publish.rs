//! Findings as an editor shows them, at every file that they point to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::desk::Desk;
use super::lines::{Encoding, Lines};
use super::protocol::{Diagnostic, Location, Range, Related};
use super::study::Study;
use crate::source::{self, Severity, Site};

/// Who says it.
const SOURCE: &str = "mailward";

/// What is said in each file, because of which document.
#[derive(Debug, Default)]
pub(super) struct Board {
    said: BTreeMap<PathBuf, BTreeMap<String, Vec<Diagnostic>>>,
}

impl Board {
    /// Puts up what a document has to say; nothing for one that was closed. Returns every file of which something is said
    /// now or was before, with all that is said of it.
    pub(super) fn put(
        &mut self,
        document: &Path,
        said: BTreeMap<String, Vec<Diagnostic>>,
    ) -> Vec<(String, Vec<Diagnostic>)> {
        let before = self.said.insert(document.to_owned(), said).unwrap_or_default();
        let now = self.said.get(document).into_iter().flat_map(BTreeMap::keys).cloned();
        let files: BTreeSet<String> = before.into_keys().chain(now).collect();
        files.into_iter().map(|uri| (self.of(&uri), uri)).map(|(all, uri)| (uri, all)).collect()
    }

    /// All that is said of a file: what two policies say of one that both draw in, once.
    fn of(&self, uri: &str) -> Vec<Diagnostic> {
        let mut lists = self.said.values().filter_map(|said| said.get(uri));
        let mut all = lists.next().cloned().unwrap_or_default();
        for one in lists.flatten() {
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
        all
    }
}

/// Turns places of a study into those of an editor.
pub(super) struct Pointer<'s> {
    study: &'s Study,
    desk: &'s Desk,
    lines: BTreeMap<source::FileId, Lines<'s>>,
}

impl<'s> Pointer<'s> {
    /// For the files of a study.
    pub(super) fn new(study: &'s Study, desk: &'s Desk, encoding: Encoding) -> Self {
        let lines = study.sources.files().map(|(id, file)| (id, Lines::of(file.text(), encoding))).collect();
        Self { study, desk, lines }
    }

    /// The range of a place.
    pub(super) fn range(&self, site: Site) -> Range {
        self.range_of(site.file, self.study.sources.span(site))
    }

    /// The range of bytes of a file.
    pub(super) fn range_of(&self, file: source::FileId, bytes: std::ops::Range<usize>) -> Range {
        let nowhere = Lines::of("", Encoding::Utf8);
        self.lines.get(&file).unwrap_or(&nowhere).range(bytes)
    }

    /// The address of a file.
    pub(super) fn uri(&self, file: source::FileId) -> String {
        self.study.path(file).map_or_else(String::new, |path| self.desk.uri(path))
    }

    /// Where a place is.
    pub(super) fn location(&self, site: Site) -> Location {
        Location { uri: self.uri(site.file), range: self.range(site) }
    }

    /// A finding as an editor shows it.
    pub(super) fn diagnostic(&self, finding: &source::Diagnostic) -> Diagnostic {
        let related = finding.related.iter().map(|label| {
            let message = if label.text.is_empty() { "see here".to_owned() } else { label.text.clone() };
            Related { location: self.location(label.site), message }
        });
        Diagnostic {
            range: self.range(finding.primary.site),
            severity: severity(finding.severity),
            code: finding.code,
            source: SOURCE,
            message: message(finding),
            related_information: related.collect(),
        }
    }

    /// Everything that a study has to say, by file; nothing of the document itself is said, too.
    pub(super) fn said(&self) -> BTreeMap<String, Vec<Diagnostic>> {
        let mut said = BTreeMap::from([(self.uri(self.study.main), Vec::new())]);
        for finding in &self.study.diagnostics {
            let uri = self.uri(finding.primary.site.file);
            said.entry(uri).or_default().push(self.diagnostic(finding));
        }
        said
    }
}

/// What is wrong, why, and what to do, a line each.
fn message(finding: &source::Diagnostic) -> String {
    let mut lines = vec![finding.title.clone()];
    if !finding.primary.text.is_empty() {
        lines.push(finding.primary.text.clone());
    }
    lines.extend(finding.notes.iter().cloned());
    lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

/// Grave ones as errors, medium ones as warnings, the rest as information and hints.
const fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Error | Severity::Critical | Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
        Severity::Info => 4,
    }
}
