//! `mailward lsp`: the language server on the standard streams.

use std::io::{self, BufReader};

use clap::Args;
use jiff::civil::Date;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::profile::ProfileArguments;
use crate::cli::today::{day, today};
use crate::lsp::{Ended, Setup, serve};
use crate::source::reason;

/// Tell an editor about policies while they are written.
///
/// Speaks the Language Server Protocol on the standard streams: findings, completion, hover, definitions, references, renaming
/// and fixes. An editor starts it; docs/editors.md says how.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    profiles: ProfileArguments,
    /// Judge dates as on that day, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_parser = day, value_name = "DATE")]
    today: Option<Date>,
    /// What the streams are; the only choice, and here for editors that name it.
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let profiles = arguments.profiles.read()?;
    let setup = Setup {
        lower: &|bundle, sources| profiles.lower(bundle, sources),
        today: &|| today(arguments.today),
    };
    match serve(BufReader::new(io::stdin()), io::stdout(), &setup) {
        Ok(Ended::Properly) => Ok(Exit::Yes),
        Ok(Ended::Abruptly) => Ok(Exit::No),
        Err(error) => Err(Failure::Unwritable { path: "<stdout>".into(), reason: reason(&error) }),
    }
}
