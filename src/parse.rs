//! YAML trees into documents: what somebody wrote, understood piece by piece, with a diagnostic for each piece
//! that was not. Parsing never fails as a whole: one bad rule hides no other.

mod address;
mod address_list;
mod baseline;
mod beside;
mod date;
mod document;
mod fault;
mod grammar;
mod known;
mod load;
mod log;
mod misnamed;
mod nearest;
mod number;
mod packet;
mod phrase;
mod place;
mod policy;
mod port;
mod profile;
mod question;
mod reader;
mod recognise;
mod rule;
mod service;
mod settings;
mod waiver;
mod word;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use document::{
    AddressTerm, BaselineDecl, DefaultsDecl, Document, ExceptionDecl, ExpectDecl, FlowDecl, HostDecl,
    KindTerm, NetworkDecl, PortTerm, RuleDecl, ServiceDecl, ServiceSpec, ServiceTerm, WaiverDecl,
    WaiverPlace, ZoneDecl,
};

pub use grammar::{Choice, Content, Mapping, Named, Need};
pub use known::{KnownDecl, KnownFinding, known};
pub use misnamed::did_you_mean_file;
pub use nearest::{did_you_mean, nearest};
pub use packet::{EndDecl, PacketDecl, Packets, packets};
pub use policy::{FRAGMENT, NOT_A_POLICY};
pub use profile::{DemandDecl, OwnDecl, PacketsDecl, ProfileDecl, RuleText, SettingDecl, profile};
pub use question::{QuestionDecl, Wanted, question};
pub use recognise::{FileKind, looks_like_a_policy};
pub use settings::{SettingsDecl, TARGETS, Threshold, settings};
pub use waiver::in_comments as waivers_in_comments;
pub use word::{RESERVED, valid_name};

use crate::source::{Diagnostic, Files, Project, Sources};

/// A policy document and the documents it includes, each once, in the order of inclusion.
#[derive(Debug)]
pub struct Bundle {
    /// The file that was asked for.
    pub main: Document,
    /// Shared zones, networks, services and expectations.
    pub included: Vec<Document>,
    /// Everything that was wrong in any of them.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the included files are, so that none is read twice.
    seen: BTreeSet<PathBuf>,
}

impl Bundle {
    /// Whether nothing in the main file is for policies only: it holds zones, networks, services and expectations for
    /// others.
    #[must_use]
    pub fn is_fragment(&self) -> bool {
        let Document { hosts, defaults, baseline, .. } = &self.main;
        self.diagnostics.iter().any(|diagnostic| diagnostic.code == NOT_A_POLICY)
            && hosts.is_empty()
            && defaults.is_none()
            && baseline.is_none()
    }
}

/// Reads a policy file and everything it includes.
///
/// Never fails: a file that cannot be read is an empty document and a diagnostic.
#[must_use]
pub fn load(path: &Path, sources: &mut Sources) -> Bundle {
    load_from(&Project::of(path), path, sources)
}

/// Reads a policy file and everything it includes from a project that may be of another time.
///
/// Never fails: a file that cannot be read is an empty document and a diagnostic.
#[must_use]
pub fn load_from(files: &dyn Files, path: &Path, sources: &mut Sources) -> Bundle {
    load::Loader::file(path, files, sources)
}

/// Reads a policy from bytes, as if they stood in a file of that name; files it includes are looked up from
/// there.
#[must_use]
pub fn text(name: &str, bytes: impl Into<Vec<u8>>, sources: &mut Sources) -> Bundle {
    let project = Project::of(Path::new(name));
    load::Loader::bytes(&project.place(Path::new(name)), bytes.into(), &project, sources)
}

/// Adds a file of expectations to a policy, from its bytes and the name it goes by: a fragment that somebody named
/// besides the policy. It may include others, relative to itself; it does nothing if it was read before.
pub fn add_expectations(bundle: &mut Bundle, path: &Path, bytes: Vec<u8>, sources: &mut Sources) {
    let project = Project::of(path);
    load::Loader::expectations(bundle, &project.place(path), bytes, &project, sources);
}
