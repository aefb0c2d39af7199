//! Files are written whole or not at all.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::failure::Failure;
use crate::source::{self, reason};

/// A file that is written in full beside its place and not yet in it.
pub(super) struct Staged {
    file: NamedTempFile,
    path: PathBuf,
    /// What was read there; none if nothing was.
    old: Option<Vec<u8>>,
}

/// Writes a text beside the file it will replace. The old permissions stay; a new file gets the usual ones.
///
/// # Errors
/// A place that holds something else than a regular file, links included, that belongs to git, or that cannot be written.
pub(super) fn stage(path: &Path, text: &str) -> Result<Staged, Failure> {
    if is_of_git(path) {
        return Err(refused(path, OF_GIT));
    }
    let permissions = old_permissions(path)?;
    let staged = || {
        let mut file = temporary(parent(path))?;
        file.write_all(text.as_bytes())?;
        if let Some(permissions) = permissions {
            file.as_file().set_permissions(permissions)?;
        }
        file.as_file().sync_all()?;
        Ok(file)
    };
    let file = staged().map_err(|error: std::io::Error| unwritable(path, &error))?;
    Ok(Staged { file, path: path.to_owned(), old: None })
}

/// [`stage`] for a text that was made of what stood in the file: it replaces these bytes and no others.
///
/// # Errors
/// As [`stage`].
pub(super) fn stage_over(path: &Path, old: Vec<u8>, text: &str) -> Result<Staged, Failure> {
    Ok(Staged { old: Some(old), ..stage(path, text)? })
}

/// Puts files in their places, each in one step. Before the first one, all are seen to be as they were read.
///
/// # Errors
/// A file that somebody else has changed, which stays as it is, or a place that cannot be written; then the old file is
/// still there.
pub(super) fn commit(staged: Vec<Staged>) -> Result<(), Failure> {
    staged.iter().try_for_each(Staged::as_read)?;
    staged.into_iter().try_for_each(Staged::commit)
}

impl Staged {
    /// Sees that nobody else has changed the file.
    fn as_read(&self) -> Result<(), Failure> {
        let Some(old) = &self.old else { return Ok(()) };
        let is_there = self.path.symlink_metadata().is_ok_and(|file| file.is_file());
        if is_there && source::read(&self.path).is_ok_and(|now| now == *old) {
            return Ok(());
        }
        Err(Failure::Changed(self.path.clone()))
    }

    fn commit(self) -> Result<(), Failure> {
        self.as_read()?;
        let path = self.path;
        self.file.persist(&path).map(drop).map_err(|error| unwritable(&path, &error.error))
    }
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// A file, or anything else, in its place, or a place that cannot be written.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        return Err(Failure::Exists(path.to_owned()));
    }
    let staged = stage(path, text)?;
    staged.file.persist_noclobber(path).map(drop).map_err(|error| match error.error.kind() {
        ErrorKind::AlreadyExists => Failure::Exists(path.to_owned()),
        _ => unwritable(path, &error.error),
    })
}

fn old_permissions(path: &Path) -> Result<Option<Permissions>, Failure> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unwritable(path, &error)),
        Ok(old) if old.is_symlink() => {
            Err(refused(path, "it is a symbolic link, and what it points to may be anything"))
        }
        Ok(old) if !old.is_file() => Err(refused(path, "it is not a regular file")),
        Ok(old) => Ok(Some(old.permissions())),
    }
}

/// A temporary file with the permissions that a new file would get, not the private ones of a secret.
fn temporary(directory: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".mailward-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
}

/// The directory of a file; the current one for a bare name.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let reason = match error.kind() {
        ErrorKind::NotFound => "there is no such directory".to_owned(),
        _ => reason(error),
    };
    Failure::Unwritable { path: path.to_owned(), reason }
}

fn refused(path: &Path, reason: &str) -> Failure {
    Failure::Unwritable { path: path.to_owned(), reason: reason.to_owned() }
}

/// Why nothing is written there.
const OF_GIT: &str = "what is in `.git` is for git alone";

/// Whether a place is one of git's own.
pub(super) fn is_of_git(path: &Path) -> bool {
    place(path).components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git"))
}

