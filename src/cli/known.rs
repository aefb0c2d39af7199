//! Baseline files, `--baseline` and `--write-baseline`: tells only what is new.

use std::path::{Path, PathBuf};

use super::answer;
use super::failure::Failure;
use super::kept;
use super::replace::{self, Staged};
use super::terminal::{Terminal, printable};
use crate::lint::{Known, baseline_file};
use crate::parse::{self, KnownDecl};
use crate::report::{self, Examined};
use crate::source::{self, Diagnostic, SourceFile, Sources, written};

/// A baseline file that was read.
pub(super) struct Baseline {
    path: PathBuf,
    bytes: Vec<u8>,
    sources: Sources,
    decl: KnownDecl,
}

/// Reads a baseline file. None if it cannot be understood, which has then been told.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn read(path: &Path, terminal: &mut Terminal) -> Result<Option<Baseline>, Failure> {
    let bytes = source::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    let mut sources = Sources::default();
    match parse::known(&written(path), bytes.clone(), &mut sources) {
        Ok(decl) => Ok(Some(Baseline { path: path.to_owned(), bytes, sources, decl })),
        Err(problems) => {
            answer::refuse(sources, problems, terminal);
            Ok(None)
        }
    }
}

impl Baseline {
    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes known findings out of a run, and adds what is settled.
    pub(super) fn compare(self, run: &mut Vec<Examined>) {
        let stale = self.split(run);
        if !stale.is_empty() {
            let aside = Examined::new(written(&self.path), None, self.sources);
            run.push(Examined { diagnostics: stale, is_aside: true, ..aside });
        }
    }

    /// Takes known findings out of a run. If some of the file is settled: the file without that, and what to say when it is
    /// in its place.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn settle(self, run: &mut [Examined]) -> Result<Option<(Staged, String)>, Failure> {
        let stale = self.split(run);
        if stale.is_empty() {
            return Ok(None);
        }
        let text = format!("{}{}", source::mark(&self.bytes), without(&stale, &self.sources));
        let entries = report::count(stale.len(), "entry", "entries");
        let said = format!("took {entries} settled out of {}", shown(&self.path));
        Ok(Some((replace::stage_over(&self.path, self.bytes, &text)?, said)))
    }

    /// Takes known findings out of a run; what is left in the file is settled.
    fn split(&self, run: &mut [Examined]) -> Vec<Diagnostic> {
        let mut known = Known::new(&self.decl);
        for one in run {
            let Some(name) = one.name.clone() else { continue };
            (one.diagnostics, one.known) = known.split(&name, std::mem::take(&mut one.diagnostics));
        }
        known.stale()
    }
}

/// The text of the baseline file without what is settled.
fn without(stale: &[Diagnostic], sources: &Sources) -> String {
    let fixes = stale.iter().filter_map(|finding| finding.fix.as_ref());
    let mut changes: Vec<_> = fixes.filter_map(|fix| fix.changes(sources)).flatten().collect();
    changes.sort_by_key(|change| change.range.start);
    let file = stale.first().and_then(|finding| sources.file(finding.primary.site.file));
    let mut text = file.map_or("", SourceFile::text).to_owned();
    for change in changes.into_iter().rev() {
        text.replace_range(change.range, &change.text);
    }
    text
}

/// Refuses what is no file, before anything is worked out.
///
/// # Errors
/// The standard output.
pub(super) fn is_file(path: &Path) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return Err(Failure::NoStdin("a baseline is a file that is kept, and the standard output is none"));
    }
    kept::sound(path)
}

/// Writes a baseline file with every finding of a run. It must not be there yet: a new one would let the number rise.
///
/// # Errors
/// A file that is there, or that cannot be written.
pub(super) fn write(path: &Path, run: &[Examined], terminal: &mut Terminal) -> Result<(), Failure> {
    let named = run.iter().filter_map(|one| Some((one.name.as_deref()?, &one.diagnostics)));
    let all: Vec<(&str, &Diagnostic)> =
        named.flat_map(|(name, found)| found.iter().map(move |one| (name, one))).collect();
    replace::create(path, &baseline_file(all.iter().copied()))?;
    terminal.remark(&format!("wrote {} to {}", report::count(all.len(), "finding", "findings"), shown(path)));
    Ok(())
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}
