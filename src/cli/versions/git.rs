//! The `git` program, asked about the repository of the current directory. It is only asked: no file, no index, no
//! object and no reference changes, and nothing is fetched.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use super::error::GitError;
use crate::cli::failure::Failure;
use crate::source::{LARGEST_FILE, ReadError, read_limited, reason};

/// What would lead git to another repository than that of the current directory, where the policies are. Hooks of git
/// set some of them, and relative to where the hook began. Where objects lie is left to the environment: a hook that
/// judges a push sees the pushed objects only there.
const ELSEWHERE: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"];

/// Messages that can be compared, no question to the user, no lock, and no network.
const QUIET: [(&str, &str); 4] =
    [("LC_ALL", "C"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_OPTIONAL_LOCKS", "0"), ("GIT_NO_LAZY_FETCH", "1")];

/// Asks a question; none if git has no answer, which it says with an exit code.
///
/// # Errors
/// A git that cannot be run.
pub(super) fn ask(words: &[&str]) -> Result<Option<String>, Failure> {
    let output = run(words)?;
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned()))
}

/// Asks a question that has an answer in every repository.
///
/// # Errors
/// A git that cannot be run, or that refuses: there is no repository, or it does not trust it.
pub(super) fn answer(words: &[&str]) -> Result<Vec<u8>, Failure> {
    let output = run(words)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find_map(|line| line.strip_prefix("fatal: ")).unwrap_or("it does not say why");
    if line.starts_with("not a git repository") {
        return Err(GitError::NoRepository.into());
    }
    Err(GitError::Refused(line.to_owned()).into())
}

/// The files of a tree as `git ls-tree` lists them, with their whole paths, each ended by a NUL.
///
/// # Errors
/// A git that cannot be run, a tree that it cannot read, or more files than anybody reviews.
pub(super) fn list(tree: &str) -> Result<Vec<u8>, Failure> {
    let mut command = command(&["ls-tree", "-r", "-z", "--full-tree", tree]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| missing(&error))?;
    let listed = child.stdout.take().map_or_else(|| Ok(Vec::new()), read_limited);
    if listed.is_err() {
        let _ = child.kill(); // It may have more to say than anybody reads.
    }
    let ended = child.wait();
    match listed {
        Ok(bytes) if ended.is_ok_and(|status| status.success()) => Ok(bytes),
        Ok(_) => Err(Failure::from(GitError::Refused(format!("it cannot list the files of {tree}")))),
        Err(error) => {
            Err(Failure::from(GitError::Refused(format!("the list of the files of {tree}: {error}"))))
        }
    }
}

fn run(words: &[&str]) -> Result<Output, Failure> {
    command(words).stdin(Stdio::null()).output().map_err(|error| missing(&error))
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new("git");
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    command.args(words).envs(QUIET);
    command
}

fn missing(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => GitError::Missing.into(),
        _ => GitError::Refused(reason(error)).into(),
    }
}

/// A running `git cat-file --batch`, which gives the contents of objects one after the other.
#[derive(Debug)]
pub(super) struct Objects {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    /// Starts it.
    ///
    /// # Errors
    /// A git that cannot be run.
    pub(super) fn open() -> Result<Self, Failure> {
        let mut command = command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| missing(&error))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(questions), Some(answers)) => {
                Ok(Self { child, questions, answers: BufReader::new(answers) })
            }
            _ => Err(Failure::Bug("a process that was started with pipes has none".to_owned())),
        }
    }

    /// The contents of the object with that number.
    ///
    /// # Errors
    /// An object that is not there, or larger than any file that is read.
    pub(super) fn read(&mut self, number: &str) -> Result<Vec<u8>, ReadError> {
        writeln!(self.questions, "{number}")?;
        self.questions.flush()?;
        let length = self.length()?;
        // A line end stands after the contents. All of it is read, since the next answer follows.
        let mut contents = self.answers.by_ref().take(length.saturating_add(1));
        if length > LARGEST_FILE {
            io::copy(&mut contents, &mut io::sink())?;
            return Err(ReadError::TooLarge);
        }
        let mut bytes = Vec::new();
        contents.read_to_end(&mut bytes)?;
        match bytes.pop() {
            Some(b'\n') if bytes.len() as u64 == length => Ok(bytes),
            _ => Err(broken()),
        }
    }

    /// The length of the next object, from the line before it: number, kind, length.
    fn length(&mut self) -> Result<u64, ReadError> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [_, "blob", length] => length.parse().map_err(|_| broken()),
            [_, "missing"] => Err(absent()),
            _ => Err(broken()),
        }
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It only reads, and has nothing left to say.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn absent() -> ReadError {
    io::Error::other("git does not have its contents here; a partial clone has to fetch them first").into()
}

fn broken() -> ReadError {
    io::Error::other("git gave an answer that makes no sense").into()
}
