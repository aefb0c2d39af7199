//! Files are written whole or not at all.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::failure::Failure;
use crate::source::reason;

/// A file that is written in full beside its place and not yet in it.
pub(super) struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

/// Writes a text beside the file it will replace. The old permissions stay; a new file gets the usual ones.
///
/// # Errors
/// A place that holds something else than a regular file, links included, or that cannot be written.
pub(super) fn stage(path: &Path, text: &str) -> Result<Staged, Failure> {
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
    Ok(Staged { file, path: path.to_owned() })
}

impl Staged {
    /// Puts the file in its place in one step.
    ///
    /// # Errors
    /// A place that cannot be written; then the old file is still there.
    pub(super) fn commit(self) -> Result<(), Failure> {
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

/// Makes a directory and those above it.
///
/// # Errors
/// Something in its place, or a place that cannot be written.
pub(super) fn directory(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| unwritable(path, &error))
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
        staged.commit().unwrap();
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
        stage(&path, "x").unwrap().commit().unwrap();
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
}
