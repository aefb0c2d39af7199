//! The file that somebody most likely meant.

use std::path::{Component, Path, PathBuf};

use super::nearest;
use crate::source::{quoted, written};

/// The nearest path that exists, for one that does not: each part that is not there becomes the nearest name that is.
fn misnamed(directory: &Path, path: &Path) -> Option<PathBuf> {
    let mut found = PathBuf::new();
    let mut is_other = false;
    for part in path.components() {
        match part {
            Component::Normal(name) if directory.join(&found).join(name).symlink_metadata().is_err() => {
                found.push(near(&directory.join(&found), name.to_str()?)?);
                is_other = true;
            }
            part => found.push(part),
        }
    }
    is_other.then_some(found)
}

/// What to do about a path that leads nowhere: the nearest one that exists.
#[must_use]
pub fn did_you_mean_file(directory: &Path, path: &Path) -> Option<String> {
    let found = misnamed(directory, path)?;
    Some(format!("did you mean {}?", quoted(&written(&found))))
}

/// The name in a directory that is nearest to another one with its ending, or the same with another ending.
fn near(directory: &Path, name: &str) -> Option<String> {
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let is_wanted = |known: &String| !known.starts_with('.') || name.starts_with('.');
    let entries = std::fs::read_dir(directory).ok()?.filter_map(Result::ok);
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(is_wanted);
    names.sort_unstable();
    let (stem, ending) = parts(name);
    let same: Vec<&String> = names.iter().filter(|known| parts(known).1 == ending).collect();
    let near = nearest(stem, same.iter().map(|known| parts(known).0));
    let alike = same.into_iter().find(|known| Some(parts(known).0) == near);
    alike.or_else(|| names.iter().find(|known| parts(known).0 == stem)).cloned()
}

/// A name and its ending.
fn parts(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or((name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_that_is_not_there_becomes_the_nearest_one() {
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(site.path().join("policies/shared")).unwrap();
        std::fs::write(site.path().join("policies/shared/zones.yaml"), "").unwrap();
        std::fs::write(site.path().join("policies/.zone.yaml"), "").unwrap();
        let meant = |path: &str| misnamed(site.path(), Path::new(path)).map(|path| written(&path));
        assert_eq!(meant("polices").as_deref(), Some("policies"));
        assert_eq!(meant("./polices/shard/zone.yaml").as_deref(), Some("policies/shared/zones.yaml"));
        assert_eq!(meant("policies/shared/zones").as_deref(), Some("policies/shared/zones.yaml"));
        assert_eq!(meant("policies/shared/zones.yml").as_deref(), Some("policies/shared/zones.yaml"));
        assert_eq!(meant("policies/shared/mine.yaml"), None, "an ending alone is not near");
        assert_eq!(meant("policies/zone.yaml"), None, "hidden files were not meant");
        assert_eq!(meant("policies/shared/zones.yaml"), None, "it is there");
        assert_eq!(meant("elsewhere/zones.yaml"), None);
    }
}
