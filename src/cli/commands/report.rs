//! `mailward report`: one page about the policies of a project.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::known;
use crate::cli::load::{self, Loaded, With};
use crate::cli::profile::Profiles;
use crate::cli::progress::Progress;
use crate::cli::rendering::{rulesets, templates};
use crate::cli::replace;
use crate::cli::settings::{Settings, SettingsArguments};
use crate::cli::target::TargetName;
use crate::cli::terminal::{Terminal, printable};
use crate::cli::today::{day, today};
use crate::lint::{self, Linted};
use crate::model::Policy;
use crate::render::{Artifact, Target, Templates};
use crate::report::page::{Chapter, Subject, html};
use crate::report::{self, Examined};
use crate::source::Severity;

/// Write one page about policies: what may pass, findings, exceptions, expectations, and rules beside their rulesets.
///
/// The page is one HTML file that needs no network and no script. It shows each service between each pair of zones, decided for every
/// packet; a cell opens into the rules that decide, with packets. Policies, profiles and targets are those of `mailward.yaml`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Policies and directories of policies [default: those that `mailward.yaml` names, else the current directory].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The page; it is replaced in one step. `-` is the standard output.
    #[arg(long, value_name = "FILE")]
    html: PathBuf,
    /// What to render for, instead of what `mailward.yaml` says; may be given several times.
    #[arg(long = "target", short, value_enum, value_name = "TARGET")]
    targets: Vec<TargetName>,
    #[command(flatten)]
    settings: SettingsArguments,
    /// Judge dates as on that day, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_parser = day, value_name = "DATE")]
    today: Option<Date>,
}

/// What every policy is held against.
struct Judge<'j> {
    targets: Vec<Target>,
    templates: &'j Templates,
    today: Date,
}

/// A policy that is valid, and its rulesets.
struct Judged {
    policy: Policy,
    rulesets: Vec<(Target, Vec<Artifact>)>,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Some(settings) = arguments.settings.read(terminal)? else { return Ok(Exit::CannotAnswer) };
    let judge = Judge {
        targets: settings.targets_or(&arguments.targets),
        templates: &templates(settings.template_dir.as_deref())?,
        today: today(arguments.today),
    };
    let is_shown = arguments.html.as_os_str() == "-";
    let mut kept = settings.kept();
    if !is_shown {
        kept.spare(&arguments.html)?;
    }
    let (mut run, judged) = judge.all(arguments, &settings, terminal)?;
    let Some(judged) = judged.into_iter().collect::<Option<Vec<Judged>>>() else {
        return Ok(unreadable(run, terminal));
    };
    if let Some(path) = &settings.baseline {
        let Some(baseline) = known::read(path, terminal)? else { return Ok(Exit::CannotAnswer) };
        baseline.compare(&mut run);
    }
    let text = judge.page(&run, &judged)?;
    if is_shown {
        terminal.result(&text)?;
    } else {
        kept.keep_read(&run);
        kept.spare(&arguments.html)?;
        replace::commit(vec![replace::stage(&arguments.html, &text)?])?;
        terminal.remark(&format!("wrote {}", printable(&arguments.html.display().to_string())));
    }
    // The program ends here: taking large policies apart piece by piece would only keep people waiting.
    std::mem::forget((run, judged));
    Ok(Exit::Yes)
}

/// Says what is wrong with policies, instead of what they do.
fn unreadable(mut run: Vec<Examined>, terminal: &mut Terminal) -> Exit {
    for one in &mut run {
        one.diagnostics.retain(|problem| problem.severity == Severity::Error);
    }
    run.retain(|one| !one.diagnostics.is_empty());
    terminal.remark(report::messages(&run, terminal.ink()).trim_end());
    Exit::CannotAnswer
}

impl Judge<'_> {
    /// Judges every policy; none in the place of one that is not valid or cannot be rendered.
    fn all(
        &self,
        arguments: &Arguments,
        settings: &Settings,
        terminal: &mut Terminal,
    ) -> Result<(Vec<Examined>, Vec<Option<Judged>>), Failure> {
        let profiles = Profiles::read(&settings.profiles)?;
        let added = load::expectations(&settings.expect)?;
        let with = With { profiles: Some(&profiles), added: &added, ..With::default() };
        let paths = if arguments.paths.is_empty() { &settings.policies } else { &arguments.paths };
        let all = Progress::default().shown(|progress| {
            let with = With { progress: Some(progress), ..with };
            load::each_with(paths, with, terminal, |loaded| self.policy(loaded))
        })?;
        Ok(all.into_iter().unzip())
    }

    fn policy(&self, loaded: Loaded) -> (Examined, Option<Judged>) {
        let Loaded { policy, plan, mut examined, .. } = loaded;
        let Some((policy, plan)) = policy.zip(plan) else { return (examined, None) };
        let Linted { findings, excepted } = lint::examine(&policy, &plan, self.today);
        examined.diagnostics.extend(findings);
        examined.excepted = excepted;
        let mut rendered = Vec::new();
        for &target in &self.targets {
            match rulesets(&policy, &mut examined.sources, &[target], self.templates) {
                Ok(files) => rendered.push((target, files)),
                Err(problems) => {
                    examined.diagnostics.extend(problems);
                    return (examined, None);
                }
            }
        }
        (examined, Some(Judged { policy, rulesets: rendered }))
    }

    /// The page; files beside the policies come after them in a run.
    fn page(&self, run: &[Examined], judged: &[Judged]) -> Result<String, Failure> {
        let policies: Vec<(&Examined, &Judged)> = run.iter().zip(judged).collect();
        let chapters = policies.par_iter().map(|(examined, judged)| {
            let Judged { policy, rulesets } = judged;
            Chapter::of(Subject { examined, policy, rulesets }, self.today)
        });
        let chapters: Vec<Chapter> = chapters.collect();
        let aside: Vec<&Examined> = run.iter().filter(|one| one.is_aside).collect();
        html(&chapters, &aside, self.today).map_err(|error| Failure::bug(&error))
    }
}
