//! `mailward man`: man pages, made of the help.

use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;

use crate::cli::CommandLine;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::replace;
use crate::cli::terminal::{Terminal, printable};

/// The name of the collection at the top of every page.
const MANUAL: &str = "mailward manual";

/// Write man pages of the program and its commands.
///
/// `mailward man check | man -l -` shows one; `mailward man --out ~/.local/share/man/man1` installs all of them.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The command whose page is written [default: the page of the program].
    #[arg(conflicts_with = "out")]
    command: Option<String>,
    /// Directory to write all pages in, made if needed [default: standard output].
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut program = CommandLine::command().disable_help_subcommand(true);
    program.build();
    match (&arguments.out, &arguments.command) {
        (Some(directory), _) => write(&program, directory, terminal)?,
        (None, None) => terminal.result(&page(&program)?.1)?,
        (None, Some(name)) => terminal.result(&page(find(&program, name)?)?.1)?,
    }
    Ok(Exit::Yes)
}

fn find<'c>(program: &'c Command, name: &str) -> Result<&'c Command, Failure> {
    let names = program.get_subcommands().map(Command::get_name);
    let unknown = || Failure::unknown("command", name, names, "mailward --help");
    program.find_subcommand(name).ok_or_else(unknown)
}

/// Writes every page to a file of its own, all or none.
fn write(program: &Command, directory: &Path, terminal: &mut Terminal) -> Result<(), Failure> {
    let _made = replace::directory(directory)?;
    let mut staged = Vec::new();
    let mut said = Vec::new();
    for command in std::iter::once(program).chain(program.get_subcommands()) {
        let (name, text) = page(command)?;
        let path = directory.join(name);
        staged.push(replace::stage(&path, &text)?);
        said.push(format!("wrote {}\n", printable(&path.display().to_string())));
    }
    replace::commit(staged)?;
    terminal.result(&said.concat())
}

/// The name of a page's file, and its text.
fn page(command: &Command) -> Result<(String, String), Failure> {
    let source = format!("mailward {}", env!("CARGO_PKG_VERSION"));
    // A page without a date still needs its place in the title; the same program always writes the same page.
    let page = Man::new(command.clone()).manual(MANUAL).source(source).date(" ");
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| Failure::bug(&error))?;
    let text = String::from_utf8(text).map_err(|error| Failure::bug(&error))?;
    Ok((page.get_filename(), text))
}
