//! Networks: nested names, addresses and exceptions into sets of addresses.

use super::limits::too_deep;
use super::scope::{Resolution, Scope};
use super::{and_built_in, undefined};
use crate::catalog;
use crate::model::{Addresses, number};
use crate::packet::IntervalSet;
use crate::parse::{AddressTerm, NetworkDecl};
use crate::source::{Diagnostic, Site, Spanned};

impl<'d> Scope<'d> {
    /// The addresses of a declared network; none if they cannot be told, which has then been reported.
    pub(super) fn network(
        &mut self,
        decl: &'d NetworkDecl,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Addresses> {
        let name = decl.name.value.as_str();
        if let Some(Resolution::Done(addresses, _)) = self.networks.get(name) {
            return addresses.clone();
        }
        self.networks.insert(name, Resolution::Pending);
        let outer = self.nesting.enter();
        let addresses = self.resolve_network(decl, diagnostics);
        let height = self.nesting.leave(outer);
        self.networks.insert(name, Resolution::Done(addresses.clone(), height));
        addresses
    }

    /// The addresses of a list of terms where only addresses make sense; none if any of them means nothing.
    pub(super) fn addresses(
        &mut self,
        terms: &'d [Spanned<AddressTerm>],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Addresses> {
        let resolved: Vec<Option<Addresses>> =
            terms.iter().map(|term| self.term_addresses(term, diagnostics)).collect();
        let all = resolved.into_iter().collect::<Option<Vec<Addresses>>>()?;
        self.union(&all, terms, diagnostics)
    }

    /// The addresses of a network by its name; none if there is no such network or it could not be told.
    pub(super) fn network_named(
        &mut self,
        name: &str,
        site: Site,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Addresses> {
        if let Some(built_in) = catalog::network(name) {
            return Some(built_in.addresses());
        }
        let Some(&decl) = self.network_decls.get(name) else {
            let declared = self.network_decls.keys().copied();
            let known = and_built_in(declared, catalog::network_names());
            diagnostics.push(match self.zone(name) {
                Some(_) => a_zone_is_not_a_network(name, site),
                None => undefined("undefined-network", "network", site, name, known),
            });
            return None;
        };
        let Some(height) = self.networks.get(name).map_or(Some(1), Resolution::height) else {
            diagnostics.push(cycle("network", name, site, decl.name.site));
            return None;
        };
        if !self.nesting.has_room(height) {
            diagnostics.push(too_deep("network", name, site));
            return None;
        }
        self.network(decl, diagnostics)
    }

    fn resolve_network(
        &mut self,
        decl: &'d NetworkDecl,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Addresses> {
        let addresses = self.addresses(&decl.addresses, diagnostics);
        let except = self.addresses(&decl.except, diagnostics);
        let (addresses, except) = (addresses?, except?);
        if !self.all_take_something_out(decl, &addresses, diagnostics) {
            return None;
        }
        let parts = if decl.except.is_empty() { 0 } else { parts(&[addresses.clone(), except.clone()]) };
        let left =
            self.budget.take(parts, decl.name.site, diagnostics).then(|| addresses.subtract(&except))?;
        if left.is_empty() && !decl.addresses.is_empty() {
            let title = format!("network `{}` is empty after `except`", decl.name.value);
            diagnostics.push(
                Diagnostic::error("empty-network", decl.name.site, title)
                    .note("a rule on an empty network could never match")
                    .help("remove the network, or take less out of it"),
            );
            return None;
        }
        (!left.is_empty()).then_some(left)
    }

    /// Whether each element of `except` meets the network; those that do not are reported. A slip in one of them
    /// would otherwise leave the network larger than somebody meant.
    fn all_take_something_out(
        &mut self,
        decl: &'d NetworkDecl,
        addresses: &Addresses,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> bool {
        let found = diagnostics.len();
        for term in &decl.except {
            let Some(taken) = self.term_addresses(term, diagnostics) else { continue };
            if !taken.overlaps(addresses) {
                diagnostics.push(takes_nothing_out(term.site));
            }
        }
        found == diagnostics.len()
    }

    /// The union of what terms stand for; none if it would be too large. One set alone is shared and costs nothing.
    pub(super) fn union(
        &mut self,
        all: &[Addresses],
        terms: &[Spanned<AddressTerm>],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Addresses> {
        let parts = if all.len() > 1 { parts(all) } else { 0 };
        let affordable = terms.first().is_none_or(|term| self.budget.take(parts, term.site, diagnostics));
        affordable.then(|| union(all))
    }

    fn term_addresses(
        &mut self,
        term: &'d Spanned<AddressTerm>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Addresses> {
        match &term.value {
            AddressTerm::Name(name) => self.network_named(name, term.site, diagnostics),
            literal => literal_addresses(literal),
        }
    }
}

/// The addresses of a prefix or range; none for names.
pub(super) fn literal_addresses(term: &AddressTerm) -> Option<Addresses> {
    match term {
        AddressTerm::Name(_) => None,
        AddressTerm::Prefix(prefix) => Some(Addresses::of_prefixes(&[*prefix])),
        AddressTerm::Range(first, last) => {
            let range = IntervalSet::range(number(*first), number(*last));
            Some(if first.is_ipv4() {
                Addresses { v4: range, v6: IntervalSet::empty() }
            } else {
                Addresses { v4: IntervalSet::empty(), v6: range }
            })
        }
    }
}

/// How many runs of addresses there are in all.
fn parts(all: &[Addresses]) -> usize {
    all.iter().map(|set| set.v4.intervals().len() + set.v6.intervals().len()).sum()
}

/// The union of many sets at once, in one sort.
fn union(all: &[Addresses]) -> Addresses {
    if let [one] = all {
        return one.clone();
    }
    Addresses {
        v4: IntervalSet::from_intervals(all.iter().flat_map(|set| set.v4.intervals()).copied()),
        v6: IntervalSet::from_intervals(all.iter().flat_map(|set| set.v6.intervals()).copied()),
    }
}

/// A name that refers to itself, directly or in a circle.
pub(super) fn cycle(kind: &str, name: &str, site: Site, declared: Site) -> Diagnostic {
    Diagnostic::error("cyclic-name", site, format!("{kind} `{name}` contains itself"))
        .label("leads back to where it began")
        .related(declared, "declared here")
        .help("write the members out, or take the circle apart")
}

fn takes_nothing_out(site: Site) -> Diagnostic {
    Diagnostic::error("idle-except", site, "this takes nothing out of the network")
        .label("no address of it is in `addresses`")
        .note("a slip here would leave the network larger than it is meant to be")
        .help("correct the address, or remove this element")
}

fn a_zone_is_not_a_network(name: &str, site: Site) -> Diagnostic {
    Diagnostic::error("zone-as-network", site, format!("`{name}` is a zone, not a network"))
        .note("a zone also says by which interface packets come, which a set of addresses cannot carry")
        .help("name a network here, and use the same network in the zone")
}
