//! Whether a ruleset that was just rendered means what its policy says.

use super::{Comparison, Logging, Names, compare, grouped, interface_patterns, meaning_of};
use crate::model::Policy;
use crate::readback::{
    self, Conditions, InterfaceTable, IptablesKind, Language, PfDialect, nothing_included,
};
use crate::render::{Artifact, Dialect, Target};
use crate::source::{Diagnostic, FileId, SourceFile, Sources};

/// What to say about every difference: nothing like it may ever be seen.
const HELP: &str = "this is a bug in mailward, or in a template of yours: nothing was written";

/// The most differences that are shown.
const MOST: usize = 10;

/// Reads the files of a ruleset back and holds them against the policy they were made of, packet by packet. The files are
/// added to the sources, so that messages can show them.
///
/// # Errors
/// Everything that differs or could not be read or told, as errors.
pub fn rendered(
    policy: &Policy,
    sources: &mut Sources,
    target: Target,
    artifacts: &[Artifact],
) -> Result<(), Vec<Diagnostic>> {
    let files: Vec<(FileId, IptablesKind)> =
        artifacts.iter().map(|artifact| added(artifact, sources)).collect();
    let ruleset = readback::read(language(target), &files, sources, &mut nothing_included)
        .map_err(|problems| problems.into_iter().map(|problem| problem.help(HELP)).collect::<Vec<_>>())?;
    let table = InterfaceTable::new(interface_patterns(policy).chain(ruleset.interfaces()));
    let mut conditions = Conditions::default();
    let meaning = ruleset.meaning(&table, &mut conditions).map_err(|problem| vec![problem.help(HELP)])?;
    let comparison = compare(&meaning_of(policy, &table), &meaning, logging(target));
    if comparison.is_equal() {
        return Ok(());
    }
    let right = artifacts.first().map_or("the ruleset", |artifact| artifact.name.as_str());
    let left = policy.name.value.as_str();
    let unwritten = &[policy.site];
    let names = Names { left, right, interfaces: &table, conditions: &conditions, unwritten };
    Err(problems(&comparison, &names, policy))
}

fn problems(comparison: &Comparison, names: &Names<'_>, policy: &Policy) -> Vec<Diagnostic> {
    let groups = grouped(comparison);
    let differences = groups.iter().take(MOST).map(|group| names.tell(group).into_error());
    let doubts = comparison.undecided.iter().take(1);
    let doubts = doubts.map(|doubt| Diagnostic::error("not-proven", policy.site, names.doubt(doubt)));
    differences.chain(doubts).map(|problem| problem.help(HELP)).collect()
}

/// Adds a file to the sources.
fn added(artifact: &Artifact, sources: &mut Sources) -> (FileId, IptablesKind) {
    let kind = match artifact.name.rsplit('.').next() {
        Some("ipset") => IptablesKind::Ipset,
        _ if artifact.name.ends_with(".v6.rules") => IptablesKind::V6,
        _ => IptablesKind::V4,
    };
    (sources.add(SourceFile::new(artifact.name.clone(), artifact.text.clone(), None)), kind)
}

const fn language(target: Target) -> Language {
    match target {
        Target::Nftables => Language::Nftables,
        Target::Iptables => Language::Iptables,
        Target::Pf(Dialect::OpenBsd) => Language::Pf(PfDialect::OpenBsd),
        Target::Pf(Dialect::FreeBsd) => Language::Pf(PfDialect::FreeBsd),
    }
}

/// How closely a target can say how packets are logged.
const fn logging(target: Target) -> Logging {
    match target {
        Target::Nftables | Target::Iptables => Logging::Limits,
        Target::Pf(_) => Logging::Whether,
    }
}
