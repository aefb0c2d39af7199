//! Reads policies, several at a time, and keeps their order.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::discover::{Input, discover, stdin};
use super::failure::Failure;
use super::terminal::Terminal;
use crate::lower::lower;
use crate::model::Policy;
use crate::parse::{self, Bundle, Document, NOT_A_POLICY};
use crate::report::Examined;
use crate::source::{Severity, SourceFile, Sources};

/// What messages call the standard input.
pub(super) const STDIN: &str = "<stdin>";

/// A policy as far as it could be understood.
pub(super) struct Loaded {
    /// The policy; none if it is not valid, and for fragments.
    pub(super) policy: Option<Policy>,
    /// What was read and said.
    pub(super) examined: Examined,
    is_fragment: bool,
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
    let inputs = discover(paths, terminal)?;
    let loaded = inputs.par_iter().map(load);
    // A fragment is checked by the policies that include it; alone it shows only what nobody could read.
    let wanted = loaded.filter(|loaded| !loaded.is_fragment || loaded.is_broken());
    let results: Vec<T> = wanted.map(act).collect();
    if results.is_empty() {
        return Err(Failure::NothingToCheck { searched: searched(paths) });
    }
    Ok(results)
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

fn searched(paths: &[PathBuf]) -> Vec<String> {
    match paths {
        [] => vec!["the current directory".to_owned()],
        paths => paths.iter().map(|path| format!("`{}`", path.display())).collect(),
    }
}

fn load(input: &Input) -> Loaded {
    let mut sources = Sources::default();
    let mut bundle = match input {
        Input::Stdin(bytes) => parse::text(STDIN, bytes.as_slice(), &mut sources),
        Input::Named(path) | Input::Found(path) => parse::load(path, &mut sources),
    };
    let path = sources.file(bundle.main.file).map_or("", SourceFile::path).to_owned();
    if matches!(input, Input::Found(_)) && is_fragment(&bundle) {
        bundle.diagnostics.retain(|diagnostic| diagnostic.code != NOT_A_POLICY);
        let examined = Examined { path, name: None, sources, diagnostics: bundle.diagnostics };
        return Loaded { policy: None, examined, is_fragment: true };
    }
    let lowered = lower(bundle);
    let name = lowered.policy.as_ref().map(|policy| policy.name.value.to_string());
    let examined = Examined { path, name, sources, diagnostics: lowered.diagnostics };
    Loaded { policy: lowered.policy, examined, is_fragment: false }
}

/// Whether nothing in a file is for policies only: it holds zones, networks and services for others.
fn is_fragment(bundle: &Bundle) -> bool {
    let Document { hosts, defaults, baseline, expect, .. } = &bundle.main;
    bundle.diagnostics.iter().any(|diagnostic| diagnostic.code == NOT_A_POLICY)
        && hosts.is_empty()
        && defaults.is_none()
        && baseline.is_none()
        && expect.is_empty()
}

impl Loaded {
    fn is_broken(&self) -> bool {
        self.examined.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}
