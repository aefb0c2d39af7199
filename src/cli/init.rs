//! `mailward init`: a policy to start from.

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::failure::Failure;
use super::replace;
use super::terminal::{Terminal, printable};
use super::today::today;
use jiff::civil::Date;

/// The starter policy; `REVIEWED` stands for the day it is written.
const STARTER: &str = include_str!("init/starter.yaml");

/// Write a policy to start from.
///
/// It lints clean and renders for every target. An existing file is never overwritten.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// File to write, directory to write `policy.yaml` in, or `-` for standard output.
    #[arg(default_value = "policy.yaml")]
    path: PathBuf,
    /// Date of the first review, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let starter = STARTER.replace("REVIEWED", &today(arguments.today).to_string());
    if arguments.path.as_os_str() == "-" {
        terminal.result(&starter)?;
        return Ok(Exit::Yes);
    }
    let path = file(&arguments.path);
    replace::create(&path, &starter)?;
    terminal.result(&next_steps(&path))?;
    Ok(Exit::Yes)
}

fn file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("policy.yaml") } else { path.to_owned() }
}

fn next_steps(path: &Path) -> String {
    let path = printable(&path.display().to_string());
    format!(
        "wrote {path}\n\n\
         Put your interfaces and addresses in it, then\n  \
         mailward lint {path}\n  \
         mailward test {path}\n  \
         mailward render {path} --target nftables --out rules\n"
    )
}
