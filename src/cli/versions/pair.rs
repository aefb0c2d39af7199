//! Which policy of one side is a version of which policy of the other.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::analyze::{ChangeKind, Delta, delta, without_rules};
use crate::cli::load::Loaded;
use crate::lint::Plan;
use crate::model::{Name, Policy};
use crate::report::Examined;
use crate::report::changes::Compared;

/// A policy of one side with its version on the other.
#[expect(clippy::large_enum_variant, reason = "most pairs have both versions")]
pub(in crate::cli) enum Pair {
    /// It is on both sides.
    Both(Version, Version),
    /// It is new. The second policy is what it is compared with.
    Added(Version, Policy),
    /// It is gone. The second policy is what it is compared with.
    Removed(Version, Policy),
}

/// A valid policy.
pub(in crate::cli) struct Version {
    /// The policy.
    pub(in crate::cli) policy: Policy,
    /// What it is held against.
    pub(in crate::cli) plan: Plan,
    /// What was read and said.
    pub(in crate::cli) examined: Examined,
}

/// Policies that wait for the other version, by their paths.
type Waiting = BTreeMap<PathBuf, Version>;

/// The pairs: by path, then those left over by name where only one on each side has that name. In the order of the
/// paths of the new side, and then of those that are gone.
pub(in crate::cli) fn paired(old: Vec<(PathBuf, Loaded)>, new: Vec<(PathBuf, Loaded)>) -> Vec<Pair> {
    let (mut old, mut new) = (waiting(old), waiting(new));
    let mut pairs: BTreeMap<PathBuf, Pair> = BTreeMap::new();
    for (path, old_path) in by_path(&old, &new).into_iter().chain(by_name(&old, &new)) {
        if let (Some(before), Some(now)) = (old.remove(&old_path), new.remove(&path)) {
            pairs.insert(path, Pair::Both(before, now));
        }
    }
    pairs.extend(new.into_iter().map(|(path, version)| {
        let nothing = without_rules(&version.policy);
        (path, Pair::Added(version, nothing))
    }));
    let removed = old.into_values().map(|version| {
        let nothing = without_rules(&version.policy);
        Pair::Removed(version, nothing)
    });
    pairs.into_values().chain(removed).collect()
}

fn waiting(side: Vec<(PathBuf, Loaded)>) -> Waiting {
    let version = |(path, loaded): (PathBuf, Loaded)| {
        Some((path, Version { policy: loaded.policy?, plan: loaded.plan?, examined: loaded.examined }))
    };
    side.into_iter().filter_map(version).collect()
}

/// The paths that both sides have, each twice.
fn by_path(old: &Waiting, new: &Waiting) -> Vec<(PathBuf, PathBuf)> {
    new.keys().filter(|path| old.contains_key(*path)).map(|path| (path.clone(), path.clone())).collect()
}

/// The new and the old path of policies that moved and kept their name.
fn by_name(old: &Waiting, new: &Waiting) -> Vec<(PathBuf, PathBuf)> {
    let (old_names, new_names) = (names(old, new), names(new, old));
    let moved = new_names
        .into_iter()
        .filter_map(|(name, path)| Some((path?.clone(), (*old_names.get(name)?)?.clone())));
    moved.collect()
}

/// The paths that only one side has, by the names of their policies; none for a name that several have.
fn names<'w>(side: &'w Waiting, other: &Waiting) -> BTreeMap<&'w Name, Option<&'w PathBuf>> {
    let mut names: BTreeMap<&Name, Option<&PathBuf>> = BTreeMap::new();
    for (path, version) in side.iter().filter(|(path, _)| !other.contains_key(*path)) {
        names.entry(&version.policy.name.value).and_modify(|known| *known = None).or_insert(Some(path));
    }
    names
}

impl Pair {
    /// The old version.
    pub(in crate::cli) const fn before(&self) -> Option<&Version> {
        match self {
            Self::Both(old, _) | Self::Removed(old, _) => Some(old),
            Self::Added(..) => None,
        }
    }

    /// The new version.
    pub(in crate::cli) const fn now(&self) -> Option<&Version> {
        match self {
            Self::Both(_, new) | Self::Added(new, _) => Some(new),
            Self::Removed(..) => None,
        }
    }

    /// Whether both versions are the same, to the letter.
    pub(in crate::cli) fn is_unchanged(&self) -> bool {
        matches!(self, Self::Both(old, new) if old.examined.sources.are_same(&new.examined.sources))
    }

    /// What changes. A policy that is new shows what it allows, one that is gone what it allowed.
    pub(in crate::cli) fn compare(&self) -> Compared<'_> {
        match self {
            Self::Both(old, new) => {
                let delta =
                    if self.is_unchanged() { Delta::default() } else { delta(&old.policy, &new.policy) };
                Compared { old: Some(&old.examined), new: Some(&new.examined), delta }
            }
            Self::Added(new, nothing) => {
                let mut delta = delta(nothing, &new.policy);
                delta.changes.retain(|change| change.kind == ChangeKind::Allowed);
                Compared { old: None, new: Some(&new.examined), delta }
            }
            Self::Removed(old, nothing) => {
                let mut delta = delta(&old.policy, nothing);
                delta.changes.retain(|change| change.kind == ChangeKind::Denied);
                Compared { old: Some(&old.examined), new: None, delta }
            }
        }
    }
}
