//! Which policies a run is about: named files, standard input, and what lies in named directories.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::failure::Failure;
use super::replace;
use super::settings;
use super::terminal::Terminal;
use crate::parse;
use crate::source::{self, ReadError};

/// Skipped files that are named; more are only counted.
const MOST_NAMED: usize = 3;

/// A policy to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// What stood in the standard input, `-`.
    Stdin(Vec<u8>),
    /// A file named on the command line.
    Named(PathBuf),
    /// A file found in a directory: it may turn out to be a fragment.
    Found(PathBuf),
}

/// The inputs that paths stand for, in the order of the paths and sorted within directories, each once.
/// Without a path: what lies in the current directory.
///
/// # Errors
/// A directory that cannot be walked, or in which there is no policy. A file that cannot be read is told later, with the others.
pub(super) fn discover(paths: &[PathBuf], terminal: &mut Terminal) -> Result<Vec<Input>, Failure> {
    if paths.is_empty() {
        terminal.remark("no path given: looking for policies in the current directory");
        return discover(&[PathBuf::from(".")], terminal);
    }
    let (inputs, empty) = search(paths, terminal)?;
    match empty.first() {
        Some(directory) if paths.len() > 1 => Err(Failure::nothing_to_check(std::slice::from_ref(directory))),
        _ => Ok(inputs),
    }
}

/// The same where a directory may be without policies: those of one side of a comparison may all be new or gone.
///
/// # Errors
/// A directory that cannot be walked.
pub(super) fn discover_side(paths: &[PathBuf], terminal: &mut Terminal) -> Result<Vec<Input>, Failure> {
    search(paths, terminal).map(|(inputs, _)| inputs)
}

/// The inputs in paths, and the directories without any.
fn search(paths: &[PathBuf], terminal: &mut Terminal) -> Result<(Vec<Input>, Vec<PathBuf>), Failure> {
    let mut inputs = Vec::new();
    let mut skipped = Vec::new();
    let mut empty = Vec::new();
    for path in paths {
        match path {
            path if path.as_os_str() == "-" => push(&mut inputs, Input::Stdin(stdin()?)),
            path if path.is_dir() => {
                if walk(path, &mut inputs, &mut skipped)? == 0 {
                    empty.push(path.clone());
                }
            }
            path => push(&mut inputs, Input::Named(path.clone())),
        }
    }
    mention(&skipped, terminal);
    Ok((inputs, empty))
}

/// Reads the standard input; a second time it is empty.
pub(super) fn stdin() -> Result<Vec<u8>, Failure> {
    let bytes = source::read_limited(std::io::stdin());
    bytes.map_err(|error| Failure::unreadable(Path::new("-"), &error))
}

/// Adds an input that is not there yet; a file that is named and found counts as named.
fn push(inputs: &mut Vec<Input>, input: Input) {
    match inputs.iter_mut().find(|known| known.path() == input.path()) {
        Some(known) if matches!(input, Input::Named(_)) => *known = input,
        Some(_) => {}
        None => inputs.push(input),
    }
}

/// The inputs with each file once, whatever its spelling and whatever links lead there; the file itself and no link, if both
/// are there.
pub(super) fn distinct(inputs: Vec<Input>) -> Vec<Input> {
    let mut places: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut distinct: Vec<Input> = Vec::new();
    for input in inputs {
        let Some(place) = input.path().map(replace::place) else {
            distinct.push(input);
            continue;
        };
        match places.get(&place).and_then(|&at| distinct.get_mut(at)) {
            Some(known) if known.is_link() && !input.is_link() => *known = input,
            Some(_) => {}
            None => {
                places.insert(place, distinct.len());
                distinct.push(input);
            }
        }
    }
    distinct
}

/// Refuses two names of one file: what replaces the file under one of them would leave the other one as it was.
///
/// # Errors
/// Two hard links of a file.
pub(super) fn not_linked(inputs: &[Input]) -> Result<(), Failure> {
    let mut known: BTreeMap<(u64, u64), &Path> = BTreeMap::new();
    for path in inputs.iter().filter_map(Input::path) {
        if let Some(first) = number(path).and_then(|number| known.insert(number, path)) {
            return Err(Failure::OneFile(first.to_owned(), path.to_owned()));
        }
    }
    Ok(())
}

