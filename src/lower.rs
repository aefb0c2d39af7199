//! Names into values: a bundle of documents into one valid policy, or diagnostics.

use crate::model::Policy;
use crate::parse::Bundle;
use crate::source::{Diagnostic, Severity};

/// A policy if nothing is wrong, and everything that is.
#[derive(Debug)]
pub struct Lowered {
    /// The policy; none if any diagnostic is an error, in the bundle or here.
    pub policy: Option<Policy>,
    /// What the bundle and the lowering had to say, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Looks up every name and builds the policy.
#[must_use]
pub fn lower(bundle: Bundle) -> Lowered {
    let diagnostics = bundle.diagnostics;
    debug_assert!(diagnostics.iter().all(|d| d.severity <= Severity::Error));
    Lowered { policy: None, diagnostics }
}
