//! `mailward init`: a policy to start from, or a project.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Terminal, printable};
use crate::cli::today::{day, today};
use crate::cli::{replace, settings};
use jiff::civil::Date;

/// The starter policy; `REVIEWED` stands for the day it is written.
const STARTER: &str = include_str!("init/starter.yaml");

/// What is guarded and where rulesets belong, in a project that begins.
const SETTINGS: &str = "\
# What `mailward check` guards, and where rulesets belong.
version: 1
policies: [policies]
targets: [nftables] # any of nftables, iptables, pf-openbsd, pf-freebsd; `pf` is both
out: rules
";

/// The first policy of a project.
const POLICY: &str = "policies/my-host.yaml";

/// Write a policy to start from.
///
/// It lints clean and renders for every target. An existing file is never overwritten.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// File to write, directory to write `policy.yaml` in, or `-` for standard output [default: policy.yaml].
    path: Option<PathBuf>,
    /// Begin a project in a directory [default: .]: `mailward.yaml`, and a policy in `policies`.
    #[arg(long)]
    project: bool,
    /// Date of the first review, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_parser = day, value_name = "DATE")]
    today: Option<Date>,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let starter = STARTER.replace("REVIEWED", &today(arguments.today).to_string());
    let said = match arguments.path.as_deref() {
        path if arguments.project => project(path.unwrap_or(Path::new(".")), &starter)?,
        Some(path) if path.as_os_str() == "-" => starter,
        path => {
            let path = file(path.unwrap_or(Path::new("policy.yaml")));
            replace::create(&path, &starter)?;
            next_steps(&path)
        }
    };
    terminal.result(&said)?;
    Ok(Exit::Yes)
}

fn file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("policy.yaml") } else { path.to_owned() }
}

/// Begins a project; what is there already stays, and then nothing is written.
fn project(directory: &Path, starter: &str) -> Result<String, Failure> {
    let files =
        [(settings::FILE, SETTINGS), (POLICY, starter)].map(|(name, text)| (place(directory, name), text));
    if let Some((there, _)) = files.iter().find(|(path, _)| path.symlink_metadata().is_ok()) {
        return Err(Failure::Exists(there.clone()));
    }
    let parents = files.iter().map(|(path, _)| replace::directory(path.parent().unwrap_or(directory)));
    let _made = parents.collect::<Result<Vec<_>, _>>()?;
    for (path, text) in &files {
        replace::create(path, text)?;
    }
    let [settings, policy] = files.map(|(path, _)| printable(&path.display().to_string()));
    Ok(format!(
        "wrote {settings}\nwrote {policy}\n\n\
         Put your interfaces and addresses in the policy, then, beside {name},\n  \
         mailward check --write    # writes the ruleset, and tells what is wrong\n  \
         mailward check            # for CI, once both are committed\n",
        name = settings::FILE,
    ))
}

/// A file of a project, without `./` before it.
fn place(directory: &Path, name: &str) -> PathBuf {
    if directory.as_os_str() == "." { PathBuf::from(name) } else { directory.join(name) }
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
