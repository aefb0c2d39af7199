//! Hosts with roles.

use super::scope::Scope;
use crate::model::{Addresses, Host};
use crate::parse::{AddressTerm, HostDecl};
use crate::source::Diagnostic;

/// The hosts in the order written.
pub(super) fn lower<'d>(
    hosts: &'d [HostDecl],
    scope: &mut Scope<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Host> {
    hosts.iter().map(|decl| host(decl, scope, diagnostics)).collect()
}

fn host<'d>(decl: &'d HostDecl, scope: &mut Scope<'d>, diagnostics: &mut Vec<Diagnostic>) -> Host {
    let mut addresses = Addresses::none();
    let mut is_self = false;
    for term in &decl.networks {
        if matches!(&term.value, AddressTerm::Name(name) if name == "host") {
            is_self = true;
        } else if let Some(found) = scope.addresses(std::slice::from_ref(term), diagnostics) {
            addresses = addresses.union(&found);
        }
    }
    Host { addresses, is_self, roles: decl.roles.iter().map(|role| role.value).collect(), site: decl.site }
}
