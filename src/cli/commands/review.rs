//! `mailward review`: what a change does, for those who review it.

mod judged;

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::load::{Loaded, With};
use crate::cli::profile::Profiles;
use crate::cli::progress::Progress;
use crate::cli::rendering::templates;
use crate::cli::settings::{Settings, SettingsArguments};
use crate::cli::target::TargetName;
use crate::cli::terminal::Terminal;
use crate::cli::today::{day, today};
use crate::cli::versions::{Pair, paired, sides};
use crate::report::Examined;
use crate::report::changes::Compared;
use crate::report::review::{LONGEST, Review, SHORTEST, markdown, problems};
use crate::source::Severity;
use judged::{Judge, Judged};

/// How the command is used: the arguments alone would not tell which go together.
const USAGE: &str = "\
mailward review [OPTIONS] --base <REV> [--base <REV>] [PATH]...
       mailward review [OPTIONS] <OLD> <NEW>";

/// Write the comment that a reviewer of a change wants to read, in Markdown.
///
/// It says what is newly allowed and denied, with a packet that shows it; which findings are new and which are settled;
/// which exceptions are new or end soon; and how the rulesets change, with a digest of each. Profiles and targets are those of
/// `mailward.yaml`.
#[derive(Debug, Args)]
#[command(override_usage = USAGE)]
pub(in crate::cli) struct Arguments {
    /// Policies and directories of the repository [default: those that `mailward.yaml` names, else the current directory]; without
    /// --base the old and the new file or directory.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The revision of the current git repository that the change is based on. `A...B` is B since it left A, as in a pull
    /// request; a second one is compared instead of the working tree.
    #[arg(long = "base", value_name = "REV", action = clap::ArgAction::Append)]
    revisions: Vec<String>,
    /// What to render for, instead of what `mailward.yaml` says; may be given several times.
    #[arg(long = "target", short, value_enum, value_name = "TARGET")]
    targets: Vec<TargetName>,
    #[command(flatten)]
    settings: SettingsArguments,
    /// Name exceptions that end within so many days.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(i32).range(0..))]
    within: i32,
    /// The longest comment, in characters, 1000 or more. The default is what GitHub takes.
    #[arg(long, value_name = "CHARACTERS", default_value_t = LONGEST, value_parser = longest)]
    longest: usize,
    /// Answer no if traffic changes or a finding is new.
    #[arg(long)]
    exit_code: bool,
    /// Judge dates as on that day, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_parser = day, value_name = "DATE")]
    today: Option<Date>,
}

/// A limit that a comment can stay within.
fn longest(text: &str) -> Result<usize, String> {
    let longest: usize = text.parse().map_err(|_| "it is not a number of characters".to_owned())?;
    if longest < SHORTEST {
        return Err(format!("a comment needs room for {SHORTEST} characters: name {SHORTEST} or more"));
    }
    Ok(longest)
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(settings) = arguments.settings.read(terminal)? else { return Ok(Exit::CannotAnswer) };
    let profiles = Profiles::read(&settings.profiles)?;
    let (old, new) = sides(&arguments.revisions, &paths(arguments, &settings)?, terminal)?;
    let with = With { profiles: Some(&profiles), ..With::default() };
    let (old, new) = rayon::join(|| old.load(with), || new.load(with));
    if old.is_empty() && new.is_empty() {
        return Err(Failure::nothing_to_check(&arguments.paths));
    }
    if old.iter().chain(&new).any(|(_, loaded)| loaded.policy.is_none()) {
        let broken = |(_, loaded): (PathBuf, Loaded)| loaded.examined;
        let run: Vec<Examined> = old.into_iter().chain(new).map(broken).collect();
        return unreadable(run, arguments.longest, terminal);
    }
    let judge = Judge {
        targets: &settings.targets_or(&arguments.targets),
        templates: &templates(settings.template_dir.as_deref())?,
        today: today(arguments.today),
        within: arguments.within,
    };
    let pairs = paired(old, new);
    let judged = Progress::default().shown(|progress| {
        progress.expect(pairs.len());
        let judged = pairs.par_iter().map(|pair| {
            let judged = judge.pair(pair);
            progress.step();
            judged
        });
        judged.collect::<Vec<_>>()
    });
    tell(&pairs, judged, arguments, terminal)
}

/// What to look at.
fn paths(arguments: &Arguments, settings: &Settings) -> Result<Vec<PathBuf>, Failure> {
    match (arguments.revisions.as_slice(), arguments.paths.as_slice()) {
        ([], [_, _]) => Ok(arguments.paths.clone()),
        ([], _) => Err(Failure::NoBase),
        (_, []) => Ok(settings.policies.clone()),
        _ => Ok(arguments.paths.clone()),
    }
}

/// Says what is wrong with policies, instead of what they do.
fn unreadable(mut run: Vec<Examined>, longest: usize, terminal: &mut Terminal) -> Result<Exit, Failure> {
    for one in &mut run {
        one.diagnostics.retain(|problem| problem.severity == Severity::Error);
    }
    run.retain(|one| !one.diagnostics.is_empty());
    terminal.result(&problems(&run, longest))?;
    Ok(Exit::CannotAnswer)
}

fn tell(
    pairs: &[Pair],
    judged: Vec<Judged<'_>>,
    arguments: &Arguments,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let broken: Vec<Examined> = judged.iter().filter_map(Judged::problems).collect();
    if !broken.is_empty() {
        return unreadable(broken, arguments.longest, terminal);
    }
    let mut compared: Vec<Compared<'_>> = Vec::with_capacity(pairs.len());
    let mut rulesets = Vec::new();
    let mut rest = Vec::with_capacity(judged.len());
    for mut one in judged {
        rulesets.append(&mut one.rulesets);
        compared.extend(one.compared.take());
        rest.push(one);
    }
    rulesets.sort_by(|one, other| one.name.cmp(&other.name));
    let review = Review {
        compared: &compared,
        introduced: rest.iter().flat_map(Judged::introduced).collect(),
        fixed: rest.iter().flat_map(Judged::fixed).collect(),
        exceptions: rest.iter().flat_map(Judged::exceptions).collect(),
        rulesets,
    };
    terminal.result(&markdown(&review, arguments.longest))?;
    let is_undecided = compared.iter().any(|one| !one.delta.undecided.is_empty());
    let is_new = !review.introduced.is_empty() || compared.iter().any(|one| !one.delta.changes.is_empty());
    Ok(match (is_undecided, arguments.exit_code && is_new) {
        (true, _) => Exit::CannotAnswer,
        (false, true) => Exit::No,
        (false, false) => Exit::Yes,
    })
}
