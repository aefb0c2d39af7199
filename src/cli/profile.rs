//! Profiles named on the command line: `--profile`.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::terminal::printable;
use crate::lint::{self, Plan, questions};
use crate::lower::{Asked, Lowered, lower_with};
use crate::model::Profile;
use crate::parse::{self, Bundle, ProfileDecl};
use crate::source::{self, Sources, written};

/// The option that names profiles.
#[derive(Clone, Debug, Args)]
pub(super) struct ProfileArguments {
    /// Ask for the checks of a profile besides those that policies name: a built-in one, or a file with one.
    #[arg(long = "profile", value_name = "NAME|FILE")]
    profiles: Vec<String>,
    /// Run this check and no other; may be given several times.
    #[arg(long, value_name = "CHECK")]
    only: Vec<String>,
}

/// Profiles, built in and written.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    built_in: Vec<Profile>,
    only: Vec<&'static str>,
    files: Vec<(String, Vec<u8>)>,
}

impl ProfileArguments {
    /// The profiles that are named.
    ///
    /// # Errors
    /// A name that no profile has, and a file that cannot be read.
    pub(super) fn read(&self) -> Result<Profiles, Failure> {
        Ok(Profiles { only: self.only()?, ..Profiles::read(&self.profiles)? })
    }

    fn only(&self) -> Result<Vec<&'static str>, Failure> {
        let known = |id: &String| {
            let unknown =
                || Failure::unknown("check", id, lint::ALL.iter().map(|check| check.meta().id), LIST);
            lint::find(id).map(|check| check.meta().id).ok_or_else(unknown)
        };
        self.only.iter().map(known).collect()
    }
}

/// Lists the checks.
const LIST: &str = "mailward explain";

/// The file of a profile; a word that looks like no file is a misspelt name.
fn file(name: &str) -> Result<(String, Vec<u8>), Failure> {
    let path = PathBuf::from(name);
    let looks_like_a_file = path.exists() || name.contains(['/', '.']) && !name.chars().all(is_of_names);
    if !looks_like_a_file && path.extension().is_none_or(|extension| extension != "yaml") {
        let names = Profile::ALL.iter().map(|(_, word)| *word);
        return Err(Failure::unknown("profile", name, names, "mailward explain --profiles"));
    }
    Ok((printable(&written(&path)), source::read(&path).map_err(|error| Failure::unreadable(&path, &error))?))
}

/// Whether a character is one of those in names of built-in profiles.
const fn is_of_names(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.')
}

impl Profiles {
    /// Profiles by their names, and from files.
    ///
    /// # Errors
    /// A name that no profile has, and a file that cannot be read.
    pub(super) fn read(names: &[String]) -> Result<Self, Failure> {
        let mut profiles = Self::default();
        for name in names {
            let built_in = Profile::ALL.iter().find(|(_, word)| word == name);
            match built_in {
                Some((profile, _)) => profiles.built_in.push(*profile),
                None => profiles.files.push(file(name)?),
            }
        }
        Ok(profiles)
    }

    /// The files of profiles.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| path.as_str())
    }

    /// Looks up the names of a policy, and those that profiles use in it; the plan is none if something is wrong.
    pub(super) fn lower(&self, bundle: Bundle, sources: &mut Sources) -> (Lowered, Option<Plan>) {
        let mut problems = Vec::new();
        let decls: Vec<ProfileDecl> = self.decls(sources, &mut problems);
        let (mut lowered, asked) = lower_with(bundle, &questions(&decls));
        let plan = match lowered.policy {
            Some(_) if problems.is_empty() => {
                self.plan(&decls, asked).map_err(|wrong| problems.extend(wrong))
            }
            _ => Err(()),
        };
        lowered.diagnostics.extend(problems);
        (lowered, plan.ok())
    }

    fn decls(&self, sources: &mut Sources, problems: &mut Vec<source::Diagnostic>) -> Vec<ProfileDecl> {
        let mut decls = Vec::new();
        for (name, bytes) in &self.files {
            match parse::profile(name, bytes.clone(), sources) {
                Ok(decl) => decls.push(decl),
                Err(wrong) => problems.extend(wrong),
            }
        }
        decls
    }

    fn plan(&self, decls: &[ProfileDecl], asked: Vec<Asked>) -> Result<Plan, Vec<source::Diagnostic>> {
        self.simple().with(decls, asked)
    }

    fn simple(&self) -> Plan {
        Plan::of_profiles(&self.built_in).only(self.only.iter().copied())
    }

    /// The plan for rulesets, in which no policy gives things the names that profiles of one's own speak of.
    ///
    /// # Errors
    /// A profile of one's own.
    pub(super) fn for_rulesets(&self) -> Result<Plan, Failure> {
        if self.files.is_empty() { Ok(self.simple()) } else { Err(Failure::ProfileOfRulesets) }
    }
}
