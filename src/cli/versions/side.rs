//! One side of a comparison: which policies there are, and where to read them.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::revision::Revision;
use crate::cli::discover::{Input, discover_side};
use crate::cli::failure::Failure;
use crate::cli::load::{self, Loaded, With};
use crate::cli::terminal::Terminal;
use crate::source::Files;

/// Policies as they are on one side.
#[derive(Debug)]
pub(in crate::cli) struct Side {
    /// Each with the path that pairs it with one of the other side.
    inputs: Vec<(PathBuf, Input)>,
    /// What they are read from; the file system where there is none.
    revision: Option<Revision>,
}

impl Side {
    /// Policies by what pairs them, and what they are read from.
    pub(super) fn new(
        inputs: impl IntoIterator<Item = (PathBuf, Input)>,
        revision: Option<Revision>,
    ) -> Self {
        Self { inputs: inputs.into_iter().collect(), revision }
    }

    /// Reads the policies, in their order. Fragments are left out unless they cannot be read.
    pub(in crate::cli) fn load(&self, with: With<'_>) -> Vec<(PathBuf, Loaded)> {
        let files = self.revision.as_ref().map(|revision| -> &(dyn Files + Sync) { revision });
        let loaded = self.inputs.par_iter().map(|(key, input)| {
            let loaded = load::load(input, With { files, ..with });
            with.progress.iter().for_each(|progress| progress.step());
            (key.clone(), loaded)
        });
        loaded.filter(|(_, loaded)| loaded.is_wanted()).collect()
    }
}

/// The sides of two files, of two directories, or of one of each.
///
/// # Errors
/// The standard input on both sides, or a directory that cannot be walked.
pub(super) fn of_paths(old: &Path, new: &Path, terminal: &mut Terminal) -> Result<(Side, Side), Failure> {
    let stdin = Path::new("-");
    if old == stdin && new == stdin {
        return Err(Failure::NoStdin("the standard input can be one side of a comparison, not both"));
    }
    let are_files = !old.is_dir() && !new.is_dir();
    Ok((of_path(old, are_files, terminal)?, of_path(new, are_files, terminal)?))
}

/// The policies in a path. Two files are a pair whatever their names; otherwise a file goes by its name and what lies
/// in a directory by its path there.
fn of_path(path: &Path, are_files: bool, terminal: &mut Terminal) -> Result<Side, Failure> {
    let key = |input: &Input| match input.below(path) {
        _ if are_files => PathBuf::new(),
        Some(below) if below != Path::new("") => below.to_owned(),
        _ => input.path().and_then(Path::file_name).unwrap_or_default().into(),
    };
    let inputs = discover_side(&[path.to_owned()], terminal)?;
    Ok(Side::new(inputs.into_iter().map(|input| (key(&input), input)), None))
}
