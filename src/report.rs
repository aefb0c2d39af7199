//! What people and machines see of a run: one file per format. Findings have their formats in [`findings`], changes in
//! traffic in [`changes`], standards in [`compliance`].

pub mod changes;
pub mod compliance;
pub mod findings;
pub mod graph;
mod markup;
pub mod page;
pub mod proof;
pub mod review;
pub mod services;
mod trials;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

pub use findings::{human, json, messages, number as count};
pub use trials::{Score, Tried, human as trials_human, json as trials_json};

use jiff::civil::Date;

use crate::lint::Excepted;
use crate::source::{Diagnostic, Severity, SourceFile, Sources};

/// Whether a report has styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// ANSI escape codes.
    Styled,
    /// Text alone.
    Plain,
}

/// One policy file of a run, with everything that was said about it.
#[derive(Debug)]
pub struct Examined {
    /// The file that was asked for, as messages name it.
    pub path: String,
    /// The name of the policy; none if it is not valid.
    pub name: Option<String>,
    /// The files that were read for it.
    pub sources: Sources,
    /// What was said about it.
    pub diagnostics: Vec<Diagnostic>,
    /// What is not said because somebody permitted it.
    pub excepted: Vec<Excepted>,
    /// How many findings are not said because they are known from a baseline file.
    pub known: usize,
    /// Whether it is no policy, but a file beside them.
    pub is_aside: bool,
}

impl Examined {
    /// A file of which nothing has been said.
    #[must_use]
    pub const fn new(path: String, name: Option<String>, sources: Sources) -> Self {
        Self { path, name, sources, diagnostics: Vec::new(), excepted: Vec::new(), known: 0, is_aside: false }
    }

    /// The same as far as reports need it: texts, but no trees. A run over many files keeps this of each.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let excepted = self.excepted.iter_mut();
        for excepted in excepted {
            excepted.by = self.sources.in_bytes(excepted.by);
        }
        let findings = self.excepted.iter_mut().map(|excepted| &mut excepted.finding);
        for diagnostic in self.diagnostics.iter_mut().chain(findings) {
            diagnostic.settle(&self.sources);
        }
        self.sources.forget_trees();
        self
    }
}

/// A diagnostic and the files it points into.
pub type Said<'e> = (&'e Diagnostic, &'e Sources);

/// How many diagnostics of each severity a run has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    counts: BTreeMap<Severity, usize>,
    policies: usize,
    excepted: usize,
    next_expiry: Option<Date>,
    known: usize,
}

impl Summary {
    /// Counts what the formats show.
    #[must_use]
    pub fn of<'e>(run: impl IntoIterator<Item = &'e Examined>) -> Self {
        let run: Vec<&Examined> = run.into_iter().collect();
        let mut counts = BTreeMap::new();
        for (diagnostic, _) in said(run.iter().copied()) {
            *counts.entry(diagnostic.severity).or_default() += 1;
        }
        let excepted = || run.iter().flat_map(|one| &one.excepted);
        Self {
            counts,
            policies: run.iter().filter(|one| !one.is_aside).count(),
            excepted: excepted().count(),
            next_expiry: excepted().filter_map(|excepted| excepted.expires).min(),
            known: run.iter().map(|one| one.known).sum(),
        }
    }

    /// How many diagnostics have that severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.get(&severity).copied().unwrap_or(0)
    }

    /// The gravest severity of the findings, errors in the input left aside.
    #[must_use]
    pub fn worst_finding(&self) -> Option<Severity> {
        self.counts.range(..Severity::Error).next_back().map(|(severity, _)| *severity)
    }
}

/// Everything that was said, in the order of the run. What two policies say about a file that both include is
/// said once.
fn said<'e>(run: impl IntoIterator<Item = &'e Examined>) -> Vec<Said<'e>> {
    said_of(run).map(|(one, diagnostic)| (diagnostic, &one.sources)).collect()
}

/// [`said`], with the policy file that it was said about.
fn said_of<'e>(
    run: impl IntoIterator<Item = &'e Examined>,
) -> impl Iterator<Item = (&'e Examined, &'e Diagnostic)> {
    let mut seen = BTreeSet::new();
    let all = run.into_iter().flat_map(|one| one.diagnostics.iter().map(move |diagnostic| (one, diagnostic)));
    all.filter(move |(one, diagnostic)| seen.insert(identity(diagnostic, &one.sources)))
}

/// What makes two diagnostics the same to a reader.
fn identity<'e>(diagnostic: &'e Diagnostic, sources: &'e Sources) -> (&'e str, usize, &'e str, &'e str) {
    let site = diagnostic.primary.site;
    let path = sources.file(site.file).map_or("", SourceFile::path);
    (path, sources.span(site).start, diagnostic.code, &diagnostic.title)
}

/// Who permitted something, why, and until when.
fn permission(excepted: &Excepted) -> String {
    let until = excepted.expires.map(|day| format!("until {day}"));
    let owner = excepted.owner.as_ref().map(|owner| format!("by {owner}"));
    let granted: Vec<String> = [until, owner].into_iter().flatten().collect();
    let reason = excepted.reason.as_ref().map(|reason| format!(": {}", reason.trim_end_matches('.')));
    format!("{}{}", granted.join(" "), reason.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{At, Site};

    /// A run of one file in which each byte range has a diagnostic.
    pub(super) fn run(path: &str, text: &str, marked: &[(Severity, std::ops::Range<u32>)]) -> Examined {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new(path.to_owned(), text.to_owned(), None));
        let diagnose = |(severity, range): &(Severity, std::ops::Range<u32>)| {
            let site = Site { file, at: At::Bytes { start: range.start, end: range.end } };
            Diagnostic::new("some-check", *severity, site, "something is wrong")
        };
        let diagnostics = marked.iter().map(diagnose).collect();
        Examined { diagnostics, ..Examined::new(path.to_owned(), None, sources) }
    }

    #[test]
    fn a_shared_file_is_reported_once() {
        let marked = [(Severity::Error, 0..1)];
        let both = [run("shared.yaml", "x\n", &marked), run("shared.yaml", "x\n", &marked)];
        assert_eq!(said(&both).len(), 1);
        assert_eq!(Summary::of(&both).count(Severity::Error), 1);
    }

    #[test]
    fn the_same_words_in_two_files_are_two_findings() {
        let marked = [(Severity::Low, 0..1)];
        let both = [run("a.yaml", "x\n", &marked), run("b.yaml", "x\n", &marked)];
        assert_eq!(said(&both).len(), 2);
    }

    #[test]
    fn errors_are_not_findings() {
        let one = [run("a.yaml", "xy\n", &[(Severity::Error, 0..1), (Severity::Medium, 1..2)])];
        assert_eq!(Summary::of(&one).count(Severity::Error), 1);
        assert_eq!(Summary::of(&one).worst_finding(), Some(Severity::Medium));
    }
}
