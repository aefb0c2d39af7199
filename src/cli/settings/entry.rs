//! Files and directories that settings name: whether they are there, and what is wanted.

use std::io::ErrorKind;
use std::path::Path;

use crate::parse::{FileKind, did_you_mean_file};
use crate::source::{self, Diagnostic, ReadError, Spanned, quoted};

/// What an entry of the settings is to lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A policy or a directory with policies.
    Policies,
    /// A file of a kind.
    File(FileKind),
    /// A directory.
    Directory,
    /// A directory that is made if it is not there.
    NewDirectory,
}

/// What is wrong with an entry: its path as the current directory sees it, and the directory that it is relative to.
pub(super) fn problem(
    root: &Path,
    path: &Path,
    entry: &Spanned<String>,
    wanted: Wanted,
) -> Option<Diagnostic> {
    let missing = || ReadError::Io(ErrorKind::NotFound.into());
    match wanted {
        Wanted::Policies | Wanted::Directory | Wanted::NewDirectory if path.is_dir() => None,
        Wanted::NewDirectory if !path.exists() => None,
        Wanted::Directory if !path.exists() => Some(unreadable(root, entry, &missing())),
        Wanted::Directory | Wanted::NewDirectory => {
            let title = format!("{} is a file, and not a directory", quoted(&entry.value));
            Some(Diagnostic::error("wrong-kind", entry.site, title).help("name a directory"))
        }
        Wanted::Policies => wrong_file(root, path, entry, FileKind::Policy),
        Wanted::File(kind) => wrong_file(root, path, entry, kind),
    }
}

/// What is wrong with a file.
fn wrong_file(root: &Path, path: &Path, entry: &Spanned<String>, wanted: FileKind) -> Option<Diagnostic> {
    match source::read(path) {
        Err(reason) => Some(unreadable(root, entry, &reason)),
        Ok(bytes) => {
            let found = FileKind::of(&String::from_utf8_lossy(&bytes)).filter(|found| *found != wanted)?;
            let title = format!("{} is {}, and not {}", quoted(&entry.value), found.name(), wanted.name());
            Some(Diagnostic::error("wrong-kind", entry.site, title).help(place(found)))
        }
    }
}

fn unreadable(root: &Path, entry: &Spanned<String>, reason: &ReadError) -> Diagnostic {
    let title = format!("cannot read {}: {reason}", quoted(&entry.value));
    let problem = Diagnostic::error(reason.code(), entry.site, title);
    let near = || did_you_mean_file(root, Path::new(&entry.value));
    match reason.help().map(str::to_owned).or_else(near) {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// Where a file of a kind belongs.
const fn place(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Policy => "name it under `policies`",
        FileKind::Expectations => "name it under `expect`",
        FileKind::Profile => "name it under `profiles`",
        FileKind::Baseline => "name it as `baseline`",
        FileKind::Settings => "name the files that it names",
        FileKind::Ruleset => "name the policy that it is made from",
    }
}
