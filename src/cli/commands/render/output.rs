//! Where rulesets go: a directory or the standard output.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Rendered;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::rendering::distinct_names;
use crate::cli::replace;
use crate::cli::terminal::{Terminal, printable};

/// Every ruleset file of a run by its name.
pub(super) type Files = BTreeMap<String, String>;

/// The files of all policies.
///
/// # Errors
/// Two policies that would write the same file.
pub(super) fn files(rendered: Vec<Rendered>) -> Result<Files, Failure> {
    let all = || rendered.iter().flat_map(|one| one.artifacts.iter().flatten().map(move |file| (one, file)));
    distinct_names(all().map(|(one, file)| (file.name.as_str(), one.examined.path.as_str())))?;
    let files = rendered.into_iter().flat_map(|one| one.artifacts.into_iter().flatten());
    Ok(files.map(|file| (file.name, file.text)).collect())
}

/// Writes the files: all of them beside their places first, then each into its place. Says which changed.
///
/// # Errors
/// A place that cannot be written; until the last step no old file is touched.
pub(super) fn write(directory: &Path, files: &Files, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let _made = replace::directory(directory)?;
    let mut staged = Vec::new();
    let mut said = Vec::new();
    for (name, text) in files {
        let path = directory.join(name);
        // First, since it refuses what would not end, such as a pipe.
        staged.push(replace::stage(&path, text)?);
        let same = fs::read(&path).is_ok_and(|old| old == text.as_bytes());
        let what = if same { "unchanged" } else { "wrote" };
        said.push(format!("{what} {}\n", printable(&path.display().to_string())));
    }
    replace::commit(staged)?;
    terminal.result(&said.concat())?;
    Ok(Exit::Yes)
}

/// Prints the files; several with their names above them, in comments of every target.
///
/// # Errors
/// A standard output that takes no more.
pub(super) fn print(files: &Files, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let alone = files.len() == 1;
    for (name, text) in files {
        let heading = if alone { String::new() } else { format!("# ==> {name} <==\n") };
        terminal.result(&format!("{heading}{text}"))?;
    }
    Ok(Exit::Yes)
}
