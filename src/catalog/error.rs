//! What can be wrong with our own data files.

use thiserror::Error;

use super::data::DataFile;

/// A data file of the program is broken: a bug in mailward, never a mistake of its users.
#[derive(Debug, Error)]
pub enum CatalogError {
    /// Not the YAML we expect.
    #[error("{file} cannot be read")]
    Unreadable {
        /// Path in the repository.
        file: &'static str,
        /// What the reader said.
        source: serde_yaml::Error,
    },
    /// An entry means nothing.
    #[error("{file}: `{entry}`: {problem}")]
    Entry {
        /// Path in the repository.
        file: &'static str,
        /// The entry, as written.
        entry: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl CatalogError {
    /// An entry of a file means nothing.
    pub(super) fn entry(file: &DataFile, entry: &str, problem: &impl ToString) -> Self {
        Self::Entry { file: file.name, entry: entry.to_owned(), problem: problem.to_string() }
    }
}
