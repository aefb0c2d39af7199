//! Where findings go, and in which format.

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::terminal::Terminal;
use crate::report::{self, Examined};

/// Who reads the findings.
#[derive(Clone, Debug, Args)]
pub(super) struct OutputArguments {
    /// Who reads the findings.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Who reads the findings.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// People: lines with carets.
    Human,
    /// Programs: one JSON document.
    Json,
}

impl OutputArguments {
    /// Writes findings where they were asked for.
    ///
    /// # Errors
    /// A stream or file that takes no more.
    pub(super) fn tell(&self, run: &[Examined], terminal: &mut Terminal) -> Result<(), Failure> {
        let text = match self.format {
            Format::Human => report::human(run, terminal.ink()),
            Format::Json => report::json(run).map_err(|error| Failure::bug(&error))?,
        };
        terminal.result(&text)
    }
}
