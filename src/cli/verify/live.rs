//! The rules that this machine has loaded, as its own tools list them.

use std::io::ErrorKind;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::cli::operand::{Operand, Text};
use crate::readback::{IptablesKind, Language};
use crate::source::{read_limited, reason};

/// How long a tool may take: listing a hundred thousand rules takes some seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// A tool, what it is asked, and what it answers with.
struct Question {
    tool: &'static str,
    words: &'static [&'static str],
    kind: IptablesKind,
    need: Need,
}

/// Whether there is a ruleset without a tool.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Always,
    /// Where it is not installed, there is nothing it could have loaded.
    IfThere,
}

const NFT: &[Question] = &[Question {
    tool: "nft",
    words: &["-nn", "list", "ruleset"],
    kind: IptablesKind::V4,
    need: Need::Always,
}];

const IPTABLES: &[Question] = &[
    Question { tool: "iptables-save", words: &[], kind: IptablesKind::V4, need: Need::Always },
    Question { tool: "ip6tables-save", words: &[], kind: IptablesKind::V6, need: Need::Always },
    Question { tool: "ipset", words: &["save"], kind: IptablesKind::Ipset, need: Need::IfThere },
];

const PF: &[Question] =
    &[Question { tool: "pfctl", words: &["-s", "rules"], kind: IptablesKind::V4, need: Need::Always }];

/// The ruleset of a language that is loaded.
///
/// # Errors
/// A tool that is not there, that refuses, or that does not come to an end.
pub(super) fn listed(language: Language) -> Result<Operand, Failure> {
    let questions = match language {
        Language::Nftables => NFT,
        Language::Iptables => IPTABLES,
        Language::Pf(_) => PF,
    };
    let mut texts = Vec::new();
    for question in questions {
        texts.extend(ask(question)?.map(|content| Text {
            name: question.name(),
            content,
            kind: question.kind,
        }));
    }
    Ok(Operand::texts(language, texts))
}

fn ask(question: &Question) -> Result<Option<String>, Failure> {
    let mut command = Command::new(question.tool);
    command.args(question.words).env("LC_ALL", "C").stdin(Stdio::null());
    match command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() {
        Ok(child) => answer(question, child).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound && question.need == Need::IfThere => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Failure::Live(format!("there is no program `{}`", question.tool)))
        }
        Err(error) => Err(Failure::Live(format!("`{}`: {}", question.tool, reason(&error)))),
    }
}

/// Waits for the answer of a tool, not forever.
fn answer(question: &Question, mut child: Child) -> Result<String, Failure> {
    let failed = |why: String| Failure::Live(format!("`{}`: {why}", question.name()));
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
        return Err(failed(format!("no answer within {} seconds", PATIENCE.as_secs())));
    };
    let status = child.wait().map_err(|error| failed(reason(&error)))?;
    if !status.success() {
        let complained = String::from_utf8_lossy(&complained);
        return Err(failed(complained.lines().next().unwrap_or("it does not say why").to_owned()));
    }
    let bytes = said.transpose().map_err(|error| failed(error.to_string()))?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl Question {
    /// The command, which messages take for the name of the file.
    fn name(&self) -> String {
        std::iter::once(self.tool).chain(self.words.iter().copied()).collect::<Vec<_>>().join(" ")
    }
}
