//! The files of a repository as they were in one revision, read without a working tree.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::error::GitError;
use super::git::{self, Objects};
use super::range::Named;
use crate::cli::discover::{Input, looks_like_a_policy, may_be_a_policy};
use crate::cli::failure::Failure;
use crate::source::{Astray, Files, Place, ReadError, tidy, written};

/// A revision with all its files.
#[derive(Debug)]
pub(super) struct Revision {
    label: String,
    /// By paths relative to the repository.
    entries: BTreeMap<PathBuf, Entry>,
    objects: Mutex<Objects>,
}

/// What stands under a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// A file, by the number of its contents.
    File(String),
    /// A symbolic link.
    Link,
    /// A commit of another repository.
    Submodule,
}

impl Revision {
    /// Lists the files of a revision.
    ///
    /// # Errors
    /// What git cannot read, and a path that this system has no way to write.
    pub(super) fn open(named: Named) -> Result<Self, Failure> {
        let Named { label, tree } = named;
        let listed = git::list(&tree)?;
        let lines = listed.split(|&byte| byte == 0).filter(|line| !line.is_empty());
        let nonsense =
            || Failure::from(GitError::Refused(format!("the list of the files of `{label}` makes no sense")));
        let entries = lines.map(entry).collect::<Option<BTreeMap<PathBuf, Entry>>>().ok_or_else(nonsense)?;
        Ok(Self { label, entries, objects: Mutex::new(Objects::open()?) })
    }

    /// The policies in a file or directory, by their paths: those that would be found in a working tree.
    ///
    /// # Errors
    /// A path that leads through a link or into a submodule.
    pub(super) fn policies(&self, path: &Path) -> Result<Vec<Input>, Failure> {
        if !self.has(path)? {
            return Ok(Vec::new());
        }
        if self.find(path).is_ok() {
            return Ok(vec![Input::Named(path.to_owned())]);
        }
        let below = self.below(path).filter(|(file, entry)| {
            matches!(entry, Entry::File(_)) && may_be_a_policy(file) && !is_hidden(file, path)
        });
        let policies = below.map(|(file, _)| file).filter(|file| looks_like_a_policy(self.read_path(file)));
        Ok(policies.cloned().map(Input::Found).collect())
    }

    /// Whether there is a file or a directory.
    ///
    /// # Errors
    /// A path that leads through a link or into a submodule: what is there is not known.
    pub(super) fn has(&self, path: &Path) -> Result<bool, Failure> {
        match self.find(path) {
            Ok(_) | Err(ReadError::Directory) => Ok(true),
            Err(error @ (ReadError::Link | ReadError::Submodule)) => {
                let path = self.place(path).shown.into();
                Err(Failure::Unreadable { path, reason: error.to_string() })
            }
            Err(_) => Ok(false),
        }
    }

    /// The number of the contents of a file.
    ///
    /// # Errors
    /// Says what else there is: a directory, a link, a submodule, or nothing.
    fn find(&self, path: &Path) -> Result<&str, ReadError> {
        let above = path.ancestors().find_map(|path| self.entries.get(path));
        match (self.entries.get(path), above) {
            (Some(Entry::File(number)), _) => Ok(number),
            (_, Some(Entry::Link)) => Err(ReadError::Link),
            (_, Some(Entry::Submodule)) => Err(ReadError::Submodule),
            _ if self.below(path).next().is_some() => Err(ReadError::Directory),
            _ => Err(io::Error::from(ErrorKind::NotFound).into()),
        }
    }

    /// Everything below a directory; the empty path is the whole repository.
    fn below<'a>(&'a self, directory: &'a Path) -> impl Iterator<Item = (&'a PathBuf, &'a Entry)> {
        let from = self.entries.range(directory.to_owned()..);
        from.take_while(move |(path, _)| path.starts_with(directory))
            .filter(move |(path, _)| *path != directory)
    }

    fn read_path(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let number = self.find(path)?;
        // A reader that panicked is a bug that has been told; what git says next is still true or makes no sense.
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.read(number)
    }
}

impl Files for Revision {
    fn place(&self, path: &Path) -> Place {
        let reference = written(path);
        let shown = format!("{}:{reference}", written(Path::new(&self.label)));
        Place { real: path.to_owned(), shown, reference }
    }

    fn resolve(&self, from: &Place, path: &str) -> Result<Place, Astray> {
        let directory = from.real.parent().unwrap_or(Path::new(""));
        let wanted = tidy(&directory.join(path));
        let inside = wanted.components().all(|component| matches!(component, Component::Normal(_)));
        if inside { Ok(self.place(&wanted)) } else { Err(Astray::Escapes) }
    }

    fn read(&self, place: &Place) -> Result<Vec<u8>, ReadError> {
        self.read_path(&place.real)
    }
}

/// Whether a file is hidden, or lies in a hidden directory, below another one.
fn is_hidden(file: &Path, directory: &Path) -> bool {
    let below = file.strip_prefix(directory).unwrap_or(file);
    below.components().any(|component| component.as_os_str().as_encoded_bytes().starts_with(b"."))
}

/// `MODE KIND NUMBER\tPATH`.
fn entry(line: &[u8]) -> Option<(PathBuf, Entry)> {
    let tab = line.iter().position(|&byte| byte == b'\t')?;
    let (about, name) = line.split_at_checked(tab)?;
    let words: Vec<&str> = std::str::from_utf8(about).ok()?.split(' ').collect();
    let entry = match words.as_slice() {
        ["120000", ..] => Entry::Link,
        [_, "commit", _] => Entry::Submodule,
        [_, "blob", number] => Entry::File((*number).to_owned()),
        _ => return None,
    };
    Some((path(name.get(1..)?)?, entry))
}

/// A path that git has written.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere not every path can be written")]
pub(super) fn path(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

/// A path that git has written.
#[cfg(not(unix))]
pub(super) fn path(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}
