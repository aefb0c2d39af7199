//! `mailward diff`: what changes in traffic between two versions of policies.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use crate::analyze::delta;
use crate::cli::answer;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::foreign::{self, ForeignArguments};
use crate::cli::load::With;
use crate::cli::terminal::Terminal;
use crate::cli::versions::{Pair, paired, sides};
use crate::readback::Language;
use crate::report::{self, Examined, Ink, changes};
use crate::source::{Sources, written};

/// How the command is used: the arguments alone would not tell which go together.
const USAGE: &str = "\
mailward diff [OPTIONS] <OLD> <NEW>
       mailward diff [OPTIONS] --git <REV> [--git <REV>] [PATH]...";

/// Say what changes in traffic between two versions of policies.
///
/// Packets are compared, not words: what is newly allowed, newly denied, refused in another way, logged otherwise, each
/// with its size, the rules behind it on both sides, and a packet that shows it. Rules that only moved or were written in
/// another way change nothing. In directories policies are paired by their paths, those left over by their names; an added
/// one shows what it allows and a removed one what is no longer allowed, the baseline aside.
#[derive(Debug, Args)]
#[command(override_usage = USAGE)]
pub(in crate::cli) struct Arguments {
    /// The policy, or the directory of policies, as it was; `-` for standard input.
    #[arg(value_name = "OLD", required_unless_present = "revisions")]
    old: Option<PathBuf>,
    /// The same as it is now; `-` for standard input.
    #[arg(value_name = "NEW", required_unless_present = "revisions")]
    new: Option<PathBuf>,
    /// With --git: policies and directories of the repository [default: the current directory].
    #[arg(value_name = "PATH", requires = "revisions")]
    paths: Vec<PathBuf>,
    /// Compare the files of a revision of the current git repository with the working tree, or with a second revision.
    /// `A..B` is short for both; `A...B` is B since it left A, as in a pull request.
    #[arg(long = "git", value_name = "REV", action = clap::ArgAction::Append)]
    revisions: Vec<String>,
    #[command(flatten)]
    foreign: ForeignArguments,
    /// Answer no if traffic changes.
    #[arg(long)]
    exit_code: bool,
    /// Who reads the changes.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Who reads the changes.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// People: sentences, and the lines of the rules behind them.
    Human,
    /// Programs: one JSON document.
    Json,
    /// Reviewers: a comment for a pull request.
    Markdown,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if let Some(language) = arguments.foreign.language() {
        return rulesets(arguments, language, terminal);
    }
    let (old, new) = sides(&arguments.revisions, &arguments.paths(), terminal)?;
    let (old, new) = rayon::join(|| old.load(With::default()), || new.load(With::default()));
    if old.iter().chain(&new).any(|(_, loaded)| loaded.policy.is_none()) {
        let run: Vec<Examined> = old.into_iter().chain(new).map(|(_, loaded)| loaded.examined).collect();
        terminal.remark(report::human(&run, Ink::Styled).trim_end());
        return Ok(Exit::CannotAnswer);
    }
    if old.is_empty() && new.is_empty() {
        return Err(Failure::nothing_to_check(&arguments.paths()));
    }
    let pairs = paired(old, new);
    let compared: Vec<changes::Compared<'_>> = pairs.par_iter().map(Pair::compare).collect();
    tell(&compared, arguments, terminal)
}

fn tell(
    compared: &[changes::Compared<'_>],
    arguments: &Arguments,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let text = match arguments.format {
        Format::Human => changes::human(compared),
        Format::Json => changes::json(compared).map_err(|error| Failure::bug(&error))?,
        Format::Markdown => changes::markdown(compared),
    };
    terminal.result(&text)?;
    Ok(verdict(compared, arguments.exit_code))
}

/// Compares two rulesets as policies.
fn rulesets(arguments: &Arguments, language: Language, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let paths = arguments.paths();
    let [old, new] = paths.as_slice() else { return Err(Failure::RulesetsOfRevisions) };
    let mut sources = Sources::default();
    let foreign = match foreign::read(language, &[old, new], &[], &mut sources)? {
        Ok(foreign) => foreign,
        Err(problems) => {
            answer::refuse(sources, problems, terminal);
            return Ok(Exit::CannotAnswer);
        }
    };
    if foreign.families.first() != foreign.families.last() {
        return Err(Failure::OtherFamilies { old: written(old), new: written(new) });
    }
    let [before, now] = foreign.policies.as_slice() else {
        return Err(Failure::Bug("two rulesets were read and are not there".to_owned()));
    };
    let examined = |policy| Examined::new(foreign::name(&sources, policy), None, sources.clone());
    let (left, right) = (examined(before), examined(now));
    let delta = delta(before, now);
    tell(&[changes::Compared { old: Some(&left), new: Some(&right), delta }], arguments, terminal)
}

impl Arguments {
    /// All of them in order: the first two are OLD and NEW only where no revision is named.
    fn paths(&self) -> Vec<PathBuf> {
        [&self.old, &self.new].into_iter().flatten().chain(&self.paths).cloned().collect()
    }
}

fn verdict(compared: &[changes::Compared<'_>], exit_code: bool) -> Exit {
    let is_any = |some: fn(&changes::Compared<'_>) -> bool| compared.iter().any(some);
    if is_any(|one| !one.delta.undecided.is_empty()) {
        return Exit::CannotAnswer;
    }
    let changed = is_any(|one| !one.delta.changes.is_empty());
    if changed && exit_code { Exit::No } else { Exit::Yes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::{Delta, Undecided};

    #[test]
    fn what_is_undecided_is_no_answer() {
        let compared = |undecided| {
            let delta = Delta { changes: Vec::new(), undecided };
            [changes::Compared { old: None, new: None, delta }]
        };
        for exit_code in [false, true] {
            assert_eq!(verdict(&compared(Vec::new()), exit_code), Exit::Yes);
            assert_eq!(verdict(&compared(vec![Undecided::Logging]), exit_code), Exit::CannotAnswer);
        }
    }
}
