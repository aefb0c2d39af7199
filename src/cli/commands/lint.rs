//! `mailward lint`: holds policies against best practice.

mod doubts;
mod fix;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::cli::exit::Exit;
use crate::cli::fail_on::FailOn;
use crate::cli::failure::Failure;
use crate::cli::foreign::{self, Foreign, ForeignArguments};
use crate::cli::kept::Kept;
use crate::cli::known::{self, Baseline};
use crate::cli::load::{self, Loaded, With};
use crate::cli::output::OutputArguments;
use crate::cli::profile::{ProfileArguments, Profiles};
use crate::cli::replace::Staged;
use crate::cli::terminal::Terminal;
use crate::cli::today::{day, today};
use crate::lint::{self, Linted, Plan, is_about_order, lint_ruleset};
use crate::readback::Language;
use crate::report::{Examined, Summary};
use crate::source::{Diagnostic, Severity, Sources, written};
use doubts::Doubts;
use fix::{Orders, Repairs};

/// Hold policies against best practice.
///
/// Everything that is wrong in any of them is shown in one run: with its place, the reason, a packet that shows it,
/// and what to do. `mailward explain CHECK` says more about a check.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Policies, directories of policies, or `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Weakest severity that makes the answer no.
    #[arg(long, value_enum, default_value_t = FailOn::Low, value_name = "SEVERITY")]
    fail_on: FailOn,
    #[command(flatten)]
    outputs: OutputArguments,
    #[command(flatten)]
    profiles: ProfileArguments,
    /// Carry fixes out and tell what is left: those that are proven to change nothing but what the finding names, or with
    /// `unsafe` those that a person has to look at, too.
    #[arg(long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "safe", value_name = "safe|unsafe")]
    #[arg(hide_possible_values = true, conflicts_with = "language")]
    fix: Option<Fixes>,
    /// Show what `--fix` would change, and change nothing. The answer is no if it would.
    #[arg(long, conflicts_with_all = ["language", "output"])]
    diff: bool,
    /// Tell only findings that this file does not list, and what of it is settled.
    #[arg(long, value_name = "FILE", conflicts_with = "language")]
    baseline: Option<PathBuf>,
    /// Write all findings to a new file for `--baseline`, and tell none.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "language", "fix", "diff", "output"])]
    write_baseline: Option<PathBuf>,
    #[command(flatten)]
    foreign: ForeignArguments,
    /// Judge dates as on that day, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_parser = day, value_name = "DATE")]
    today: Option<Date>,
}

/// Which fixes are carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Fixes {
    /// Those that are proven.
    Safe,
    /// Those that a person has to decide, too.
    Unsafe,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let today = today(arguments.today);
    let outputs = arguments.outputs.read()?;
    arguments.write_baseline.iter().try_for_each(|path| known::is_file(path))?;
    let profiles = arguments.profiles.read()?;
    let mut kept = Kept::default();
    kept.keep(profiles.files());
    let baseline = match &arguments.baseline {
        None => None,
        Some(path) => match known::read(path, terminal)? {
            None => return Ok(Exit::CannotAnswer),
            known => known,
        },
    };
    kept.keep(baseline.as_ref().map(Baseline::path));
    if arguments.fix.is_some() || arguments.diff {
        let orders =
            Orders { includes_unsafe: arguments.fix == Some(Fixes::Unsafe), is_preview: arguments.diff };
        let repairs = Repairs::new(&arguments.paths, &profiles, orders, today, terminal)?;
        kept.keep(repairs.read());
        outputs.probe(&mut kept)?;
        let is_changed = repairs.carry_out(orders, terminal)?;
        if arguments.diff {
            return Ok(if is_changed { Exit::No } else { Exit::Yes });
        }
    }
    let mut run = match arguments.foreign.language() {
        None => policies(arguments, &profiles, today, terminal)?,
        Some(language) => rulesets(&arguments.paths, language, &profiles.for_rulesets()?, today)?,
    };
    if let Some(path) =
        arguments.write_baseline.as_ref().filter(|_| Summary::of(&run).count(Severity::Error) == 0)
    {
        return known::write(path, &run, terminal).map(|()| Exit::Yes);
    }
    let settled = match baseline {
        None => None,
        Some(baseline) if arguments.fix.is_some() => baseline.settle(&mut run)?,
        Some(baseline) => {
            baseline.compare(&mut run);
            None
        }
    };
    let (settled, said): (Vec<Staged>, Vec<String>) = settled.into_iter().unzip();
    let shown = outputs.fill(&run, &mut kept, terminal)?.commit(settled)?;
    for said in said {
        terminal.remark(&said);
    }
    shown.show(&run, terminal)?;
    let verdict = arguments.fail_on.verdict(&Summary::of(&run));
    // The program ends here: taking a large policy apart piece by piece would only keep people waiting.
    std::mem::forget(run);
    Ok(verdict)
}

