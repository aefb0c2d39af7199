//! Runs the program as a user does: in a directory of its own, with nothing of the tester's environment.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A directory with files, in which the program runs.
pub(crate) struct Site {
    directory: tempfile::TempDir,
}

/// What a run gave.
#[derive(PartialEq, Eq)]
pub(crate) struct Run {
    /// Exit code.
    pub(crate) exit: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Error stream.
    pub(crate) stderr: String,
}

impl Site {
    /// An empty directory.
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// The same with a file in it; directories above it are made.
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Where a file of the site is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// The names of the files in a directory of the site, sorted; none if there is no such directory.
    pub(crate) fn names(&self, directory: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(directory)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Every file of the site with its contents, by its path.
    pub(crate) fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut everything = BTreeMap::new();
        let mut directories = vec![self.directory.path().to_owned()];
        while let Some(directory) = directories.pop() {
            let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
            let (inner, files): (Vec<_>, Vec<_>) =
                entries.partition(|path| path.is_dir() && !path.is_symlink());
            directories.extend(inner);
            everything.extend(files.into_iter().map(|file| {
                let contents = std::fs::read(&file).unwrap();
                (file, contents)
            }));
        }
        let here = |path: PathBuf| path.strip_prefix(self.directory.path()).unwrap().to_owned();
        everything.into_iter().map(|(path, contents)| (here(path), contents)).collect()
    }

    /// The program, about to run in the site; words are separated by spaces.
    pub(crate) fn command(&self, words: &str) -> Command {
        command(self.directory.path(), words)
    }

    /// Runs the program; words are separated by spaces.
    pub(crate) fn run(&self, words: &str) -> Run {
        self.command(words).output().unwrap().into()
    }

    /// Runs the program with something in its standard input.
    pub(crate) fn run_with(&self, words: &str, input: &[u8]) -> Run {
        let mut command = self.command(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // The program may refuse its input before it has read all of it.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap().into()
    }
}

/// Runs the program in the repository itself.
pub(crate) fn run_in_repository(words: &str) -> Run {
    command(Path::new(env!("CARGO_MANIFEST_DIR")), words).output().unwrap().into()
}

fn command(directory: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailward"));
    command.args(words.split_whitespace()).current_dir(directory).env_clear().stdin(Stdio::null());
    command
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            exit: output.status.code().expect("an exit code, not a signal"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Everything there is to see of a run, as snapshots and failed assertions show it.
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit {}\n--- stdout\n{}--- stderr\n{}", self.exit, self.stdout, self.stderr)
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
