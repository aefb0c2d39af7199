//! YAML trees into documents: what somebody wrote, understood piece by piece, with a diagnostic for each piece
//! that was not. Parsing never fails as a whole: one bad rule hides no other.

mod document;

pub use document::{
    AddressTerm, BaselineDecl, DefaultsDecl, Document, ExceptionDecl, ExpectDecl, HostDecl, KindTerm,
    NetworkDecl, PortTerm, RuleDecl, ServiceDecl, ServiceSpec, ServiceTerm, ZoneDecl,
};

use crate::source::Diagnostic;

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
