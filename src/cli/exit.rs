//! Exit codes: one table for every command.

use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// The answer is yes.
    Yes,
    /// The answer is no: findings, expectations that fail, packets that are refused, files or traffic that differ.
    No,
    /// No answer: usage, invalid or unreadable input, nothing to check, unknown names, a target that cannot say
    /// something, output that cannot be written.
    CannotAnswer,
    /// A bug in mailward.
    Bug,
}

impl Exit {
    /// The code that the shell sees. 70 is `EX_SOFTWARE` of sysexits(3).
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::CannotAnswer => 2,
            Self::Bug => 70,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
