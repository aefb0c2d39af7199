//! Which zones may open flows into which.

use super::scope::Scope;
use super::undefined;
use crate::model::{Flow, Name};
use crate::parse::FlowDecl;
use crate::source::{Diagnostic, Spanned};

/// The flows in the order written, with the zones that exist.
pub(super) fn lower(flows: &[FlowDecl], scope: &Scope<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Flow> {
    let zones = |names: &[Spanned<Name>], diagnostics: &mut Vec<Diagnostic>| {
        names.iter().filter_map(|name| zone(name, scope, diagnostics)).collect()
    };
    let flow =
        |decl: &FlowDecl| Flow { from: zones(&decl.from, diagnostics), to: zones(&decl.to, diagnostics) };
    flows.iter().map(flow).collect()
}

/// The index of a zone; a name that no zone has is reported.
fn zone(name: &Spanned<Name>, scope: &Scope<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
    let found = scope.zones().iter().position(|zone| zone.name.value == name.value);
    if found.is_none() {
        let known = scope.zones().iter().map(|zone| zone.name.value.as_str());
        diagnostics.push(undefined("undefined-zone", "zone", name.site, name.value.as_str(), known));
    }
    found
}
