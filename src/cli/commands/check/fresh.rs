//! Whether the rulesets in the repository are what the policies render.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::guarded::Guarded;
use crate::cli::failure::Failure;
use crate::cli::rendering::{distinct_names, text_there};
use crate::cli::replace::{self, Made, Staged};
use crate::cli::settings::Settings;
use crate::cli::terminal::{Terminal, printable};
use crate::render::SIGNATURE;
use crate::source::{Diagnostic, Severity, Site, quoted, reason, written};

/// A ruleset that is not what its policy renders.
const STALE: &str = "ruleset-stale";
/// A ruleset of no policy.
const STRAY: &str = "ruleset-stray";
/// Bytes at the start of a file in which it says who wrote it.
const HEAD: u64 = 4096;

/// The rulesets of a project and those that are not as they should be.
pub(super) struct Fresh {
    out: Option<(PathBuf, Site)>,
    stale: Vec<(PathBuf, String)>,
}

/// Holds the rulesets of policies against the files that are there, and adds what there is to say to the policies.
///
/// # Errors
/// Two policies that render the same file, and files that cannot be read.
pub(super) fn compare(settings: &Settings, checked: &mut [Guarded]) -> Result<Fresh, Failure> {
    let makers = checked.iter().flat_map(|one| {
        one.artifacts.iter().map(|artifact| (artifact.name.as_str(), one.examined.path.as_str()))
    });
    distinct_names(makers)?;
    let mut fresh = Fresh { out: settings.out.clone(), stale: Vec::new() };
    let Some((directory, _)) = &settings.out else { return Ok(fresh) };
    for one in checked {
        let mut words = Vec::new();
        for artifact in &one.artifacts {
            let path = directory.join(&artifact.name);
            let there = text_there(&path)?;
            if there.as_deref() != Some(artifact.text.as_str()) {
                words.push(difference(&path, there.as_deref(), &artifact.text));
                fresh.stale.push((path, artifact.text.clone()));
            }
        }
        one.examined.diagnostics.extend(one.site.and_then(|site| finding(site, words)));
    }
    Ok(fresh)
}

/// How a ruleset differs from the file that is there.
fn difference(path: &Path, there: Option<&str>, text: &str) -> String {
    let path = quoted(&written(path));
    match there.map(|there| first_difference(there, text)) {
        None => format!("{path} is missing"),
        Some(Some(line)) => format!("{path} is not what the policy renders, first in line {line}"),
        Some(None) => format!("{path} has other line ends than what the policy renders"),
    }
}

/// What to say about the rulesets of a policy that are not what it renders.
fn finding(site: Site, mut words: Vec<String>) -> Option<Diagnostic> {
    let help = "`mailward check --write` writes what the policy renders";
    let new = |title| Diagnostic::new(STALE, Severity::High, site, title).help(help);
    match words.as_mut_slice() {
        [] => None,
        [only] => Some(new(std::mem::take(only))),
        _ => {
            let title = format!("{} rulesets are not what the policy renders", words.len());
            Some(words.into_iter().fold(new(title), Diagnostic::note))
        }
    }
}

/// The number of the first line in which two texts differ.
fn first_difference(there: &str, text: &str) -> Option<usize> {
    let (mut there, mut text) = (there.lines(), text.lines());
    let differ = |line| match (there.next(), text.next()) {
        (None, None) => Some(None),
        (is, wanted) => (is != wanted).then_some(Some(line)),
    };
    (1..).find_map(differ).flatten()
}

impl Fresh {
    /// How many rulesets are not as they should be.
    pub(super) fn count(&self) -> usize {
        self.stale.len()
    }

    /// Writes them beside their places.
    ///
    /// # Errors
    /// A place that cannot be written.
    pub(super) fn stage(&self) -> Result<(Option<Made>, Vec<Staged>), Failure> {
        let made = self.out.as_ref().map(|(directory, _)| replace::directory(directory)).transpose()?;
        let staged = self.stale.iter().map(|(path, text)| replace::stage(path, text));
        Ok((made, staged.collect::<Result<_, _>>()?))
    }

    /// Takes back what was said about them.
    pub(super) fn settle(checked: &mut [Guarded]) {
        for one in checked {
            one.examined.diagnostics.retain(|finding| finding.code != STALE);
        }
    }

    /// Says that they were written.
    pub(super) fn tell(&self, terminal: &mut Terminal) {
        for (path, _) in &self.stale {
            terminal.remark(&format!("wrote {}", printable(&path.display().to_string())));
        }
    }

    /// Where the rulesets of policies are.
    pub(super) fn places(&self, checked: &[Guarded]) -> Vec<PathBuf> {
        let Some((directory, _)) = &self.out else { return Vec::new() };
        let artifacts = checked.iter().flat_map(|one| &one.artifacts);
        artifacts.map(|artifact| directory.join(&artifact.name)).collect()
    }

    /// Files that mailward wrote and no policy renders any more.
    ///
    /// # Errors
    /// A directory or a file that cannot be read.
    pub(super) fn strays(&self, checked: &[Guarded]) -> Result<Vec<Diagnostic>, Failure> {
        let Some((directory, site)) = &self.out else { return Ok(Vec::new()) };
        let rendered = checked.iter().flat_map(|one| &one.artifacts).map(|artifact| artifact.name.as_str());
        let rendered: BTreeSet<&str> = rendered.collect();
        let unreadable =
            |error: &std::io::Error| Failure::Unreadable { path: directory.clone(), reason: reason(error) };
        if !directory.exists() {
            return Ok(Vec::new());
        }
        let entries = fs::read_dir(directory).map_err(|error| unreadable(&error))?;
        let paths = entries.map(|entry| Ok(entry?.path()));
        let mut paths: Vec<PathBuf> = paths.collect::<Result<_, _>>().map_err(|error| unreadable(&error))?;
        paths.sort();
        let is_known = |path: &PathBuf| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| rendered.contains(name))
        };
        let mut strays = Vec::new();
        for path in paths.into_iter().filter(|path| path.is_file() && !is_known(path)) {
            if is_ours(&path)? {
                strays.push(stray(*site, &path));
            }
        }
        Ok(strays)
    }
}

/// Whether a file says in its head that mailward wrote it.
fn is_ours(path: &Path) -> Result<bool, Failure> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.map_err(|error| Failure::Unreadable { path: path.to_owned(), reason: reason(&error) })?;
    Ok(String::from_utf8_lossy(&head).contains(SIGNATURE))
}

fn stray(site: Site, path: &Path) -> Diagnostic {
    let title = format!("no policy renders {}", quoted(&written(path)));
    Diagnostic::new(STRAY, Severity::High, site, title)
        .help("delete it: whoever loads it gets rules that nobody reviews")
}
