//! `mailward completions`: what a shell needs to complete the command line.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::CommandLine;
use super::exit::Exit;
use super::failure::Failure;
use super::terminal::Terminal;

/// Print a script that lets a shell complete commands, options and their values.
///
/// Where it belongs: bash: `/etc/bash_completion.d/mailward`; zsh: `_mailward` in a directory of `$fpath`; fish:
/// `~/.config/fish/completions/mailward.fish`; elvish and PowerShell: in a file that the start-up file reads.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut CommandLine::command(), "mailward", &mut script);
    terminal.result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Yes)
}
