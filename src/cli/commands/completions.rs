//! `mailward completions`: what a shell needs to know to complete a command line.

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;

use crate::catalog;
use crate::cli::CommandLine;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::lint;

/// Write a script that completes commands, options, checks and services in a shell.
///
/// Bash reads it from `~/.local/share/bash-completion/completions/mailward`, zsh from a file `_mailward` in a directory of
/// `fpath`, fish from `~/.config/fish/completions/mailward.fish`; `PowerShell` and elvish run it from their profiles.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    let mut command = with_names(CommandLine::command());
    clap_complete::generate(arguments.shell, &mut command, "mailward", &mut script);
    terminal.result(&String::from_utf8(script).map_err(|error| Failure::bug(&error))?)?;
    Ok(Exit::Yes)
}

/// The command line with the names that its arguments may have; the program itself looks names up where it can name the
/// nearest one.
fn with_names(command: Command) -> Command {
    let checks = || PossibleValuesParser::new(lint::ALL.iter().map(|check| check.meta().id));
    command
        .mut_subcommand("explain", |explain| explain.mut_arg("check", |check| check.value_parser(checks())))
        .mut_subcommand("lint", |lint| lint.mut_arg("only", |only| only.value_parser(checks())))
        .mut_subcommand("services", |services| {
            let names = PossibleValuesParser::new(catalog::services().map(|service| service.name().as_str()));
            services.mut_arg("service", |service| service.value_parser(names))
        })
}
