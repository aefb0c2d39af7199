//! A ruleset of any language, read but not yet given numbers of interfaces.

use super::{Conditions, InterfacePattern, InterfaceTable, Meaning, iptables, nft, pf};
use crate::source::{Diagnostic, FileId, Sources};

/// Whose language a ruleset is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// `nft -f`, `nft list ruleset` and `nft -j list ruleset`.
    Nftables,
    /// `iptables-save`, `ip6tables-save` and `ipset save`.
    Iptables,
    /// `pf.conf` and `pfctl -sr`.
    Pf(pf::Dialect),
}

/// A ruleset as it was read.
#[derive(Debug)]
pub struct Ruleset(Kind);

#[derive(Debug)]
enum Kind {
    Nftables(nft::Ruleset),
    Iptables(iptables::Ruleset),
    Pf(pf::Ruleset),
}

/// One text of a ruleset.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its file, already among the sources.
    pub file: FileId,
    /// What it is; the parts of all languages but iptables are alike.
    pub kind: PartKind,
}

/// What a text of a ruleset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// All of it, in nftables and pf.
    Whole,
    /// The rules for IPv4.
    V4,
    /// The rules for IPv6.
    V6,
    /// The sets.
    Ipset,
}

/// Finds the files that a ruleset includes, by the path or pattern as written: each with the number it was given.
pub type Include<'i> = dyn FnMut(&mut Sources, &str) -> Result<Vec<FileId>, String> + 'i;

/// Reads the texts of a ruleset, which are among the sources.
///
/// # Errors
/// What is wrong with the texts, each with its place.
pub fn read(
    language: Language,
    parts: &[Part],
    sources: &mut Sources,
    include: &mut Include<'_>,
) -> Result<Ruleset, Vec<Diagnostic>> {
    match language {
        Language::Nftables => {
            let [part] = parts else { return Err(vec![not_one(parts)]) };
            let text = text(sources, part.file);
            let mut included = |path: &str| {
                let files = include(sources, path)?;
                Ok(files.into_iter().map(|file| (file, self::text(sources, file))).collect())
            };
            nft::parse(part.file, &text, &mut included).map(Kind::Nftables)
        }
        Language::Iptables => {
            let texts: Vec<iptables::Part<'_>> = parts.iter().map(|part| iptables_part(part, sources)).collect();
            iptables::parse(&texts).map(Kind::Iptables)
        }
        Language::Pf(dialect) => {
            let [part] = parts else { return Err(vec![not_one(parts)]) };
            pf::parse(part.file, &text(sources, part.file), dialect).map(Kind::Pf)
        }
    }
    .map(Ruleset)
}
