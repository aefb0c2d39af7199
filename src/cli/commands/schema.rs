//! `mailward schema`: what our files look like, for editors and other programs.

use clap::{Args, ValueEnum};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;

/// Print a JSON Schema, so that editors complete and check files without mailward.
///
/// What it cannot know, such as the names that a policy gives, `mailward lint` and `mailward lsp` do.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Which file it is about.
    #[arg(value_enum, default_value_t)]
    file: File,
}

/// What there are schemas of.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum File {
    /// Policies, and files for policies to include.
    #[default]
    Policy,
    /// The settings of a project, `mailward.yaml`.
    Project,
    /// Profiles.
    Profile,
    /// Findings that are known.
    Baseline,
    /// The document of `lint --format json`.
    Report,
}

impl File {
    const fn schema(self) -> &'static str {
        match self {
            Self::Policy => include_str!("../../../schema/policy.schema.json"),
            Self::Project => include_str!("../../../schema/mailward.schema.json"),
            Self::Profile => include_str!("../../../schema/profile.schema.json"),
            Self::Baseline => include_str!("../../../schema/baseline.schema.json"),
            Self::Report => include_str!("../../../schema/report.schema.json"),
        }
    }
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    terminal.result(arguments.file.schema())?;
    Ok(Exit::Yes)
}
