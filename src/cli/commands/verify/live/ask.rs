//! Tools that are asked what is loaded.

use std::io::ErrorKind;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::cli::operand::Text;
use crate::readback::IptablesKind;
use crate::source::{read_limited, reason};

/// How long a tool may take: listing a hundred thousand rules takes some seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// A tool and what it is asked.
pub(super) struct Question<'q> {
    tool: &'static str,
    words: &'q [&'q str],
}

impl<'q> Question<'q> {
    pub(super) const fn new(tool: &'static str, words: &'q [&'q str]) -> Self {
        Self { tool, words }
    }

    /// What the tool says.
    ///
    /// # Errors
    /// A tool that is not there, that refuses, or that does not come to an end.
    pub(super) fn answer(&self) -> Result<String, Failure> {
        let missing = || Failure::Live(format!("there is no program `{}`", self.tool));
        self.answer_if_there()?.ok_or_else(missing)
    }

    /// What the tool says; nothing where it is not installed, since there is nothing that it could have loaded.
    ///
    /// # Errors
    /// A tool that refuses, or that does not come to an end.
    pub(super) fn answer_if_there(&self) -> Result<Option<String>, Failure> {
        let mut command = Command::new(self.tool);
        command.args(self.words).env("LC_ALL", "C").stdin(Stdio::null());
        match command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() {
            Ok(child) => self.wait(child).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::Live(format!("`{}`: {}", self.tool, reason(&error)))),
        }
    }

    /// Waits for a tool, not forever.
    fn wait(&self, mut child: Child) -> Result<String, Failure> {
        let (send, receive) = mpsc::channel();
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        thread::spawn(move || {
            let said = output.map(read_limited);
            let complained = errors.and_then(|errors| read_limited(errors).ok()).unwrap_or_default();
            let _ = send.send((said, complained));
        });
        let Ok((said, complained)) = receive.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(self.failed(&format!("no answer within {} seconds", PATIENCE.as_secs())));
        };
        let status = child.wait().map_err(|error| self.failed(&reason(&error)))?;
        if !status.success() {
            let complained = String::from_utf8_lossy(&complained);
            return Err(self.failed(complained.lines().next().unwrap_or("it does not say why")));
        }
        let bytes = said.transpose().map_err(|error| self.failed(&error.to_string()))?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Why there is no answer.
    pub(super) fn failed(&self, why: &str) -> Failure {
        Failure::Live(format!("`{}`: {why}", self.name()))
    }

    /// An answer, under the command as the name of its file.
    pub(super) fn text(&self, content: String, kind: IptablesKind) -> Text {
        Text { name: self.name(), content, kind }
    }

    fn name(&self) -> String {
        std::iter::once(self.tool).chain(self.words.iter().copied()).collect::<Vec<_>>().join(" ")
    }
}
