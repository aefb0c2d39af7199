//! Where a policy lives: which files it may draw in, and what its files are called in messages and rulesets.

use std::path::{Component, Path, PathBuf};

use super::{Files, ReadError, is_invisible, read};

/// The directory that a policy and everything it includes live in.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
}

/// A file of a project: how to open it and what to call it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Absolute, free of links: two places of one file are equal in it.
    pub real: PathBuf,
    /// What messages call it: relative to the current directory where it lies below it, with `/`.
    pub shown: String,
    /// What rulesets call it: relative to the project, with `/`.
    pub reference: String,
}

/// Why a path does not lead to a file of the project.
#[derive(Debug)]
pub enum Astray {
    /// It leads out of the project, as written or through links.
    Escapes,
    /// The system cannot resolve it.
    Io(std::io::Error),
}

impl Project {
    /// The project of a file: the nearest directory above it that holds `.git`, else the nearest one that holds
    /// `mailward.yaml`; else the current directory if the file lies below it; else the file's own directory.
    #[must_use]
    pub fn of(file: &Path) -> Self {
        let real_file = real(file);
        let own = real_file.parent().unwrap_or(&real_file);
        let holding = |name: &str| own.ancestors().find(|directory| directory.join(name).exists());
        let repository = holding(".git").or_else(|| holding("mailward.yaml"));
        let current = real(Path::new("."));
        let root = match repository {
            Some(root) => root,
            None if real_file.starts_with(&current) => &current,
            None => own,
        };
        Self { root: root.to_owned() }
    }

    fn reference(&self, real: &Path) -> String {
        written(real.strip_prefix(&self.root).unwrap_or(real))
    }
}

impl Files for Project {
    /// The place of the file that a user named on the command line; it lies in its own project.
    fn place(&self, path: &Path) -> Place {
        let real = real(path);
        let current = std::path::absolute(".").unwrap_or_default();
        let shown = path.strip_prefix(&current).unwrap_or(path);
        Place { shown: written(shown), reference: self.reference(&real), real }
    }

    fn resolve(&self, from: &Place, path: &str) -> Result<Place, Astray> {
        let directory = from.real.parent().unwrap_or(&self.root);
        let wanted = tidy(&directory.join(path));
        if Path::new(path).is_absolute() || !wanted.starts_with(&self.root) {
            return Err(Astray::Escapes);
        }
        let real = std::fs::canonicalize(&wanted).map_err(Astray::Io)?;
        if !real.starts_with(&self.root) {
            return Err(Astray::Escapes);
        }
        let shown = tidy(&Path::new(&from.shown).parent().unwrap_or(Path::new("")).join(path));
        Ok(Place { shown: written(&shown), reference: self.reference(&real), real })
    }

    fn read(&self, place: &Place) -> Result<Vec<u8>, ReadError> {
        read(&place.real)
    }
}

/// The path made absolute and free of links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let exact = std::fs::canonicalize(path);
    let parent = || Some(std::fs::canonicalize(named_parent(path)).ok()?.join(path.file_name()?));
    exact.ok().or_else(parent).unwrap_or_else(|| path.to_owned())
}

/// The directory of a path; `.` for a bare file name.
fn named_parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The path without `.`, and without `..` where a directory stands before it.
#[must_use]
pub fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for component in path.components() {
        let last = tidied.components().next_back();
        match (component, last) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                tidied.pop();
            }
            (component, _) => tidied.push(component),
        }
    }
    tidied
}

/// A path for people: with `/`, and with `?` for characters that would not show.
#[must_use]
pub fn written(path: &Path) -> String {
    let tidied = tidy(path);
    let text = tidied.to_string_lossy().replace('\\', if cfg!(windows) { "/" } else { "\\" });
    text.chars().map(|c| if c.is_control() || is_invisible(c) { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> (tempfile::TempDir, Project, Place) {
        let directory = tempfile::tempdir().expect("a temporary directory");
        for sub in [".git", "sites/a", "shared"] {
            std::fs::create_dir_all(directory.path().join(sub)).expect("a directory");
        }
        let policy = directory.path().join("sites/a/policy.yaml");
        for file in [&policy, &directory.path().join("shared/nets.yaml")] {
            std::fs::write(file, "version: 1\n").expect("a file");
        }
        let project = Project::of(&policy);
        let place = project.place(&policy);
        (directory, project, place)
    }

    #[test]
    fn the_root_is_the_directory_with_dot_git() {
        let (directory, project, place) = project();
        assert_eq!(project.root, directory.path().canonicalize().expect("a path"));
        assert_eq!(place.reference, "sites/a/policy.yaml");
    }

    #[test]
    fn files_of_the_project_resolve_relative_to_the_file_that_names_them() {
        let (_directory, project, place) = project();
        let nets = project.resolve(&place, "../../shared/nets.yaml").expect("a file of the project");
        assert_eq!(nets.reference, "shared/nets.yaml");
        assert!(nets.shown.ends_with("/shared/nets.yaml"), "{}", nets.shown);
    }

    #[test]
    fn paths_out_of_the_project_are_refused_whether_or_not_they_exist() {
        let (_directory, project, place) = project();
        for path in ["../../../elsewhere.yaml", "/etc/passwd", "../../../../../../../etc/passwd"] {
            assert!(matches!(project.resolve(&place, path), Err(Astray::Escapes)), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_project_are_refused() {
        let (directory, project, place) = project();
        std::os::unix::fs::symlink("/etc", directory.path().join("sites/a/etc")).expect("a link");
        assert!(matches!(project.resolve(&place, "etc/passwd"), Err(Astray::Escapes)));
    }

    #[test]
    fn names_cannot_drive_a_terminal_or_end_a_comment() {
        assert_eq!(written(Path::new("./a/../b\n; accept\u{202e}.yaml")), "b?; accept?.yaml");
    }
}
