//! Waivers: the packets that `exceptions` name.

use jiff::civil::Date;

use super::question::Question;
use super::scope::Scope;
use crate::model::{Waiver, WaiverScope};
use crate::parse::{PacketsDecl, WaiverDecl, WaiverPlace};
use crate::source::{Diagnostic, Spanned};

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
    diagnostics.extend(backwards(decl.granted.as_ref(), decl.expires.as_ref()));
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

/// An exception that ends before it was granted.
pub(super) fn backwards(
    granted: Option<&Spanned<Date>>,
    expires: Option<&Spanned<Date>>,
) -> Option<Diagnostic> {
    let (granted, expires) =
        granted.zip(expires).filter(|(granted, expires)| expires.value < granted.value)?;
    let title = format!("this exception ends on {}, before it was granted", expires.value);
    let problem = Diagnostic::error("inverted-exception", expires.site, title);
    Some(problem.related(granted.site, "granted on this day").help("correct one of the days"))
}
