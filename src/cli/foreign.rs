//! Rulesets that nobody has a policy for, as policies: `--as`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::operand::{Opened, Operand};
use crate::model::Policy;
use crate::packet::Family;
use crate::readback::{
    Conditions, InterfacePattern, InterfaceTable, Language, PfDialect, Ruleset, as_policy,
};
use crate::source::{Diagnostic, Site, SourceFile, Sources};

/// The option that makes rulesets of policies.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct ForeignArguments {
    /// Read rulesets in that language instead of policies: what a firewall lists, or a file for it. The files of one
    /// iptables ruleset stand with commas between them.
    #[arg(long = "as", value_enum, value_name = "LANGUAGE")]
    language: Option<Written>,
}

/// The languages of rulesets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Written {
    /// `nft list ruleset`, `nft -j list ruleset`, `nft -f`.
    #[value(alias = "nftables")]
    Nft,
    /// `iptables-save`, `ip6tables-save`, `ipset save`.
    Iptables,
    /// `pfctl -sr` and pf.conf of OpenBSD.
    #[value(alias = "pf")]
    PfOpenbsd,
    /// `pfctl -sr` and pf.conf of FreeBSD.
    PfFreebsd,
}

/// Rulesets as policies, with one numbering of interfaces and conditions.
pub(super) struct Foreign {
    pub(super) policies: Vec<Policy>,
    /// The matches that nobody looked into.
    pub(super) conditions: Conditions,
    /// The families of which each of them says something.
    pub(super) families: Vec<Vec<Family>>,
}

impl ForeignArguments {
    /// The language, if rulesets are to be read.
    pub(super) fn language(self) -> Option<Language> {
        Some(match self.language? {
            Written::Nft => Language::Nftables,
            Written::Iptables => Language::Iptables,
            Written::PfOpenbsd => Language::Pf(PfDialect::OpenBsd),
            Written::PfFreebsd => Language::Pf(PfDialect::FreeBsd),
        })
    }
}

/// Reads rulesets of a language, each named by its file, or its files with commas between them. Interfaces that are asked
/// about get numbers, too.
///
/// # Errors
/// A file that cannot be read. What is wrong with a ruleset is among the diagnostics of the inner error.
pub(super) fn read(
    language: Language,
    paths: &[&Path],
    asked: &[InterfacePattern],
    sources: &mut Sources,
) -> Result<Result<Foreign, Vec<Diagnostic>>, Failure> {
    let mut diagnostics = Vec::new();
    let mut rulesets: Vec<(Ruleset, Site)> = Vec::new();
    for path in paths {
        let first = sources.next_file();
        if let Some(Opened::Ruleset(ruleset)) = operand(language, path).open(sources, &mut diagnostics)? {
            let end = sources.file(first).map_or(0, |file| file.text().len());
            rulesets.push((ruleset, Site::bytes(first, 0..end.min(1))));
        }
    }
    if !diagnostics.is_empty() {
        return Ok(Err(diagnostics));
    }
    Ok(foreign(&rulesets, asked, sources).map_err(|problem| vec![problem]))
}

fn foreign(
    rulesets: &[(Ruleset, Site)],
    asked: &[InterfacePattern],
    sources: &Sources,
) -> Result<Foreign, Diagnostic> {
    let spoken = rulesets.iter().flat_map(|(ruleset, _)| ruleset.interfaces());
    let table = InterfaceTable::new(spoken.chain(asked.iter().cloned()));
    let mut foreign =
        Foreign { policies: Vec::new(), conditions: Conditions::default(), families: Vec::new() };
    for (ruleset, site) in rulesets {
        let meaning = ruleset.meaning(&table, &mut foreign.conditions)?;
        foreign.families.push(meaning.families().collect());
        foreign.policies.extend(as_policy(&meaning, &table, *site, sources));
    }
    Ok(foreign)
}

/// The files of a ruleset.
fn operand(language: Language, path: &Path) -> Operand {
    let files: Vec<PathBuf> = path.to_string_lossy().split(',').map(PathBuf::from).collect();
    Operand::ruleset(language, &files)
}

/// The name of the first file that was read.
pub(super) fn name(sources: &Sources, policy: &Policy) -> String {
    sources.file(policy.site.file).map_or("", SourceFile::path).to_owned()
}
