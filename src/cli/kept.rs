//! Files that are read stay as they are: no answer is written over them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::replace::{is_of_git, place};
use super::settings;
use crate::report::Examined;

/// The files of a run over which nothing is written, whatever their spelling.
#[derive(Debug, Default)]
pub(super) struct Kept(BTreeSet<PathBuf>);

/// Refuses a place where no answer belongs, whatever is read.
///
/// # Errors
/// The settings of a project, and what git keeps.
pub(super) fn sound(file: &Path) -> Result<(), Failure> {
    if place(file).file_name().is_some_and(|name| name == settings::FILE) {
        return Err(refused(file, "that is the name of the settings of a project"));
    }
    if is_of_git(file) {
        return Err(refused(file, "what is in `.git` is for git alone"));
    }
    Ok(())
}

impl Kept {
    /// Adds files.
    pub(super) fn keep<P: AsRef<Path>>(&mut self, paths: impl IntoIterator<Item = P>) {
        self.0.extend(paths.into_iter().map(|path| place(path.as_ref())));
    }

    /// Adds every file that policies were read from.
    pub(super) fn keep_read(&mut self, run: &[Examined]) {
        // Most policies share files, and each is looked up once.
        let paths: BTreeSet<&str> = run.iter().flat_map(|one| one.sources.paths()).collect();
        self.keep(paths);
    }

    /// Refuses a file that is one of them, or that has no place for an answer.
    ///
    /// # Errors
    /// Says why.
    pub(super) fn spare(&self, file: &Path) -> Result<(), Failure> {
        sound(file)?;
        if self.0.contains(&place(file)) {
            return Err(refused(file, "it is one of the files that are read"));
        }
        Ok(())
    }
}

fn refused(file: &Path, reason: &str) -> Failure {
    Failure::Unwritable { path: file.to_owned(), reason: reason.to_owned() }
}
