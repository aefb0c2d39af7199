//! `mailward fmt`: lays policies out.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::difference::difference;
use crate::cli::discover::{Input, discover, distinct, not_linked};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::load::STDIN;
use crate::cli::replace::{self, Staged};
use crate::cli::terminal::{Terminal, printable};
use crate::format::{self, Refusal};
use crate::report::{self, Examined};
use crate::source::{self, written};

/// Lay policies out: columns, blanks, empty lines.
///
/// Comments stay, line ends stay, and what a policy means stays: before anything is written, both versions are read again and
/// held against each other.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Policies, directories of policies, or `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing: name the files that would change, and answer no if there are any.
    #[arg(long)]
    check: bool,
    /// Change nothing: show what would change, and answer no if anything would.
    #[arg(long)]
    diff: bool,
}

impl Arguments {
    /// Whether nothing is to be changed.
    const fn is_preview(&self) -> bool {
        self.check || self.diff
    }
}

/// A file as it is and as it would be.
struct Laid {
    /// None for the standard input.
    path: Option<PathBuf>,
    bytes: Vec<u8>,
    old: String,
    new: String,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut laid = Vec::new();
    let mut broken = Vec::new();
    let inputs = distinct(discover(&arguments.paths, terminal)?);
    if !arguments.is_preview() {
        not_linked(&inputs)?;
    }
    for input in inputs {
        match lay(input)? {
            Ok(one) => laid.push(one),
            Err(examined) => broken.push(examined),
        }
    }
    if laid.is_empty() && broken.is_empty() {
        return Err(Failure::nothing_to_check(&arguments.paths));
    }
    let is_changed = tell(&laid, arguments, terminal)?;
    if !broken.is_empty() {
        terminal.remark(report::messages(&broken, terminal.ink()).trim_end());
        return Ok(Exit::CannotAnswer);
    }
    Ok(if arguments.is_preview() && is_changed { Exit::No } else { Exit::Yes })
}

/// One file laid out, or what is wrong with it.
fn lay(input: Input) -> Result<Result<Laid, Examined>, Failure> {
    let (path, bytes) = match input {
        Input::Stdin(bytes) => (None, bytes),
        Input::Named(path) | Input::Found(path) => {
            let bytes = source::read(&path).map_err(|error| Failure::unreadable(&path, &error))?;
            (Some(path), bytes)
        }
    };
    let name = path.as_deref().map_or_else(|| STDIN.to_owned(), written);
    let mark = source::mark(&bytes);
    let (old, unreadable) = source::decode(bytes.clone());
    let mut sources = source::Sources::default();
    if let Some(unreadable) = unreadable {
        let file = sources.add(source::SourceFile::new(name.clone(), old, None));
        let diagnostics = vec![unreadable.diagnostic(file)];
        return Ok(Err(Examined { diagnostics, ..Examined::new(name, None, sources) }));
    }
    match format::format(&name, &old) {
        Ok(new) => Ok(Ok(Laid { path, bytes, old: format!("{mark}{old}"), new: format!("{mark}{new}") })),
        Err(Refusal::Broken(sources, diagnostics)) => {
            Ok(Err(Examined { diagnostics, ..Examined::new(name, None, sources) }))
        }
        Err(Refusal::Meaning) => Err(Failure::Bug(format!("`fmt` would change what `{name}` means"))),
    }
}

/// Writes, shows or names what changes; true if anything does.
fn tell(laid: &[Laid], arguments: &Arguments, terminal: &mut Terminal) -> Result<bool, Failure> {
    let mut staged: Vec<Staged> = Vec::new();
    for Laid { path, bytes, old, new } in laid {
        let name = path.as_deref().unwrap_or(Path::new(STDIN));
        if path.is_none() && !arguments.is_preview() {
            terminal.result(new)?;
        }
        if old == new {
            continue;
        }
        if arguments.diff {
            terminal.result(&difference(name, Some(old), new))?;
        } else if arguments.check {
            terminal.result(&format!("{}\n", printable(&written(name))))?;
        } else if let Some(path) = path {
            staged.push(replace::stage_over(path, bytes.clone(), new)?);
        }
    }
    let count = staged.len();
    replace::commit(staged)?;
    if count > 0 {
        terminal.remark(&format!("laid out {}", report::count(count, "file", "files")));
    }
    Ok(laid.iter().any(|one| one.old != one.new))
}