/// Policies with what was found in them.
fn policies(
    arguments: &Arguments,
    profiles: &Profiles,
    today: Date,
    terminal: &mut Terminal,
) -> Result<Vec<Examined>, Failure> {
    let with = With { profiles: Some(profiles), ..With::default() };
    load::each_with(&arguments.paths, with, terminal, |loaded| examine(loaded, today))
}

/// Rulesets with the findings about what happens to packets.
fn rulesets(
    paths: &[PathBuf],
    language: Language,
    plan: &Plan,
    today: Date,
) -> Result<Vec<Examined>, Failure> {
    if paths.is_empty() {
        return Err(Failure::nothing_to_check(paths));
    }
    paths.iter().map(|path| ruleset(path, language, plan, today)).collect()
}

/// Whether a finding is about what the language of a ruleset has words for: pf has none for limits of logs.
fn is_sayable(language: Language, finding: &Diagnostic) -> bool {
    !(matches!(language, Language::Pf(_)) && finding.code == "log-unlimited")
}

/// A finding about the order of rules with what order is in a language: checks speak of rules in the order in which they decide.
fn in_order_of(language: Language, finding: Diagnostic) -> Diagnostic {
    if matches!(language, Language::Pf(_)) && is_about_order(finding.code) {
        finding.note("in pf the last rule that matches decides: what comes first here stands later in the file, or is `quick`")
    } else {
        finding
    }
}

fn ruleset(path: &Path, language: Language, plan: &Plan, today: Date) -> Result<Examined, Failure> {
    let mut sources = Sources::default();
    let (name, diagnostics) = match foreign::read(language, &[path], &[], &mut sources)? {
        Ok(Foreign { policies, conditions, .. }) => {
            let findings = |policy| {
                let doubts = Doubts::of(policy, &conditions);
                let found = lint_ruleset(policy, plan, today).into_iter();
                let found = found.filter(|finding| is_sayable(language, finding));
                let found = found.map(|finding| in_order_of(language, doubts.about(finding)));
                let found: Vec<Diagnostic> = found.collect();
                doubts.finding(language).into_iter().chain(found)
            };
            (Some("ruleset".to_owned()), policies.iter().flat_map(findings).collect())
        }
        Err(problems) => (None, problems),
    };
    Ok(Examined { diagnostics, ..Examined::new(written(path), name, sources) })
}

/// Adds the findings about a valid policy to what was said while it was read.
fn examine(loaded: Loaded, today: Date) -> Examined {
    let Loaded { policy, plan, mut examined, .. } = loaded;
    if let Some((policy, plan)) = policy.zip(plan) {
        let Linted { findings, excepted } = lint::examine(&policy, &plan, today);
        examined.diagnostics.extend(findings);
        examined.excepted = excepted;
        examined.diagnostics.sort_by_key(|diagnostic| diagnostic.primary.site);
    }
    examined.settled()
}