/// What the system calls a file whatever its names are.
#[cfg(unix)]
fn number(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let file = path.symlink_metadata().ok()?;
    Some((file.dev(), file.ino()))
}

/// What the system calls a file whatever its names are.
#[cfg(not(unix))]
fn number(_: &Path) -> Option<(u64, u64)> {
    None
}

impl Input {
    /// Whether it is a symbolic link.
    fn is_link(&self) -> bool {
        self.path().is_some_and(Path::is_symlink)
    }

    /// The file, without a leading `./`; none for standard input.
    pub(super) fn path(&self) -> Option<&Path> {
        let path = self.as_given()?;
        Some(path.strip_prefix("./").unwrap_or(path))
    }

    /// The path of the file below a directory that was asked for.
    pub(super) fn below(&self, directory: &Path) -> Option<&Path> {
        self.as_given()?.strip_prefix(directory).ok()
    }

    fn as_given(&self) -> Option<&Path> {
        match self {
            Self::Stdin(_) => None,
            Self::Named(path) | Self::Found(path) => Some(path),
        }
    }
}

/// Adds the policies below a directory and remembers the other YAML files. Hidden and git-ignored files are
/// left alone, links are not followed, and nothing outside the repository decides what is ignored.
fn walk(directory: &Path, inputs: &mut Vec<Input>, skipped: &mut Vec<PathBuf>) -> Result<usize, Failure> {
    let entries =
        WalkBuilder::new(directory).git_global(false).git_exclude(false).sort_by_file_path(Path::cmp).build();
    let mut found = 0;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(directory, &error))?;
        match entry {
            entry if !is_file(&entry) || !may_be_a_policy(entry.path()) => {}
            entry if is_policy(entry.path()) => {
                found += 1;
                push(inputs, Input::Found(entry.into_path()));
            }
            entry => skipped.push(entry.into_path()),
        }
    }
    Ok(found)
}

fn unreadable(directory: &Path, error: &ignore::Error) -> Failure {
    let reason = error.io_error().map_or_else(|| error.to_string(), source::reason);
    Failure::Unreadable { path: place(error).unwrap_or(directory).to_owned(), reason }
}

/// The file or directory that an error is about.
fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } => place(err),
        _ => None,
    }
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

fn is_policy(path: &Path) -> bool {
    looks_like_a_policy(source::read(path))
}

/// Whether a file has the name of a YAML file, and is not that of the settings.
pub(super) fn may_be_a_policy(path: &Path) -> bool {
    let is_yaml = matches!(path.extension().and_then(|extension| extension.to_str()), Some("yaml" | "yml"));
    is_yaml && path.file_name().is_some_and(|name| name != settings::FILE)
}

/// Whether the top of a file says that it is meant for us. What cannot be read, or says nothing any more, may have been: that is reported too.
pub(super) fn looks_like_a_policy(contents: Result<Vec<u8>, ReadError>) -> bool {
    contents.map_or(true, |bytes| {
        let is_blank = bytes.trim_ascii().is_empty();
        is_blank || bytes.contains(&0) || parse::looks_like_a_policy(&String::from_utf8_lossy(&bytes))
    })
}

fn mention(skipped: &[PathBuf], terminal: &mut Terminal) {
    let names: Vec<String> =
        skipped.iter().take(MOST_NAMED).map(|path| format!("`{}`", shown(path))).collect();
    let more = match skipped.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if !names.is_empty() {
        terminal.remark(&format!("skipped, not a policy: {}{more}", names.join(", ")));
    }
}

fn shown(path: &Path) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    annotate_snippets::normalize_untrusted_str(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_counts_once_and_its_name_beats_its_finding() {
        let mut inputs = vec![Input::Found("./a.yaml".into())];
        push(&mut inputs, Input::Named("a.yaml".into()));
        push(&mut inputs, Input::Found("a.yaml".into()));
        assert_eq!(inputs, [Input::Named("a.yaml".into())]);
    }
}
