//! `mailward compliance`: policies against standards.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::catalog;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::load::{self, Loaded, With};
use crate::cli::profile::Profiles;
use crate::cli::terminal::Terminal;
use crate::cli::today::{day, today};
use crate::lint::{self, Assessment, State};
use crate::report::compliance::{self, Assessed, Run};
use crate::report::{self, Examined};
use crate::source::Severity;

/// Hold policies against standards, control by control.
///
/// Every check that cites a control is run. A control is not met if one of them finds something, and met if none does, as far as packet
/// rules show: what they cannot show is named with it. What no check can say is called not decidable, and never met.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Policies, directories of policies, or `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A built-in profile, or a file with one; may be given several times [default: those that policies name].
    #[arg(long = "profile", value_name = "NAME|FILE")]
    profiles: Vec<String>,
    /// Who reads the answer.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Judge dates as on that day, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_parser = day, value_name = "DATE")]
    today: Option<Date>,
}

/// Who reads the answer.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// People: controls by state.
    Human,
    /// Auditors: a table, and a section for each control.
    Markdown,
    /// Programs: one JSON document.
    Json,
    /// Tools of auditors: OSCAL assessment results.
    Oscal,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    catalog::standards().map_err(|error| Failure::bug(error))?;
    let today = today(arguments.today);
    let profiles = Profiles::read(&arguments.profiles)?;
    let with = With { profiles: Some(&profiles), ..With::default() };
    let policies = load::each_with(&arguments.paths, with, terminal, |loaded| assessed(loaded, today))?;
    let broken: Vec<&Examined> =
        policies.iter().map(|one| &one.examined).filter(|one| is_broken(one)).collect();
    if !broken.is_empty() {
        terminal.remark(report::messages(broken.iter().copied(), terminal.ink()).trim_end());
    }
    let unasked = |one: &&Assessed| one.assessments.is_empty() && !is_broken(&one.examined);
    if let Some(one) = policies.iter().find(unasked) {
        return Err(Failure::NoProfile(one.examined.path.clone()));
    }
    let run = Run { policies: &policies, today };
    terminal.result(&text(run, arguments.format, terminal)?)?;
    Ok(if broken.is_empty() { answer(&policies, terminal) } else { Exit::CannotAnswer })
}

fn assessed(loaded: Loaded, today: Date) -> Assessed {
    let Loaded { policy, plan, mut examined, .. } = loaded;
    examined.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let sound = policy.zip(plan).filter(|_| !is_broken(&examined));
    let assessments = sound.map(|(policy, plan)| lint::assess(&policy, &plan, today)).unwrap_or_default();
    Assessed { examined, assessments }
}

fn is_broken(examined: &Examined) -> bool {
    !examined.diagnostics.is_empty()
}

fn text(run: Run<'_>, format: Format, terminal: &Terminal) -> Result<String, Failure> {
    Ok(match format {
        Format::Human => compliance::human(run, terminal.ink()),
        Format::Markdown => compliance::markdown(run),
        Format::Json => compliance::json(run).map_err(|error| Failure::bug(&error))?,
        Format::Oscal => compliance::oscal(run).map_err(|error| Failure::bug(&error))?.unwrap_or_default(),
    })
}

/// No if some control is not met; no answer if a profile has no control that could be decided.
fn answer(policies: &[Assessed], terminal: &mut Terminal) -> Exit {
    let all =
        || policies.iter().flat_map(|one| one.assessments.iter().map(move |assessment| (one, assessment)));
    let is_open =
        |assessment: &Assessment| !assessment.controls.iter().any(|judged| judged.state.is_decided());
    let open: Vec<_> = all().filter(|(_, assessment)| is_open(assessment)).collect();
    for (one, assessment) in &open {
        let (path, profile) = (&one.examined.path, &assessment.profile);
        terminal.error(&format!("no control of `{profile}` could be decided for `{path}`"), None);
    }
    if all().any(|(_, assessment)| assessment.count(State::NotMet) > 0) {
        Exit::No
    } else if open.is_empty() {
        Exit::Yes
    } else {
        Exit::CannotAnswer
    }
}
