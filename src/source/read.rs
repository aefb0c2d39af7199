//! Reads a file whole, within a limit, and never waits for one that is not a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;

/// The largest file that is read: 64 MiB; a rule takes some 250 bytes.
pub const LARGEST_FILE: u64 = 64 << 20;

/// Why a file was not read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// It is a directory.
    #[error("it is a directory")]
    Directory,
    /// A pipe, a socket or a device: reading could wait forever.
    #[error("it is not a regular file")]
    NotAFile,
    /// Too much to read.
    #[error("it is larger than {} MiB", LARGEST_FILE >> 20)]
    TooLarge,
    /// A link in a project of another time, or a file behind one: what it led to then, nobody can tell.
    #[error("a symbolic link leads there, and links in a revision are not followed")]
    Link,
    /// A file of a repository inside the repository: it has its own times.
    #[error("it lies in a submodule, whose files are those of another repository")]
    Submodule,
    /// The system refused.
    #[error("{}", reason(.0))]
    Io(#[from] io::Error),
}

/// Reads a regular file of at most [`LARGEST_FILE`] bytes.
///
/// # Errors
/// Refuses everything else before it is opened, and a file that grows beyond the limit while it is read.
pub fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    let metadata = std::fs::metadata(path)?;
    match metadata.len() {
        _ if metadata.is_dir() => Err(ReadError::Directory),
        _ if !metadata.is_file() => Err(ReadError::NotAFile),
        length if length > LARGEST_FILE => Err(ReadError::TooLarge),
        _ => read_limited(File::open(path)?),
    }
}

/// Reads everything that a stream has to give, at most [`LARGEST_FILE`] bytes.
///
/// # Errors
/// Refuses a longer stream after the limit.
pub fn read_limited(stream: impl Read) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    stream.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE { Err(ReadError::TooLarge) } else { Ok(bytes) }
}

/// The system's reason in plain words, without its error number.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_owned()
        }
    }
}

impl ReadError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Directory => Some("name a file in it"),
            Self::NotAFile => Some("name a regular file, or write `-` for standard input"),
            Self::TooLarge => Some("split the policy, or keep long address lists in files of their own"),
            Self::Link => Some("name the file that the link leads to"),
            Self::Submodule => Some("compare it in the submodule"),
            Self::Io(_) => None,
        }
    }

    /// The kind of problem, as in [`Diagnostic::code`](super::Diagnostic::code).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Directory | Self::NotAFile | Self::Link | Self::Submodule | Self::Io(_) => "unreadable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huge_file_is_refused_by_its_size_alone() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.as_file().set_len(1 << 30).expect("a sparse file");
        assert!(matches!(read(file.path()), Err(ReadError::TooLarge)));
    }

    #[test]
    fn reasons_have_no_error_numbers() {
        let full = io::Error::from_raw_os_error(28);
        assert!(full.to_string().contains("(os error 28)") && !reason(&full).contains("os error"));
        assert_eq!(reason(&io::ErrorKind::PermissionDenied.into()), "permission denied");
    }

    #[test]
    fn an_endless_stream_is_refused() {
        assert!(matches!(read_limited(io::repeat(b'#')), Err(ReadError::TooLarge)));
    }

    #[test]
    fn what_is_not_a_file_is_refused_before_it_is_opened() {
        assert!(matches!(read(Path::new(".")), Err(ReadError::Directory)));
        assert!(matches!(read(Path::new("/dev/zero")), Err(ReadError::NotAFile)));
        assert_eq!(
            read(Path::new("no/such/file")).expect_err("no file").to_string(),
            "there is no such file"
        );
    }
}
