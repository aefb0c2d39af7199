//! Where the files of a policy come from.

use std::path::Path;

use super::{Astray, Place, ReadError};

/// The files that a policy and everything it draws in come from: a project as it is, or as it was at some time.
pub trait Files {
    /// The place of the file that a user named.
    fn place(&self, path: &Path) -> Place;

    /// The place of the file that a file of the project names, relative to itself.
    ///
    /// # Errors
    /// Says when the path leads out of the project, as written or through links, or nowhere.
    fn resolve(&self, from: &Place, path: &str) -> Result<Place, Astray>;

    /// What stands in a file.
    ///
    /// # Errors
    /// Says why it cannot be read.
    fn read(&self, place: &Place) -> Result<Vec<u8>, ReadError>;
}
