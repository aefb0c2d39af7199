//! Hosts with roles.

use super::scope::Scope;
use crate::model::{Addresses, Host};
use crate::parse::{AddressTerm, HostDecl};
use crate::source::{Diagnostic, Spanned};

/// The hosts in the order written.
pub(super) fn lower<'d>(
    hosts: &'d [HostDecl],
    scope: &mut Scope<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Host> {
    hosts.iter().map(|decl| host(decl, scope, diagnostics)).collect()
}

fn host<'d>(decl: &'d HostDecl, scope: &mut Scope<'d>, diagnostics: &mut Vec<Diagnostic>) -> Host {
    let mut only = |terms: &'d [Spanned<AddressTerm>]| {
        (!terms.is_empty()).then(|| scope.addresses(terms, diagnostics).unwrap_or_else(Addresses::none))
    };
    let [smarthost, relay_via] = [only(&decl.smarthost), only(&decl.relay_via)];
    let is_host =
        |term: &&Spanned<AddressTerm>| matches!(&term.value, AddressTerm::Name(name) if name == "host");
    let is_self = decl.networks.iter().any(|term| is_host(&term));
    let others = decl.networks.iter().filter(|term| !is_host(term));
    let found: Vec<Addresses> =
        others.filter_map(|term| scope.addresses(std::slice::from_ref(term), diagnostics)).collect();
    let addresses = scope.union(&found, &decl.networks, diagnostics).unwrap_or_else(Addresses::none);
    Host {
        addresses,
        is_self,
        roles: decl.roles.iter().map(|role| role.value).collect(),
        smarthost,
        relay_via,
        has_dane: decl.has_dane,
        site: decl.site,
    }
}