/// Where a path leads, with links followed as far as it exists: the same place for every spelling.
pub(super) fn place(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = absolute.ancestors().find_map(|above| {
        let rest = absolute.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.join(rest))
    });
    real.unwrap_or(absolute)
}

/// Directories that were made for files: those in which nothing came to stand go again.
#[must_use]
pub(super) struct Made(Vec<PathBuf>);

/// Makes a directory and those above it.
///
/// # Errors
/// Something in its place, or a place that belongs to git or cannot be written.
pub(super) fn directory(path: &Path) -> Result<Made, Failure> {
    if is_of_git(path) {
        return Err(refused(path, OF_GIT));
    }
    let missing = path.ancestors().take_while(|above| above.symlink_metadata().is_err());
    let made = Made(missing.filter(|above| !above.as_os_str().is_empty()).map(Path::to_owned).collect());
    fs::create_dir_all(path).map_err(|error| unwritable(path, &error))?;
    Ok(made)
}

impl Drop for Made {
    fn drop(&mut self) {
        // The system refuses for every directory that is not empty.
        self.0.iter().for_each(|path| drop(fs::remove_dir(path)));
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_old_file_stays_until_the_commit_and_keeps_its_permissions() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.nft");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let staged = stage(&path, "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        commit(vec![staged]).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(mode(&path), 0o640);
    }

    #[test]
    fn a_stage_that_is_dropped_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        drop(stage(&directory.path().join("a.nft"), "new").unwrap());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn new_files_can_be_read_by_others() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.nft");
        commit(vec![stage(&path, "x").unwrap()]).unwrap();
        assert_eq!(mode(&path) & 0o600, 0o600);
        assert_eq!(mode(&path) & 0o111, 0);
    }

    #[test]
    fn links_and_directories_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let (target, link) = (directory.path().join("target"), directory.path().join("link"));
        fs::write(&target, "precious").unwrap();
        symlink(&target, &link).unwrap();
        assert!(stage(&link, "x").is_err());
        assert!(stage(directory.path(), "x").is_err());
        assert_eq!(fs::read_to_string(&target).unwrap(), "precious");
    }

    #[test]
    fn nothing_is_overwritten_by_a_new_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("policy.yaml");
        create(&path, "first").unwrap();
        assert!(matches!(create(&path, "second"), Err(Failure::Exists(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
    }

    #[test]
    fn nothing_is_written_if_one_file_is_not_as_it_was_read() {
        let directory = tempfile::tempdir().unwrap();
        let [one, other] = ["a.yaml", "b.yaml"].map(|name| directory.path().join(name));
        for path in [&one, &other] {
            fs::write(path, "read").unwrap();
        }
        let staged = || vec![&one, &other].into_iter().map(|path| stage_over(path, b"read".into(), "new"));
        let edited: Vec<Staged> = staged().collect::<Result<_, _>>().unwrap();
        fs::write(&other, "edited").unwrap();
        assert!(matches!(commit(edited), Err(Failure::Changed(path)) if path == other));
        let gone: Vec<Staged> = staged().collect::<Result<_, _>>().unwrap();
        fs::remove_file(&other).unwrap();
        assert!(matches!(commit(gone), Err(Failure::Changed(path)) if path == other));
        assert_eq!(fs::read_to_string(&one).unwrap(), "read");
    }

    #[test]
    fn what_belongs_to_git_is_left_to_git() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(".git")).unwrap();
        symlink(root.path().join(".git"), root.path().join("link")).unwrap();
        for path in [".git/config", ".GIT/config", "link/config", "./.git/hooks/../config"] {
            assert!(stage(&root.path().join(path), "x").is_err(), "{path}");
        }
        assert!(directory(&root.path().join(".git/rules")).is_err());
        assert!(stage(&root.path().join(".gitignore"), "x").is_ok());
    }

    #[test]
    fn directories_that_stay_empty_go_again() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b");
        drop(directory(&path).unwrap());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        let made = directory(&path).unwrap();
        create(&path.join("c"), "x").unwrap();
        drop(made);
        assert_eq!(fs::read_to_string(path.join("c")).unwrap(), "x");
    }
}
