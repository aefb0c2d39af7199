//! What a proof is about: a policy, or a ruleset in one of the languages, as people name them.

mod include;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::discover::stdin;
use super::failure::Failure;
use super::load::{self, STDIN};
use crate::lower::{Lowered, lower};
use crate::model::Policy;
use crate::readback::{self, IptablesKind, Language, PfDialect, Ruleset};
use crate::source::{self, Diagnostic, FileId, Files, Project, SourceFile, Sources};

/// A policy or a ruleset that was named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Operand {
    kind: Option<Kind>,
    paths: Vec<PathBuf>,
    texts: Vec<Text>,
    /// What messages call texts that are in no file.
    called: String,
}

/// A text that is in no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// What messages call it.
    pub(super) name: String,
    /// What it says.
    pub(super) content: String,
    /// What it is, in a ruleset of iptables.
    pub(super) kind: IptablesKind,
}

/// What an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Policy,
    Ruleset(Language),
}

/// An operand that was read.
pub(super) enum Opened {
    Policy(Box<Policy>),
    Ruleset(Ruleset),
}

/// The words before the colon.
const KINDS: [(&str, Kind); 5] = [
    ("policy", Kind::Policy),
    ("nft", Kind::Ruleset(Language::Nftables)),
    ("iptables", Kind::Ruleset(Language::Iptables)),
    ("pf-openbsd", Kind::Ruleset(Language::Pf(PfDialect::OpenBsd))),
    ("pf-freebsd", Kind::Ruleset(Language::Pf(PfDialect::FreeBsd))),
];

impl FromStr for Operand {
    type Err = std::convert::Infallible;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let prefixed = KINDS.iter().find_map(|(word, kind)| {
            let rest = written.strip_prefix(word)?.strip_prefix(':')?;
            Some((Some(*kind), rest))
        });
        let (kind, rest) = prefixed.unwrap_or((None, written));
        Ok(Self { kind, paths: rest.split(',').map(PathBuf::from).collect(), ..Self::default() })
    }
}

impl Operand {
    /// Files of a ruleset of a language.
    pub(super) fn ruleset(language: Language, paths: &[PathBuf]) -> Self {
        Self { kind: Some(Kind::Ruleset(language)), paths: paths.to_vec(), ..Self::default() }
    }

    /// Texts of a ruleset of a language, and what messages call them together.
    pub(super) fn texts(language: Language, called: &str, texts: Vec<Text>) -> Self {
        let called = called.to_owned();
        Self { kind: Some(Kind::Ruleset(language)), paths: Vec::new(), texts, called }
    }

    /// A policy.
    pub(super) fn policy(path: &Path) -> Self {
        Self { kind: Some(Kind::Policy), paths: vec![path.to_owned()], ..Self::default() }
    }

