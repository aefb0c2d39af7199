//! How rulesets differ from the files that are there.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use super::output::Files;
use crate::cli::difference::difference;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::source::{read_limited, reason};

/// Shows what writing would change. The answer is yes if nothing.
///
/// # Errors
/// A file that is there and cannot be read, or a standard output that takes no more.
pub(super) fn compare(directory: &Path, files: &Files, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Yes;
    for (name, text) in files {
        let path = directory.join(name);
        let old = old(&path)?;
        if old.as_deref() != Some(text) {
            terminal.result(&difference(&path, old.as_deref(), text))?;
            exit = Exit::No;
        }
    }
    Ok(exit)
}

/// The text of a file; none if there is no file. Bytes that are not text differ from every ruleset.
///
/// # Errors
/// Something else than a file, and a file that cannot be read.
pub(in crate::cli) fn old(path: &Path) -> Result<Option<String>, Failure> {
    if fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        let reason = "it is not a regular file".to_owned();
        return Err(Failure::Unreadable { path: path.to_owned(), reason });
    }
    let unreadable = |reason| Failure::Unreadable { path: path.to_owned(), reason };
    match File::open(path) {
        Ok(file) => {
            let bytes = read_limited(file).map_err(|error| unreadable(error.to_string()))?;
            Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(reason(&error))),
    }
}
