//! `mailward render`: writes rulesets, or compares them with what is there.

mod compare;
mod output;

use std::path::PathBuf;

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::load::{self, Loaded};
use crate::cli::rendering::{rulesets, templates};
use crate::cli::target::{TargetName, targets};
use crate::cli::terminal::Terminal;
use crate::render::{Artifact, Target, Templates};
use crate::report::{self, Examined, Ink};

/// Turn policies into rulesets.
///
/// Every ruleset is read back and held against its policy, packet by packet. Nothing is written unless every policy can be
/// rendered for every target and means what it says there; files are replaced in one step each.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Policies, directories of policies, or `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What to render for; may be given several times.
    #[arg(long = "target", short, value_enum, required = true, value_name = "TARGET")]
    targets: Vec<TargetName>,
    /// Directory for the rulesets, made if needed [default: standard output].
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write nothing: show how the files in --out differ from what would be written, and answer no if they do.
    #[arg(long, requires = "out")]
    check: bool,
    /// Directory of templates that replace the built-in ones of the same names.
    #[arg(long, value_name = "DIR")]
    template_dir: Option<PathBuf>,
}

/// One policy rendered for every target that was asked for.
struct Rendered {
    /// Its files; none if the policy is not valid or a target cannot say it.
    artifacts: Option<Vec<Artifact>>,
    examined: Examined,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let templates = templates(arguments.template_dir.as_deref())?;
    let targets = targets(&arguments.targets);
    let rendered = load::each(&arguments.paths, terminal, |loaded| rendered(loaded, &targets, &templates))?;
    if rendered.iter().any(|one| one.artifacts.is_none()) {
        let run: Vec<Examined> = rendered.into_iter().map(|one| one.examined).collect();
        terminal.remark(report::human(&run, Ink::Styled).trim_end());
        return Ok(Exit::CannotAnswer);
    }
    let files = output::files(rendered)?;
    match &arguments.out {
        Some(directory) if arguments.check => compare::compare(directory, &files, terminal),
        Some(directory) => output::write(directory, &files, terminal),
        None => output::print(&files, terminal),
    }
}

/// Renders a policy.
fn rendered(loaded: Loaded, targets: &[Target], templates: &Templates) -> Rendered {
    let Loaded { policy, mut examined, .. } = loaded;
    let artifacts = policy.and_then(|policy| {
        let rulesets = rulesets(&policy, &mut examined.sources, targets, templates);
        rulesets.map_err(|problems| examined.diagnostics.extend(problems)).ok()
    });
    Rendered { artifacts, examined }
}