    /// Whether it is read from the standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    /// The name that messages use.
    pub(super) fn name(&self) -> String {
        let shown = |path: &PathBuf| match path.as_os_str() {
            path if path == "-" => STDIN.to_owned(),
            _ => source::written(path),
        };
        if self.paths.is_empty() {
            return self.called.clone();
        }
        self.paths.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    /// Reads it. What is wrong with a policy or a ruleset goes to the diagnostics, and nothing comes out.
    ///
    /// # Errors
    /// A file that cannot be read, or of which nobody knows what it is.
    pub(super) fn open(
        &self,
        sources: &mut Sources,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Option<Opened>, Failure> {
        match self.kind()? {
            Kind::Policy => {
                let [path] = self.paths.as_slice() else { return Err(self.unclear()) };
                let Lowered { policy, diagnostics: said } = lower(load::one(path, sources)?);
                diagnostics.extend(said);
                Ok(policy.map(|policy| Opened::Policy(Box::new(policy))))
            }
            Kind::Ruleset(language) => {
                let ruleset = self.read(language, sources)?;
                Ok(ruleset.map_err(|problems| diagnostics.extend(problems)).ok().map(Opened::Ruleset))
            }
        }
    }

    fn read(
        &self,
        language: Language,
        sources: &mut Sources,
    ) -> Result<Result<Ruleset, Vec<Diagnostic>>, Failure> {
        let mut files = Vec::new();
        for path in &self.paths {
            files.push(added(path, sources)?);
        }
        for Text { name, content, kind } in &self.texts {
            files.push((sources.add(SourceFile::new(name.clone(), content.clone(), None)), *kind));
        }
        let main = self.paths.first().map_or(Path::new("."), PathBuf::as_path);
        let project = Project::of(main);
        let place = project.place(main);
        let mut include = |sources: &mut Sources, path: &str| include::files(&project, &place, path, sources);
        Ok(readback::read(language, &files, sources, &mut include))
    }

    fn kind(&self) -> Result<Kind, Failure> {
        let told = self.paths.first().and_then(|path| told_by_name(path));
        self.kind.or(told).ok_or_else(|| self.unclear())
    }

    fn unclear(&self) -> Failure {
        Failure::Unclear(
            self.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(","),
        )
    }
}

/// Adds a file of a ruleset to the sources.
fn added(path: &Path, sources: &mut Sources) -> Result<(FileId, IptablesKind), Failure> {
    let (name, bytes) = match path.as_os_str() {
        dash if dash == "-" => (STDIN.to_owned(), stdin()?),
        _ => (
            Project::of(path).place(path).shown,
            source::read(path).map_err(|error| Failure::unreadable(path, &error))?,
        ),
    };
    let (text, _) = source::decode(bytes); // A reader points at whatever is not text.
    let kind = part_of(&name, &text);
    Ok((sources.add(SourceFile::new(name, text, None)), kind))
}

/// What a file of an iptables ruleset holds, by its own name or else by its text.
fn part_of(path: &str, text: &str) -> IptablesKind {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let begins = |word: &str| text.lines().any(|line| line.starts_with(word));
    if is_named(&["ipset"]) || (begins("create ") && !begins("*")) {
        IptablesKind::Ipset
    } else if is_named(&["v6", "ip6"]) || begins("# Generated by ip6tables-save") {
        IptablesKind::V6
    } else {
        IptablesKind::V4
    }
}

/// What the name of a file says of what it is.
fn told_by_name(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_str()?;
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let pf = |dialect| Some(Kind::Ruleset(Language::Pf(dialect)));
    match () {
        () if ends(&[".yaml", ".yml"]) => Some(Kind::Policy),
        () if ends(&[".nft", ".nftables", ".json"]) || has(&["nftables"]) => {
            Some(Kind::Ruleset(Language::Nftables))
        }
        () if has(&["pf.conf"]) && has(&["openbsd"]) => pf(PfDialect::OpenBsd),
        () if has(&["pf.conf"]) && has(&["freebsd"]) => pf(PfDialect::FreeBsd),
        () if ends(&[".rules", ".ipset"]) || has(&["iptables", "ip6tables"]) => {
            Some(Kind::Ruleset(Language::Iptables))
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(written: &str) -> Option<Kind> {
        written.parse::<Operand>().unwrap().kind().ok()
    }

    #[test]
    fn names_tell_what_files_are() {
        let iptables = Some(Kind::Ruleset(Language::Iptables));
        assert_eq!(kind("policies/a.yaml"), Some(Kind::Policy));
        assert_eq!(kind("out/a.nft"), Some(Kind::Ruleset(Language::Nftables)));
        assert_eq!(kind("ruleset.json"), Some(Kind::Ruleset(Language::Nftables)), "nobody else writes JSON");
        assert_eq!(kind("out/a.v4.rules,out/a.v6.rules"), iptables);
        assert_eq!(kind("iptables-save.txt"), iptables);
        assert_eq!(kind("a.openbsd.pf.conf"), Some(Kind::Ruleset(Language::Pf(PfDialect::OpenBsd))));
        assert_eq!(kind("pf.conf"), None, "nobody knows whose");
        assert_eq!(kind("pf-freebsd:pf.conf"), Some(Kind::Ruleset(Language::Pf(PfDialect::FreeBsd))));
        assert_eq!(kind("nft:-"), Some(Kind::Ruleset(Language::Nftables)));
        assert_eq!(kind("-"), None);
    }

    #[test]
    fn the_parts_of_iptables_are_told_apart() {
        assert_eq!(part_of("a.v6.rules", ""), IptablesKind::V6);
        assert_eq!(part_of("a.ipset", ""), IptablesKind::Ipset);
        assert_eq!(part_of("ipv6-lab/ipset/a.v4.rules", ""), IptablesKind::V4, "directories say nothing");
        assert_eq!(part_of("x", "create a hash:net\nadd a 10.0.0.0/8\n"), IptablesKind::Ipset);
        assert_eq!(part_of("x", "# Generated by ip6tables-save v1.8.9\n*filter\n"), IptablesKind::V6);
        assert_eq!(part_of("x", "*filter\n"), IptablesKind::V4);
    }
}
