//! A ruleset of any language, read but not yet given numbers of interfaces.

use super::{Conditions, InterfacePattern, InterfaceTable, Meaning, iptables, nft, pf};
use crate::source::{Diagnostic, FileId, Site, SourceFile, Sources};

/// Whose language a ruleset is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `nft -f`, `nft list ruleset` and `nft -j list ruleset`.
    Nftables,
    /// `iptables-save`, `ip6tables-save` and `ipset save`.
    Iptables,
    /// `pf.conf` and `pfctl -sr`.
    Pf(pf::Dialect),
}

/// What a text of an iptables ruleset is; texts of other languages are whole rulesets.
pub use iptables::Kind as IptablesKind;

/// A ruleset as it was read.
#[derive(Debug)]
pub struct Ruleset {
    parsed: Parsed,
}

#[derive(Debug)]
enum Parsed {
    Nftables(nft::Ruleset),
    Iptables(iptables::Ruleset),
    Pf(pf::Ruleset),
}

/// Finds the files that a ruleset includes, by the path or pattern as written, and adds them to the sources.
pub type Include<'i> = dyn FnMut(&mut Sources, &str) -> Result<Vec<FileId>, String> + 'i;

/// For rulesets that include nothing.
///
/// # Errors
/// Always.
pub fn nothing_included(_: &mut Sources, path: &str) -> Result<Vec<FileId>, String> {
    Err(format!("`{path}` is not read here"))
}

/// Reads the texts of a ruleset, which are among the sources: one, for iptables one of each kind, for pf any number that
/// are read one after another.
///
/// # Errors
/// What is wrong with the texts, each with its place.
pub fn read(
    language: Language,
    files: &[(FileId, IptablesKind)],
    sources: &mut Sources,
    include: &mut Include<'_>,
) -> Result<Ruleset, Vec<Diagnostic>> {
    let parsed = match language {
        Language::Nftables => {
            let file = only(files)?;
            let text = text(sources, file).to_owned();
            let mut included = |path: &str| {
                let files = include(sources, path)?;
                Ok(files.into_iter().map(|file| (file, self::text(sources, file).to_owned())).collect())
            };
            nft::parse(file, &text, &mut included).map(Parsed::Nftables)
        }
        Language::Iptables => {
            let part = |&(file, kind): &(FileId, IptablesKind)| iptables::Part {
                kind,
                file,
                text: text(sources, file),
            };
            let parts: Vec<iptables::Part<'_>> = files.iter().map(part).collect();
            iptables::parse(&parts).map(Parsed::Iptables)
        }
        Language::Pf(dialect) => {
            let texts: Vec<(FileId, &str)> =
                files.iter().map(|&(file, _)| (file, text(sources, file))).collect();
            pf::parse(&texts, dialect).map(Parsed::Pf)
        }
    };
    parsed.map(|parsed| Ruleset { parsed })
}

impl Ruleset {
    /// Whether its language has limits for logs.
    #[must_use]
    pub const fn limits_logs(&self) -> bool {
        !matches!(self.parsed, Parsed::Pf(_))
    }

    /// The interfaces that it speaks of.
    #[must_use]
    pub fn interfaces(&self) -> Vec<InterfacePattern> {
        match &self.parsed {
            Parsed::Nftables(ruleset) => ruleset.interfaces(),
            Parsed::Iptables(ruleset) => ruleset.interfaces(),
            Parsed::Pf(ruleset) => ruleset.interfaces(),
        }
    }

    /// What it does, in the numbers of a table that has its interfaces.
    ///
    /// # Errors
    /// A ruleset that jumps in circles or comes to too many steps.
    pub fn meaning(
        &self,
        interfaces: &InterfaceTable,
        conditions: &mut Conditions,
    ) -> Result<Meaning, Diagnostic> {
        match &self.parsed {
            Parsed::Nftables(ruleset) => ruleset.meaning(interfaces, conditions),
            Parsed::Iptables(ruleset) => ruleset.meaning(interfaces, conditions),
            Parsed::Pf(ruleset) => ruleset.tracked(interfaces, conditions),
        }
    }
}

/// The one text of a ruleset that has no parts.
fn only(files: &[(FileId, IptablesKind)]) -> Result<FileId, Vec<Diagnostic>> {
    match files {
        [(file, _)] => Ok(*file),
        [_, (second, _), ..] => {
            let title = "this is a second file, and a ruleset of this language is one";
            let problem = Diagnostic::error("ruleset-parts", Site::bytes(*second, 0..0), title);
            Err(vec![problem.help("write everything that is loaded to one file")])
        }
        [] => Err(Vec::new()),
    }
}

fn text(sources: &Sources, file: FileId) -> &str {
    sources.file(file).map_or("", SourceFile::text)
}
