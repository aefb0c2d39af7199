//! Waivers: the packets that `exceptions` name.

use super::question::Question;
use super::scope::Scope;
use crate::model::{Waiver, WaiverScope};
use crate::parse::{PacketsDecl, WaiverDecl, WaiverPlace};
use crate::source::Diagnostic;

/// The waivers in the order written; those whose packets mean nothing have been reported.
pub(super) fn lower<'d>(
    decls: impl Iterator<Item = &'d WaiverDecl>,
    scope: &mut Scope<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Waiver> {
    decls.map(|decl| waiver(decl, scope, diagnostics)).collect()
}

fn waiver<'d>(decl: &'d WaiverDecl, scope: &mut Scope<'d>, diagnostics: &mut Vec<Diagnostic>) -> Waiver {
    let about = match &decl.place {
        WaiverPlace::Packets(PacketsDecl { from, to, services, site }) => {
            let question = Question { from, to, services, site: *site };
            question.matches(scope, diagnostics).map_or(WaiverScope::Nowhere, WaiverScope::Packets)
        }
        WaiverPlace::Nodes { file, first, last } => {
            WaiverScope::Nodes { file: *file, first: *first, last: *last }
        }
        WaiverPlace::Nowhere => WaiverScope::Nowhere,
    };
    Waiver {
        checks: decl.checks.clone(),
        scope: about,
        reason: decl.reason.clone(),
        owner: decl.owner.clone(),
        ticket: decl.ticket.clone(),
        granted: decl.granted.clone(),
        expires: decl.expires.clone(),
        fault: decl.fault.clone(),
        site: decl.site,
    }
}
