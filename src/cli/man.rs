//! `mailward man`: the manual of every command.

use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use super::CommandLine;
use super::exit::Exit;
use super::failure::Failure;
use super::replace::{self, Staged};
use super::terminal::{Terminal, printable};

/// Write manual pages, one for the program and one for each command.
///
/// Without --out the page of the program goes to the standard output: `mailward man | man -l -`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Directory for the pages, made if needed.
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut program = CommandLine::command().disable_help_subcommand(true);
    program.build();
    match &arguments.out {
        None => terminal.result(&page(program)?)?,
        Some(directory) => write(program, directory, terminal)?,
    }
    Ok(Exit::Yes)
}

/// Writes all pages: first beside their places, then each into its place.
fn write(program: Command, directory: &Path, terminal: &mut Terminal) -> Result<(), Failure> {
    replace::directory(directory)?;
    let commands: Vec<Command> = program.get_subcommands().cloned().collect();
    let pages = std::iter::once(program).chain(commands).map(|command| {
        let name = command.get_display_name().unwrap_or(command.get_name()); // `mailward-lint`
        let path = directory.join(format!("{name}.1"));
        Ok((replace::stage(&path, &page(command)?)?, path))
    });
    let pages: Vec<(Staged, PathBuf)> = pages.collect::<Result<_, Failure>>()?;
    for (staged, path) in pages {
        staged.commit()?;
        terminal.remark(&format!("wrote {}", printable(&path.display().to_string())));
    }
    Ok(())
}

fn page(command: Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
