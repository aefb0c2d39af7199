//! What is open in the editor, and files as it shows them: those that are open as they are there, the rest as on disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::lines::{Encoding, Lines};
use super::protocol::TextChange;
use super::uri;
use crate::source::{Astray, Files, Place, Project, ReadError};

/// The documents that are open, by where they are.
#[derive(Debug, Default)]
pub(super) struct Desk {
    open: BTreeMap<PathBuf, Buffer>,
}

/// A document that is open.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    /// As the editor calls it.
    pub(super) uri: String,
    /// Grows with every change.
    pub(super) version: i32,
    /// The text.
    pub(super) text: String,
}

/// Where a document is: absolute and free of links. Documents that are no files yet count as files of the current directory.
pub(super) fn place(uri: &str) -> PathBuf {
    let path = uri::path(uri).unwrap_or_else(|| PathBuf::from(uri));
    Project::of(&path).place(&path).real
}

impl Desk {
    /// Lays a document on it.
    pub(super) fn open(&mut self, path: PathBuf, buffer: Buffer) {
        self.open.insert(path, buffer);
    }

    /// Takes a document off it.
    pub(super) fn close(&mut self, path: &Path) {
        self.open.remove(path);
    }

    /// The document of that place.
    pub(super) fn buffer(&self, path: &Path) -> Option<&Buffer> {
        self.open.get(path)
    }

    /// The document of that place, to be changed.
    pub(super) fn buffer_mut(&mut self, path: &Path) -> Option<&mut Buffer> {
        self.open.get_mut(path)
    }

    /// Where the documents are.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.open.keys()
    }

    /// The address of a file, as the editor writes it if it is open.
    pub(super) fn uri(&self, path: &Path) -> String {
        self.open.get(path).map_or_else(|| uri::of(path), |buffer| buffer.uri.clone())
    }
}

impl Buffer {
    /// Carries out a change.
    pub(super) fn change(&mut self, change: TextChange, encoding: Encoding) {
        match change.range {
            None => self.text = change.text,
            Some(range) => {
                let bytes = Lines::of(&self.text, encoding).bytes(range);
                self.text.replace_range(bytes, &change.text);
            }
        }
    }
}

/// The files of a project, some of them with other texts than on disk.
pub(super) struct Drawn<'d> {
    project: Project,
    desk: &'d Desk,
    /// Texts that nobody has written yet.
    instead: &'d BTreeMap<PathBuf, String>,
    /// Where files are, by what messages call them.
    places: RefCell<BTreeMap<String, PathBuf>>,
}

impl<'d> Drawn<'d> {
    /// The files of the project that a file belongs to.
    pub(super) fn new(path: &Path, desk: &'d Desk, instead: &'d BTreeMap<PathBuf, String>) -> Self {
        Self { project: Project::of(path), desk, instead, places: RefCell::default() }
    }

    /// Where the files are that were asked for, by what messages call them.
    pub(super) fn into_places(self) -> BTreeMap<String, PathBuf> {
        self.places.into_inner()
    }

    fn noted(&self, place: Place) -> Place {
        self.places.borrow_mut().insert(place.shown.clone(), place.real.clone());
        place
    }
}

impl Files for Drawn<'_> {
    fn place(&self, path: &Path) -> Place {
        self.noted(self.project.place(path))
    }

    fn resolve(&self, from: &Place, path: &str) -> Result<Place, Astray> {
        self.project.resolve(from, path).map(|place| self.noted(place))
    }

    fn read(&self, place: &Place) -> Result<Vec<u8>, ReadError> {
        let open = || self.desk.buffer(&place.real).map(|buffer| &buffer.text);
        match self.instead.get(&place.real).or_else(open) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.project.read(place),
        }
    }
}
