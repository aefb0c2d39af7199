//! Policies in the words of targets, each read back and held against its policy.

use std::path::Path;

use rayon::prelude::*;

use super::failure::Failure;
use crate::model::Policy;
use crate::prove::rendered;
use crate::render::{Artifact, Target, Templates, render};
use crate::source::{Diagnostic, Sources};

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
