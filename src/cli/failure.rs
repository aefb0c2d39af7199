//! Why a command gives no answer.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::bug;
use super::exit::Exit;
use super::terminal::Terminal;
use super::versions::GitError;
use crate::parse::{did_you_mean_file, nearest};
use crate::source::ReadError;

/// No answer, for a reason outside the policies: what is wrong with a policy is a diagnostic.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// No policy among everything that was asked for.
    #[error("there is nothing to check: no policy in {}", .searched.join(", "))]
    NothingToCheck {
        /// What was looked through, quoted.
        searched: Vec<String>,
    },
    /// Several policies where one is asked for.
    #[error("there are several policies: {}", .0.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", "))]
    SeveralPolicies(Vec<String>),
    /// Policies, and no expectation in any of them.
    #[error("there is nothing to test: no expectation in {}", .0.join(", "))]
    NothingToTest(
        /// The policies, quoted.
        Vec<String>,
    ),
    /// A file or directory that cannot be read.
    #[error("cannot read `{}`: {reason}", .path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// Why it was not.
        reason: String,
    },
    /// A file that cannot be written.
    #[error("cannot write `{}`: {reason}", .path.display())]
    Unwritable {
        /// What was to be written.
        path: PathBuf,
        /// Why it was not.
        reason: String,
    },
    /// A file that is not to be replaced.
    #[error("`{}` is there already and is not overwritten", .0.display())]
    Exists(PathBuf),
    /// A file that somebody else changed while it was worked on.
    #[error("`{}` was changed by somebody else meanwhile, and is left as it is now", .0.display())]
    Changed(PathBuf),
    /// Two names of one file that is to be changed.
    #[error("`{}` and `{}` are one file, a hard link", .0.display(), .1.display())]
    OneFile(PathBuf, PathBuf),
    /// Two policies whose rulesets have the same names.
    #[error("`{first}` and `{second}` both make `{file}`")]
    SameFile {
        /// The file.
        file: String,
        /// The first policy.
        first: String,
        /// The second policy.
        second: String,
    },
    /// A check, service or the like that does not exist.
    #[error("there is no {kind} `{name}`")]
    Unknown {
        /// What kind of thing.
        kind: &'static str,
        /// The name that was asked for.
        name: String,
        /// What to do about it.
        help: String,
    },
    /// A policy that names no profile, where none is asked for.
    #[error("there is no profile to hold `{0}` against")]
    NoProfile(
        /// The policy.
        String,
    ),
    /// Standard input that is to be two things.
    #[error("`-` stands for two things, and there is one standard input")]
    StdinTwice,
    /// Standard output that is to be two things.
    #[error("two formats are to be written to the standard output")]
    StdoutTwice,
    /// A file that is to be two things.
    #[error("`{}` is to be written twice", .0.display())]
    WrittenTwice(PathBuf),
    /// A template for findings that cannot be used.
    #[error("cannot use the template `{}`: {reason}", .path.display())]
    Template {
        /// The template.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A profile of one's own for rulesets.
    #[error("profiles in files are for policies, and `--as` reads rulesets")]
    ProfileOfRulesets,
    /// A review without anything to compare with.
    #[error("there is nothing to compare with")]
    NoBase,
    /// Rulesets of revisions.
    #[error("`--as` compares two rulesets in files")]
    RulesetsOfRevisions,
    /// A revision that cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The standard input where there is none to be had.
    #[error("{0}")]
    NoStdin(&'static str),
    /// A packet of which a ruleset says nothing.
    #[error("the ruleset says nothing of this packet: {0}")]
    Unspoken(String),
    /// The words of a packet as packets of their own.
    #[error("a packet is one argument, and here the words of one stand alone")]
    SplitPacket,
    /// A port that no built-in service is on.
    #[error("no built-in service is on {0}")]
    NoServiceOn(String),
    /// Two sides that speak of different packets.
    #[error("`{left}` and `{right}` have no packets in common")]
    NothingInCommon {
        /// One side.
        left: String,
        /// The other side.
        right: String,
    },
    /// Rulesets of which one speaks of a family that the other one does not speak of.
    #[error("`{old}` and `{new}` are not about the same families of addresses")]
    OtherFamilies {
        /// The older one.
        old: String,
        /// The newer one.
        new: String,
    },
    /// A file of which nobody knows what it is.
    #[error("it is not clear what `{0}` is")]
    Unclear(String),
    /// A program that lists live rules and does not.
    #[error("cannot list the rules that are loaded: {0}")]
    Live(String),
    /// Rules that are loaded and decide nothing.
    #[error("pf is disabled: every packet passes, whatever rules are loaded")]
    PfDisabled,
    /// Templates that cannot be used.
    #[error("cannot use the templates: {0}")]
    Templates(String),
    /// Standard output that takes no more.
    #[error("cannot write to the standard output: {0}")]
    Output(#[from] io::Error),
    /// A bug in mailward.
    #[error("{0}")]
    Bug(String),
}

impl Failure {
    /// A bug in mailward, told with all its causes.
    pub(super) fn bug(error: &dyn std::error::Error) -> Self {
        let causes = std::iter::successors(Some(error), |error| error.source());
        Self::Bug(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }

    /// Nothing in the paths that were asked for; the current directory if there are none.
    pub(super) fn nothing_to_check(paths: &[PathBuf]) -> Self {
        let searched = match paths {
            [] => vec!["the current directory".to_owned()],
            paths => paths.iter().map(|path| format!("`{}`", path.display())).collect(),
        };
        Self::NothingToCheck { searched }
    }

    /// A file that cannot be read.
    pub(super) fn unreadable(path: &Path, error: &ReadError) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: error.to_string() }
    }

    /// An unknown name, with the nearest of the known ones or a few that contain it.
    pub(super) fn unknown<'n>(
        kind: &'static str,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
        list: &str,
    ) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let containing =
            || known.iter().copied().filter(|known| name.len() >= 3 && known.contains(name)).take(3);
        let near: Vec<String> = nearest(name, known.iter().copied())
            .map_or_else(|| containing().collect(), |one| vec![one])
            .into_iter()
            .map(|near| format!("`{near}`"))
            .collect();
        let question =
            if near.is_empty() { String::new() } else { format!("did you mean {}? ", near.join(" or ")) };
        let help = format!("{question}`{list}` lists all of them");
        Self::Unknown { kind, name: name.to_owned(), help }
    }

    /// Says it on the error stream.
    pub(super) fn tell(&self, terminal: &mut Terminal) -> Exit {
        if let Self::Bug(what) = self {
            terminal.remark(&bug::report_request(what));
            return Exit::Bug;
        }
        terminal.error(&self.to_string(), self.help().as_deref());
        Exit::CannotAnswer
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::NothingToCheck { .. } => {
                "a policy is a YAML file with `version: 1` and `rules`; `mailward init` writes one to start from"
            }
            Self::NothingToTest(_) => {
                "write what must hold under `expect`, or name a file with expectations: `--expect FILE`"
            }
            Self::NoProfile(_) => {
                "name one: `--profile NAME|FILE`, or `profiles` in the policy; `mailward explain --profiles` lists all of them"
            }
            Self::Exists(_) => "name another file, or move this one away",
            Self::Changed(_) => "run it again",
            Self::OneFile(..) => "name one of them, or make it a file of its own",
            Self::SameFile { .. } => "give each policy a `name` of its own",
            Self::StdinTwice => "write one of them to a file, and name it",
            Self::StdoutTwice => "name a file for all but one of them: `--output FORMAT=FILE`",
            Self::WrittenTwice(_) => "name another file for one of them",
            Self::Unknown { help, .. } => help,
            Self::Git(error) => return error.help().map(str::to_owned),
            Self::NoStdin(_) => "name a file",
            Self::SeveralPolicies(_) => "name one of them",
            Self::ProfileOfRulesets => "name built-in profiles, or single checks with `--only`",
            Self::NoBase => "name a revision, `--base origin/main`, or the old and the new file or directory",
            Self::RulesetsOfRevisions => "write both to files, and name them",
            Self::Unspoken(_) => {
                "rules of iptables are for one family: name both files with a comma between them; pf is never asked about \
                 packets of known states"
            }
            Self::SplitPacket => {
                "put quotes around it, or the shell takes it apart and `>` for the name of a file to write: 'tcp 10.20.1.5 > \
                 198.51.100.7:110 in lan0 out wan0'"
            }
            Self::NoServiceOn(_) => "a policy may name ports itself: `services: { tcp: [8080] }`",
            Self::NothingInCommon { .. } => "name the rules of both families: `iptables:V4,V6,IPSET`",
            Self::OtherFamilies { .. } => {
                "name the files of both families on both sides, with commas between them"
            }
            Self::Unclear(_) => {
                "write its kind before it: `policy:FILE`, `nft:FILE`, `iptables:FILE,FILE`, `pf-openbsd:FILE` or `pf-freebsd:FILE`"
            }
            Self::Live(_) => "list them into a file as a user who may, and name the file",
            Self::PfDisabled => "enable it (`pfctl -e`), or list its rules into a file and name the file",
            Self::Unreadable { path, .. } => return did_you_mean_file(Path::new(""), path),
            Self::Unwritable { .. }
            | Self::Templates(_)
            | Self::Template { .. }
            | Self::Output(_)
            | Self::Bug(_) => return None,
        };
        Some(help.to_owned())
    }
}
