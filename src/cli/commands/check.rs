//! `mailward check`: the one command for CI.

mod fresh;
mod guarded;

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::cli::exit::Exit;
use crate::cli::fail_on::FailOn;
use crate::cli::failure::Failure;
use crate::cli::known;
use crate::cli::load::{self, With};
use crate::cli::output::OutputArguments;
use crate::cli::profile::Profiles;
use crate::cli::progress::Progress;
use crate::cli::rendering::templates;
use crate::cli::settings::{FILE, Settings, SettingsArguments};
use crate::cli::terminal::Terminal;
use crate::cli::today::{day, today};
use crate::report::{Examined, Summary, count};
use fresh::Fresh;
use guarded::{Guard, Guarded, Tally};

/// Guard a project: lint and test its policies, prove their rulesets, and see that these are up to date.
///
/// Policies are held against best practice and against their expectations, each ruleset is held against its policy, and
/// those in the repository have to be what the policies render.
///
/// What belongs to the project is in `mailward.yaml`, in the current directory or above it. Without such a file, the policies
/// in the current directory are linted and tested.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Policies and directories of policies instead of those that `mailward.yaml` names.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    settings: SettingsArguments,
    /// Write the rulesets that are not what the policies render. Nothing is written if a policy is not valid.
    #[arg(long)]
    write: bool,
    /// Weakest severity that makes the answer no [default: as in `mailward.yaml`, else low].
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    output: OutputArguments,
    /// Judge dates as on that day, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_parser = day, value_name = "DATE")]
    today: Option<Date>,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let outputs = arguments.output.read()?;
    let Some(settings) = arguments.settings.read(terminal)? else { return Ok(Exit::CannotAnswer) };
    if !settings.has_file() {
        terminal
            .remark(&format!("no `{FILE}` here or above: policies are linted and tested, and not rendered"));
    }
    let baseline = match &settings.baseline {
        None => None,
        Some(path) => match known::read(path, terminal)? {
            None => return Ok(Exit::CannotAnswer),
            known => known,
        },
    };
    let mut checked = guard(arguments, &settings, terminal)?;
    let is_valid = checked.iter().all(|one| one.is_valid);
    let tally = Tally::of(&checked);
    let fresh = fresh::compare(&settings, &mut checked)?;
    let strays = if arguments.paths.is_empty() && is_valid { fresh.strays(&checked)? } else { Vec::new() };
    let mut kept = settings.kept();
    kept.keep(fresh.places(&checked));
    let writes = arguments.write && is_valid;
    if writes {
        Fresh::settle(&mut checked);
    }
    let stale = if writes { 0 } else { fresh.count() };
    let is_drifted = stale > 0 || !strays.is_empty();
    let mut run: Vec<Examined> = checked.into_iter().map(|one| one.examined).collect();
    if !strays.is_empty() {
        let aside = Examined::new(FILE.to_owned(), None, settings.sources.clone());
        run.push(Examined { diagnostics: strays, is_aside: true, ..aside });
    }
    if let Some(baseline) = baseline {
        baseline.compare(&mut run);
    }
    let (_made, rulesets) = if writes { fresh.stage()? } else { (None, Vec::new()) };
    let shown = outputs.fill(&run, &mut kept, terminal)?.commit(rulesets)?;
    if writes {
        fresh.tell(terminal);
    }
    shown.show(&run, terminal)?;
    terminal.remark(&tally.line(&settings, stale));
    let verdict = arguments.fail_on.unwrap_or(settings.fail_on).verdict(&Summary::of(&run));
    // The program ends here: taking large policies apart piece by piece would only keep people waiting.
    std::mem::forget(run);
    Ok(match verdict {
        Exit::Yes if tally.failed > 0 || is_drifted => Exit::No,
        Exit::Yes if tally.undecided > 0 => Exit::CannotAnswer,
        verdict => verdict,
    })
}

/// Judges every policy.
fn guard(
    arguments: &Arguments,
    settings: &Settings,
    terminal: &mut Terminal,
) -> Result<Vec<Guarded>, Failure> {
    let guard = Guard {
        targets: &settings.targets,
        templates: &templates(settings.template_dir.as_deref())?,
        today: today(arguments.today),
    };
    let profiles = Profiles::read(&settings.profiles)?;
    let added = load::expectations(&settings.expect)?;
    let with = With { profiles: Some(&profiles), added: &added, ..With::default() };
    let paths = if arguments.paths.is_empty() { &settings.policies } else { &arguments.paths };
    Progress::default().shown(|progress| {
        let with = With { progress: Some(progress), ..with };
        load::each_with(paths, with, terminal, |loaded| guard.policy(loaded))
    })
}

impl Tally {
    /// `6 policies: 122 expectations hold; 24 files of rulesets proven and up to date`.
    fn line(&self, settings: &Settings, stale: usize) -> String {
        let mut policies = count(self.policies, "policy", "policies");
        if self.invalid == self.policies {
            let are = if self.policies == 1 { "is" } else { "are" };
            return format!("{policies} {are} not valid: nothing is tested or rendered");
        }
        if self.invalid > 0 {
            policies = format!("{policies}, {} of them not valid", self.invalid);
        }
        let expectations = match (self.expectations, self.expectations - self.failed - self.undecided) {
            (0, _) => "no expectations".to_owned(),
            (all, hold) if all == hold => format!("{} hold", count(all, "expectation", "expectations")),
            (all, hold) => format!("{hold} of {} hold", count(all, "expectation", "expectations")),
        };
        let files = count(self.rulesets, "file of rulesets", "files of rulesets");
        let rulesets = match (settings.targets.is_empty(), &settings.out) {
            (true, _) => "nothing is rendered".to_owned(),
            (false, None) => format!("{files} proven"),
            (false, Some(_)) if stale == 0 => format!("{files} proven and up to date"),
            (false, Some(_)) if stale == 1 => format!("1 of {files} is not up to date"),
            (false, Some(_)) => format!("{stale} of {files} are not up to date"),
        };
        format!("{policies}: {expectations}; {rulesets}")
    }
}
