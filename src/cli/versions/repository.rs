//! The sides of a comparison with a revision: that revision, and another one or the working tree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::error::GitError;
use super::revision::{self, Revision};
use super::side::Side;
use super::{git, range};
use crate::cli::discover::{Input, discover_side};
use crate::cli::failure::Failure;
use crate::cli::terminal::{Terminal, printable};
use crate::source::{ReadError, reason, tidy, written};

/// Policies by their paths in the repository.
type Policies = BTreeMap<PathBuf, Input>;

/// A path that somebody asked for, as given and as the repository has it.
#[derive(Debug)]
struct Wanted {
    given: PathBuf,
    inside: PathBuf,
}

/// Lists what there is on both sides; nothing but the names is read yet.
///
/// # Errors
/// What git cannot answer; a path that is outside the repository, or on neither side; a policy that lies on one side
/// behind a link or in a submodule, so that what it says there is not known.
pub(super) fn of_revisions(
    words: &[String],
    paths: &[PathBuf],
    terminal: &mut Terminal,
) -> Result<(Side, Side), Failure> {
    let (old, new) = range::named(words)?;
    let repository = Repository::find()?;
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let wanted: Vec<Wanted> = paths.iter().map(|path| repository.wanted(path)).collect::<Result<_, _>>()?;
    let old = Revision::open(old)?;
    let new = new.map(Revision::open).transpose()?;
    if new.is_none() && git::ask(&["rev-parse", "--is-inside-work-tree"])?.as_deref() != Some("true") {
        return Err(GitError::NoWorkingTree.into());
    }
    wanted.iter().try_for_each(|wanted| somewhere(wanted, &old, new.as_ref()))?;
    let old_policies = policies_of(&old, &wanted)?;
    let new_policies = match &new {
        Some(new) => policies_of(new, &wanted)?,
        None => repository.working_policies(&wanted, &old_policies, terminal)?,
    };
    not_hidden(&new_policies, &old_policies, &old)?;
    new.iter().try_for_each(|new| not_hidden(&old_policies, &new_policies, new))?;
    Ok((Side::new(old_policies, Some(old)), Side::new(new_policies, new)))
}

/// Refuses a path that neither side has.
fn somewhere(
    Wanted { given, inside }: &Wanted,
    old: &Revision,
    new: Option<&Revision>,
) -> Result<(), Failure> {
    let is_new = new.map_or_else(|| Ok(given.exists()), |new| new.has(inside))?;
    let is_there = old.has(inside)? || is_new;
    if is_there { Ok(()) } else { Err(unreadable(given, "neither side has such a file or directory")) }
}

/// Refuses a policy that is on one side, and on the other behind something that is not followed there: it is neither new
/// nor gone.
fn not_hidden(here: &Policies, there: &Policies, revision: &Revision) -> Result<(), Failure> {
    let mut missing = here.keys().filter(|path| !there.contains_key(*path));
    missing.try_for_each(|path| revision.has(path).map(drop))
}

fn policies_of(revision: &Revision, wanted: &[Wanted]) -> Result<Policies, Failure> {
    let mut policies = Policies::new();
    for Wanted { inside, .. } in wanted {
        for input in revision.policies(inside)? {
            policies.extend(input.path().map(Path::to_owned).map(|path| (path, input)));
        }
    }
    Ok(policies)
}

/// The repository of the current directory.
#[derive(Debug)]
struct Repository {
    /// The current directory, relative to the repository.
    here: PathBuf,
}

impl Repository {
    fn find() -> Result<Self, Failure> {
        let answer = git::answer(&["rev-parse", "--show-prefix"])?;
        let line = answer.strip_suffix(b"\n").unwrap_or(&answer);
        let nonsense = || {
            Failure::from(GitError::Refused("the current directory has no name that can be read".to_owned()))
        };
        Ok(Self { here: tidy(&revision::path(line).ok_or_else(nonsense)?) })
    }

    /// A path as the repository has it.
    fn wanted(&self, given: &Path) -> Result<Wanted, Failure> {
        if given == Path::new("-") {
            return Err(Failure::NoStdin("the standard input has no place in a repository"));
        }
        let outside = || Failure::from(GitError::Outside(given.to_owned()));
        let inside = if given.is_absolute() {
            real(given).strip_prefix(self.root()?).map(Path::to_owned).map_err(|_| outside())?
        } else {
            tidy(&self.here.join(given))
        };
        let is_inside = inside.components().all(|component| matches!(component, Component::Normal(_)));
        if is_inside { Ok(Wanted { given: given.to_owned(), inside }) } else { Err(outside()) }
    }

    /// Where the working tree is.
    fn root(&self) -> Result<PathBuf, Failure> {
        let here = std::env::current_dir().map_err(|error| unreadable(Path::new("."), &reason(&error)))?;
        let depth = self.here.components().count();
        Ok(here.ancestors().nth(depth).unwrap_or(&here).to_owned())
    }

    /// The policies of the working tree: what is found there, and what the revision has and the search left out, such
    /// as a file that git tracks and `.gitignore` names.
    fn working_policies(
        &self,
        wanted: &[Wanted],
        old: &Policies,
        terminal: &mut Terminal,
    ) -> Result<Policies, Failure> {
        let mut policies = Policies::new();
        let given: Vec<PathBuf> =
            wanted.iter().map(|one| one.given.clone()).filter(|path| path.exists()).collect();
        let found = if given.is_empty() { Vec::new() } else { discover_side(&given, terminal)? };
        let mut others = BTreeSet::new();
        for input in found {
            let Some(path) = input.path().map(|path| self.wanted(path)).transpose()? else { continue };
            match self.other_repository(&path.inside) {
                Some(other) if matches!(input, Input::Found(_)) => drop(others.insert(other)),
                _ => drop(policies.insert(path.inside, input)),
            }
        }
        for other in others {
            let name = printable(&written(&other));
            terminal.remark(&format!("skipped, the files of another repository: `{name}`"));
        }
        let missing: Vec<&PathBuf> = old.keys().filter(|path| !policies.contains_key(*path)).collect();
        for path in missing {
            policies.extend(self.left_out(path)?.map(|input| (path.clone(), input)));
        }
        Ok(policies)
    }

    /// The file of the working tree under a path of the repository, if there is one.
    fn left_out(&self, path: &Path) -> Result<Option<Input>, Failure> {
        let file = self.seen_from_here(path);
        match file.symlink_metadata() {
            Ok(there) if there.is_symlink() => Err(unreadable(&file, &ReadError::Link.to_string())),
            Ok(there) if there.is_file() => Ok(Some(Input::Found(file))),
            Ok(_) | Err(_) => Ok(None),
        }
    }

    /// The repository inside this one, such as a submodule, in which a file of the working tree lies.
    fn other_repository(&self, inside: &Path) -> Option<PathBuf> {
        let above = inside.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
        above
            .map(|above| self.seen_from_here(above))
            .find(|above| above.join(".git").symlink_metadata().is_ok())
    }

    /// A path of the repository as seen from the current directory.
    fn seen_from_here(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.here) {
            Ok(below) => below.to_owned(),
            Err(_) => self.here.components().map(|_| Component::ParentDir).collect::<PathBuf>().join(path),
        }
    }
}

/// A path whose directories are free of links, as git has the current one; what the last name is stays open.
fn real(path: &Path) -> PathBuf {
    let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
    parent.zip(path.file_name()).map_or_else(|| tidy(path), |(parent, name)| parent.join(name))
}

fn unreadable(path: &Path, reason: &str) -> Failure {
    Failure::Unreadable { path: path.to_owned(), reason: reason.to_owned() }
}
