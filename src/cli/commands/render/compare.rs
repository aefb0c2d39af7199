//! How rulesets differ from the files that are there.

use std::path::Path;

use super::output::Files;
use crate::cli::difference::difference;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::rendering::text_there;
use crate::cli::terminal::Terminal;

/// Shows what writing would change. The answer is yes if nothing.
///
/// # Errors
/// A file that is there and cannot be read, or a standard output that takes no more.
pub(super) fn compare(directory: &Path, files: &Files, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Yes;
    for (name, text) in files {
        let path = directory.join(name);
        let old = text_there(&path)?;
        if old.as_deref() != Some(text) {
            terminal.result(&difference(&path, old.as_deref(), text))?;
            exit = Exit::No;
        }
    }
    Ok(exit)
}
