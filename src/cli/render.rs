//! `mailward render`: writes rulesets, or compares them with what is there.

mod compare;
mod output;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::exit::Exit;
use super::failure::Failure;
use super::load::{self, Loaded};
use super::terminal::Terminal;
use crate::model::Policy;
use crate::prove::rendered;
use crate::render::{Artifact, Dialect, Target, Templates, render};
use crate::report::{self, Examined, Ink};
use crate::source::{Diagnostic, Sources};

/// Turn policies into rulesets.
///
/// Every ruleset is read back and held against its policy, packet by packet. Nothing is written unless every policy can be
/// rendered for every target and means what it says there; files are replaced in one step each.
#[derive(Debug, Args)]
pub(super) struct Arguments {
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

/// What to render for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum TargetName {
    /// nft -f.
    Nftables,
    /// iptables-restore, ip6tables-restore and, for long lists, ipset restore.
    Iptables,
    /// pfctl -f, both dialects.
    Pf,
    /// pfctl -f on OpenBSD.
    PfOpenbsd,
    /// pfctl -f on FreeBSD.
    PfFreebsd,
    /// Everything.
    All,
}

/// One policy rendered for every target that was asked for.
struct Rendered {
    /// Its files; none if the policy is not valid or a target cannot say it.
    artifacts: Option<Vec<Artifact>>,
    examined: Examined,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let templates = templates(arguments.template_dir.as_deref())?;
    let targets = targets(&arguments.targets);
    let rendered = load::each(&arguments.paths, terminal, |loaded| render_all(loaded, &targets, &templates))?;
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

fn templates(directory: Option<&Path>) -> Result<Templates, Failure> {
    match directory {
        None => Templates::built_in().map_err(|error| Failure::bug(&error)),
        Some(directory) => {
            Templates::from_directory(directory).map_err(|error| Failure::Templates(error.to_string()))
        }
    }
}

/// The targets in the order of the help, each once.
fn targets(names: &[TargetName]) -> Vec<Target> {
    let mut targets: Vec<Target> = names.iter().flat_map(|name| name.targets()).copied().collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

impl TargetName {
    const fn targets(self) -> &'static [Target] {
        const OPENBSD: Target = Target::Pf(Dialect::OpenBsd);
        const FREEBSD: Target = Target::Pf(Dialect::FreeBsd);
        match self {
            Self::Nftables => &[Target::Nftables],
            Self::Iptables => &[Target::Iptables],
            Self::Pf => &[OPENBSD, FREEBSD],
            Self::PfOpenbsd => &[OPENBSD],
            Self::PfFreebsd => &[FREEBSD],
            Self::All => &[Target::Nftables, Target::Iptables, OPENBSD, FREEBSD],
        }
    }
}

/// The rulesets of a policy: all that were asked for, or none and the reasons.
fn render_all(loaded: Loaded, targets: &[Target], templates: &Templates) -> Rendered {
    let Loaded { policy, mut examined, .. } = loaded;
    let Some(policy) = policy else { return Rendered { artifacts: None, examined } };
    let each = targets.par_iter().map(|&target| {
        // What is read back is forgotten when it is proven.
        proven(&policy, &mut examined.sources.clone(), target, templates)
    });
    if let Ok(artifacts) = each.collect::<Result<Vec<_>, _>>() {
        return Rendered { artifacts: Some(artifacts.into_iter().flatten().collect()), examined };
    }
    // Once more and in order, so that messages point into files that are kept.
    let each = targets.iter().map(|&target| proven(&policy, &mut examined.sources, target, templates));
    let problems: Vec<Diagnostic> = each.filter_map(Result::err).flatten().collect();
    examined.diagnostics.extend(problems);
    Rendered { artifacts: None, examined }
}

/// The files of a ruleset that means what the policy says.
fn proven(
    policy: &Policy,
    sources: &mut Sources,
    target: Target,
    templates: &Templates,
) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let files = render(policy, sources, target, templates)?;
    rendered(policy, sources, target, &files).map(|()| files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_rendered_once_each() {
        assert_eq!(targets(&[TargetName::PfFreebsd, TargetName::Pf]), TargetName::Pf.targets());
        assert_eq!(targets(&[TargetName::All, TargetName::Nftables]), TargetName::All.targets());
    }
}
