//! Two versions of policies: two files or directories, or a revision of a git repository and what came of it.

mod error;
mod git;
mod pair;
mod range;
mod repository;
mod revision;
mod side;

use std::path::{Path, PathBuf};

pub(super) use error::GitError;
pub(super) use pair::{Pair, Version, paired};
pub(super) use side::Side;

use super::failure::Failure;
use super::terminal::Terminal;

/// The versions in two paths, old and new, or those of revisions; then the paths are what to look at.
///
/// # Errors
/// What cannot be found or read.
pub(super) fn sides(
    revisions: &[String],
    paths: &[PathBuf],
    terminal: &mut Terminal,
) -> Result<(Side, Side), Failure> {
    match paths {
        paths if !revisions.is_empty() => repository::of_revisions(revisions, paths, terminal),
        [old, new] => side::of_paths(Path::new(old), Path::new(new), terminal),
        // The parser of the arguments sees to that.
        _ => Err(Failure::Bug("two paths were asked for and are not there".to_owned())),
    }
}
