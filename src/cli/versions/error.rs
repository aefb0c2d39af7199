//! Why a revision cannot be compared.

use std::path::PathBuf;

use thiserror::Error;

/// No answer from git, or to a question that was put to it.
#[derive(Debug, Error)]
pub(in crate::cli) enum GitError {
    /// There is no such program.
    #[error("cannot run `git`: there is no such program")]
    Missing,
    /// It runs and refuses.
    #[error("git has no answer: {0}")]
    Refused(String),
    /// Nowhere to look for revisions.
    #[error("the current directory is in no git repository")]
    NoRepository,
    /// A repository without files to compare a revision with.
    #[error("the current directory is in no working tree of git")]
    NoWorkingTree,
    /// Two revisions that never were one.
    #[error("`{one}` and `{other}` have no common history here")]
    Unrelated {
        /// The first revision.
        one: String,
        /// The second revision.
        other: String,
    },
    /// More revisions than can be compared.
    #[error("two revisions can be compared, and {0} are named")]
    TooMany(usize),
    /// A path that no revision can have.
    #[error("`{}` lies outside the repository of the current directory", .0.display())]
    Outside(PathBuf),
}

impl GitError {
    /// What to do about it.
    pub(in crate::cli) const fn help(&self) -> Option<&'static str> {
        match self {
            Self::Missing => Some("install it, or name two files or directories"),
            Self::Refused(_) => None,
            Self::NoRepository => Some("run mailward in the repository, or name two files or directories"),
            Self::NoWorkingTree => Some("name a second revision: `--git OLD --git NEW`"),
            Self::Unrelated { .. } => {
                Some("a clone that is not whole has to fetch their history first: `git fetch --unshallow`")
            }
            Self::TooMany(_) => Some("write `--git OLD --git NEW`, or `--git OLD..NEW`"),
            Self::Outside(_) => Some("run mailward in the repository that the path belongs to"),
        }
    }
}
