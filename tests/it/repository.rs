//! Git repositories in which the program runs.

use std::path::Path;
use std::process::Command;

use crate::program::{Run, Site};

/// A git repository in a directory of its own.
pub(crate) struct Repository {
    pub(crate) site: Site,
}

impl Repository {
    /// A repository with these files in its first commit, on the branch `main`.
    pub(crate) fn new(site: Site) -> Self {
        let repository = Self { site };
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit()
    }

    /// Everything that is there becomes the next commit.
    pub(crate) fn commit(self) -> Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "Change."]);
        self
    }

    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        Self { site: self.site.file(path, text) }
    }

    pub(crate) fn git(&self, words: &[&str]) {
        git(&self.site.path(""), words);
    }

    pub(crate) fn run(&self, words: &str) -> Run {
        self.run_in("", words)
    }

    /// Runs the program in a directory of the repository.
    pub(crate) fn run_in(&self, directory: &str, words: &str) -> Run {
        let mut command = self.command(words);
        command.current_dir(self.site.path(directory)).output().unwrap().into()
    }

    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = self.site.command(words);
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command
    }

    /// Every file of git's own and what it holds, to tell whether anything has changed.
    pub(crate) fn inside(&self) -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let mut directories = vec![self.site.path("")];
        let mut files = Vec::new();
        while let Some(directory) = directories.pop() {
            let paths = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
            let (inner, own): (Vec<_>, Vec<_>) = paths.partition(|path| path.is_dir());
            directories.extend(inner);
            files.extend(own.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())));
        }
        files.sort();
        files
    }
}

/// What git says, with an identity and nothing of the tester's configuration.
pub(crate) fn git(directory: &Path, words: &[&str]) -> String {
    let identity = ["user.name=Tester", "user.email=tester@example.net", "protocol.file.allow=always"];
    let mut command = Command::new("git");
    for setting in identity {
        command.args(["-c", setting]);
    }
    command.args(words).current_dir(directory).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    let output = command.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", directory).output().unwrap();
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
