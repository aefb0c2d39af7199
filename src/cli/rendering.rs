//! Policies in the words of targets, each read back and held against its policy.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use rayon::prelude::*;

use super::failure::Failure;
use crate::model::Policy;
use crate::prove::rendered;
use crate::render::{Artifact, Target, Templates, render};
use crate::source::{Diagnostic, Sources, read_limited, reason};

/// The templates of a directory, or the built-in ones.
///
/// # Errors
/// Templates that cannot be used.
pub(super) fn templates(directory: Option<&Path>) -> Result<Templates, Failure> {
    match directory {
        None => Templates::built_in().map_err(|error| Failure::bug(&error)),
        Some(directory) => {
            Templates::from_directory(directory).map_err(|error| Failure::Templates(error.to_string()))
        }
    }
}

/// The files of all rulesets of a policy: every one that was asked for, or none and the reasons. They are worked out side by side.
///
/// # Errors
/// What a target cannot say, and rulesets that would mean something else. The messages may point into files that are added
/// to the sources.
pub(super) fn rulesets(
    policy: &Policy,
    sources: &mut Sources,
    targets: &[Target],
    templates: &Templates,
) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let each = targets.par_iter().map(|&target| {
        // What is read back is forgotten when it is proven.
        proven(policy, &mut sources.clone(), target, templates)
    });
    if let Ok(artifacts) = each.collect::<Result<Vec<_>, _>>() {
        return Ok(artifacts.into_iter().flatten().collect());
    }
    // Once more and in order, so that messages point into files that are kept.
    let each = targets.iter().map(|&target| proven(policy, sources, target, templates));
    Err(each.filter_map(Result::err).flatten().collect())
}

/// The files of a ruleset that means what the policy says.
fn proven(
    policy: &Policy,
    sources: &mut Sources,
    target: Target,
    templates: &Templates,
) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let files = render(policy, sources, target, templates)?;
    rendered(policy, sources, target, &files).map(|()| files)
}

/// Sees that no two policies would write the same file, from the files and the policies that they are of: neither may silently
/// win.
///
/// # Errors
/// Two that would.
pub(super) fn distinct_names<'n>(files: impl Iterator<Item = (&'n str, &'n str)>) -> Result<(), Failure> {
    let mut makers: BTreeMap<&str, &str> = BTreeMap::new();
    for (file, maker) in files {
        if let Some(first) = makers.insert(file, maker) {
            let [file, first, second] = [file, first, maker].map(str::to_owned);
            return Err(Failure::SameFile { file, first, second });
        }
    }
    Ok(())
}

/// The text of a file; none if there is no file. Bytes that are not text differ from every ruleset.
///
/// # Errors
/// Something else than a file, and a file that cannot be read.
pub(super) fn text_there(path: &Path) -> Result<Option<String>, Failure> {
    if fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        let reason = "it is not a regular file".to_owned();
        return Err(Failure::Unreadable { path: path.to_owned(), reason });
    }
    let unreadable = |reason| Failure::Unreadable { path: path.to_owned(), reason };
    match File::open(path) {
        Ok(file) => {
            let bytes = read_limited(file).map_err(|error| unreadable(error.to_string()))?;
            Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(reason(&error))),
    }
}
