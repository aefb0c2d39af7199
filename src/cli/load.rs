//! Reads policies, several at a time, and keeps their order.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::discover::{Input, discover, stdin};
use super::failure::Failure;
use super::profile::Profiles;
use super::progress::Progress;
use super::terminal::Terminal;
use crate::lint::Plan;
use crate::model::Policy;
use crate::parse::{self, Bundle, NOT_A_POLICY};
use crate::report::Examined;
use crate::source::{self, Files, Severity, SourceFile, Sources};

/// What messages call the standard input.
pub(super) const STDIN: &str = "<stdin>";

/// A policy as far as it could be understood.
pub(super) struct Loaded {
    /// The policy; none if it is not valid, and for fragments.
    pub(super) policy: Option<Policy>,
    /// Which checks it is to be held against; none if it is not valid.
    pub(super) plan: Option<Plan>,
    /// What was read and said.
    pub(super) examined: Examined,
    is_fragment: bool,
}

/// What every policy of a run is read with.
#[derive(Clone, Copy, Default)]
pub(super) struct With<'w> {
    /// Files of another time or with other texts, instead of those of the file system.
    pub(super) files: Option<&'w (dyn Files + Sync)>,
    /// Expectations.
    pub(super) added: &'w [Added],
    /// Profiles.
    pub(super) profiles: Option<&'w Profiles>,
    /// Who wants to know how far it is.
    pub(super) progress: Option<&'w Progress>,
}

/// A file of expectations, for every policy of a run.
pub(super) struct Added {
    path: PathBuf,
    bytes: Vec<u8>,
}

/// Reads the policies that paths stand for and does something with each of them in parallel; the results come in
/// the order of the paths.
///
/// # Errors
/// Nothing to check, or a directory that cannot be walked.
pub(super) fn each<T: Send>(
    paths: &[PathBuf],
    terminal: &mut Terminal,
    act: impl Fn(Loaded) -> T + Send + Sync,
) -> Result<Vec<T>, Failure> {
    each_with(paths, With::default(), terminal, act)
}

/// [`each`], with something more.
///
/// # Errors
/// Nothing to check, or a directory that cannot be walked.
pub(super) fn each_with<T: Send>(
    paths: &[PathBuf],
    with: With<'_>,
    terminal: &mut Terminal,
    act: impl Fn(Loaded) -> T + Send + Sync,
) -> Result<Vec<T>, Failure> {
    let inputs = discover(paths, terminal)?;
    with.progress.iter().for_each(|progress| progress.expect(inputs.len()));
    let results = inputs.par_iter().filter_map(|input| {
        let result = Some(load(input, with)).filter(Loaded::is_wanted).map(&act);
        with.progress.iter().for_each(|progress| progress.step());
        result
    });
    let results: Vec<T> = results.collect();
    if results.is_empty() { Err(Failure::nothing_to_check(paths)) } else { Ok(results) }
}

/// Reads the one policy in a file, or in the standard input for `-`, without looking its names up.
///
/// # Errors
/// A standard input that cannot be read; what is wrong with a file is among the diagnostics of the bundle.
pub(super) fn one(path: &Path, sources: &mut Sources) -> Result<Bundle, Failure> {
    if path.as_os_str() == "-" {
        return Ok(parse::text(STDIN, stdin()?, sources));
    }
    Ok(parse::load(path, sources))
}

/// Reads files of expectations, `-` for the standard input.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn expectations(paths: &[PathBuf]) -> Result<Vec<Added>, Failure> {
    paths.iter().map(|path| expectations_in(path)).collect()
}

fn expectations_in(path: &Path) -> Result<Added, Failure> {
    if path.as_os_str() == "-" {
        return Ok(Added { path: STDIN.into(), bytes: stdin()? });
    }
    let bytes = source::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    Ok(Added { path: path.to_owned(), bytes })
}

/// Reads one policy.
pub(super) fn load(input: &Input, with: With<'_>) -> Loaded {
    let mut sources = Sources::default();
    let mut bundle = match (input, with.files) {
        (Input::Stdin(bytes), _) => parse::text(STDIN, bytes.as_slice(), &mut sources),
        (Input::Named(path) | Input::Found(path), None) => parse::load(path, &mut sources),
        (Input::Named(path) | Input::Found(path), Some(files)) => parse::load_from(files, path, &mut sources),
    };
    let path = sources.file(bundle.main.file).map_or("", SourceFile::path).to_owned();
    if matches!(input, Input::Found(_)) && bundle.is_fragment() {
        bundle.diagnostics.retain(|diagnostic| diagnostic.code != NOT_A_POLICY);
        let examined = Examined { diagnostics: bundle.diagnostics, ..Examined::new(path, None, sources) };
        return Loaded { policy: None, plan: None, examined, is_fragment: true };
    }
    for Added { path, bytes } in with.added {
        parse::add_expectations(&mut bundle, path, bytes.clone(), &mut sources);
    }
    let (lowered, plan) = with.profiles.unwrap_or(&Profiles::default()).lower(bundle, &mut sources);
    let name = lowered.policy.as_ref().map(|policy| policy.name.value.to_string());
    let examined = Examined { diagnostics: lowered.diagnostics, ..Examined::new(path, name, sources) };
    Loaded { policy: lowered.policy, plan, examined, is_fragment: false }
}

impl Loaded {
    /// Whether there is something to do with it. A fragment is checked by the policies that include it; alone it
    /// shows only what nobody could read.
    pub(super) fn is_wanted(&self) -> bool {
        !self.is_fragment || self.is_broken()
    }

    fn is_broken(&self) -> bool {
        self.examined.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}
