//! Baseline files, `--baseline` and `--write-baseline`: tells only what is new.

use std::path::Path;

use super::answer;
use super::failure::Failure;
use super::replace;
use super::terminal::{Terminal, printable};
use crate::lint::{Known, baseline_file};
use crate::parse;
use crate::report::{self, Examined};
use crate::source::{self, Diagnostic, ReadError, SourceFile, Sources, written};

/// Takes known findings out of a run, and adds what is settled; with orders to fix, it leaves the file instead. False if the file
/// cannot be understood, which has then been told.
///
/// # Errors
/// A file that cannot be read or written.
pub(super) fn compare(
    path: &Path,
    run: &mut Vec<Examined>,
    is_fixing: bool,
    terminal: &mut Terminal,
) -> Result<bool, Failure> {
    let unreadable =
        |error: ReadError| Failure::Unreadable { path: path.to_owned(), reason: error.to_string() };
    let bytes = source::read(path).map_err(unreadable)?;
    let mut sources = Sources::default();
    let decl = match parse::known(&written(path), bytes, &mut sources) {
        Ok(decl) => decl,
        Err(problems) => {
            answer::refuse(sources, problems, terminal);
            return Ok(false);
        }
    };
    let mut known = Known::new(&decl);
    for one in run.iter_mut() {
        let Some(name) = one.name.clone() else { continue };
        (one.diagnostics, one.known) = known.split(&name, std::mem::take(&mut one.diagnostics));
    }
    let stale = known.stale();
    if is_fixing && !stale.is_empty() {
        replace::stage(path, &without(&stale, &sources))?.commit()?;
        terminal.remark(&format!(
            "took {} settled out of {}",
            report::count(stale.len(), "entry", "entries"),
            shown(path)
        ));
    } else if !stale.is_empty() {
        let aside = Examined::new(written(path), None, sources);
        run.push(Examined { diagnostics: stale, is_aside: true, ..aside });
    }
    Ok(true)
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
