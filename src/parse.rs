//! YAML trees into documents: what somebody wrote, understood piece by piece, with a diagnostic for each piece
//! that was not. Parsing never fails as a whole: one bad rule hides no other.

mod address;
mod address_list;
mod baseline;
mod date;
mod document;
mod fault;
mod load;
mod log;
mod nearest;
mod number;
mod packet;
mod phrase;
mod place;
mod policy;
mod port;
mod reader;
mod rule;
mod service;
mod word;

use std::path::Path;

pub use document::{
    AddressTerm, BaselineDecl, DefaultsDecl, Document, ExceptionDecl, ExpectDecl, HostDecl, KindTerm,
    NetworkDecl, PortTerm, RuleDecl, ServiceDecl, ServiceSpec, ServiceTerm, ZoneDecl,
};

pub use nearest::{did_you_mean, nearest};
pub use packet::{EndDecl, PacketDecl, Packets, packets};
pub use policy::NOT_A_POLICY;
pub use word::RESERVED;

use crate::source::{Diagnostic, Sources};

/// A policy document and the documents it includes, each once, in the order of inclusion.
#[derive(Debug)]
pub struct Bundle {
    /// The file that was asked for.
    pub main: Document,
    /// Shared zones, networks and services.
    pub included: Vec<Document>,
    /// Everything that was wrong in any of them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a policy file and everything it includes.
///
/// Never fails: a file that cannot be read is an empty document and a diagnostic.
#[must_use]
pub fn load(path: &Path, sources: &mut Sources) -> Bundle {
    load::Loader::file(path, sources)
}

/// Reads a policy from bytes, as if they stood in a file of that name; files it includes are looked up from
/// there.
#[must_use]
pub fn text(name: &str, bytes: impl Into<Vec<u8>>, sources: &mut Sources) -> Bundle {
    load::Loader::bytes(Path::new(name), bytes.into(), sources)
}
