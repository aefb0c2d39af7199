//! `from` and `to`: which hooks, interfaces and addresses they mean.

use super::networks::literal_addresses;
use super::scope::Scope;
use super::{and_built_in, undefined};
use crate::catalog;
use crate::model::{AddressSet, Addresses, Name};
use crate::packet::{Family, IntervalSet};
use crate::parse::AddressTerm;
use crate::source::{Diagnostic, Site, Spanned};

/// One side of a rule.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// Whether the machine itself is on this side.
    pub(super) host: bool,
    /// Everything else on this side: one condition for each distinct set of interfaces.
    pub(super) elsewhere: Vec<Elsewhere>,
    /// The elements as written, with the families they can match.
    pub(super) written: Vec<Written>,
}

/// Packets that come from or go to somewhere else.
#[derive(Clone, Debug)]
pub(super) struct Elsewhere {
    /// By which interfaces.
    pub(super) interfaces: IntervalSet<u16>,
    /// From or to which addresses.
    pub(super) set: AddressSet,
}

/// An element of `from` or `to`.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// Where it stands.
    pub(super) site: Site,
    /// The families it has addresses in.
    pub(super) families: Vec<Family>,
}

/// What one element means.
enum Place {
    Host,
    Any,
    Elsewhere(Elsewhere),
}

impl<'d> Scope<'d> {
    /// One side of a rule; none if an element means nothing, which has then been reported.
    pub(super) fn side(
        &mut self,
        terms: &'d [Spanned<AddressTerm>],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Side> {
        let places: Vec<Option<Place>> = terms.iter().map(|term| self.place(term, diagnostics)).collect();
        let places = places.into_iter().collect::<Option<Vec<Place>>>()?;
        diagnostics.extend(any_beside_others(terms, &places));
        let host = places.iter().any(|place| matches!(place, Place::Host | Place::Any));
        let families = terms.iter().zip(&places);
        let written = families.map(|(term, place)| Written { site: term.site, families: place.families() });
        let written: Vec<Written> = written.collect();
        let gathered = gather(places).into_iter();
        let elsewhere = gathered.map(|(interfaces, sets)| {
            Some(Elsewhere { interfaces, set: self.one_set(sets, terms, diagnostics)? })
        });
        let elsewhere = elsewhere.collect::<Option<Vec<Elsewhere>>>()?;
        (!written.is_empty()).then_some(Side { host, elsewhere, written })
    }

    /// Several sets as one, which has no name any more; none if it would be too large.
    fn one_set(
        &mut self,
        mut sets: Vec<AddressSet>,
        terms: &[Spanned<AddressTerm>],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<AddressSet> {
        if sets.len() == 1 {
            return sets.pop();
        }
        let all: Vec<Addresses> = sets.into_iter().map(|set| set.addresses).collect();
        let addresses = self.union(&all, terms, diagnostics)?;
        Some(AddressSet { addresses, name: None })
    }

    fn place(&mut self, term: &'d Spanned<AddressTerm>, diagnostics: &mut Vec<Diagnostic>) -> Option<Place> {
        let AddressTerm::Name(name) = &term.value else {
            return literal_addresses(&term.value).map(|addresses| Place::by_address(addresses, None));
        };
        if let Some(zone) = self.zone(name) {
            let set = AddressSet {
                addresses: zone.addresses.clone(),
                name: zone.has_networks.then(|| zone.name.value.clone()),
            };
            return Some(Place::Elsewhere(Elsewhere { interfaces: zone.interfaces.clone(), set }));
        }
        match name.as_str() {
            "host" => Some(Place::Host),
            "any" => Some(Place::Any),
            _ if self.is_network(name) => self
                .network_named(name, term.site, diagnostics)
                .map(|addresses| Place::by_address(addresses, Name::new(name).ok())),
            _ => {
                diagnostics.push(self.no_such_place(name, term.site));
                None
            }
        }
    }

    fn is_network(&self, name: &str) -> bool {
        self.network_decls.contains_key(name) || catalog::network(name).is_some()
    }

    fn no_such_place(&self, name: &str, site: Site) -> Diagnostic {
        let mut known: Vec<&str> = self.zones().iter().map(|zone| zone.name.value.as_str()).collect();
        known.extend(self.network_decls.keys());
        known.extend(["any", "host"]);
        undefined(
            "undefined-name",
            "zone or network",
            site,
            name,
            and_built_in(known, catalog::network_names()),
        )
    }
}

/// The sets of addresses for each distinct set of interfaces, in the order written.
fn gather(places: Vec<Place>) -> Vec<(IntervalSet<u16>, Vec<AddressSet>)> {
    let mut gathered: Vec<(IntervalSet<u16>, Vec<AddressSet>)> = Vec::new();
    for place in places {
        let Elsewhere { interfaces, set } = match place {
            Place::Host => continue,
            Place::Any => Elsewhere { interfaces: IntervalSet::full(), set: AddressSet::every() },
            Place::Elsewhere(elsewhere) => elsewhere,
        };
        match gathered.iter_mut().find(|(known, _)| *known == interfaces) {
            Some((_, sets)) => sets.push(set),
            None => gathered.push((interfaces, vec![set])),
        }
    }
    gathered
}

impl Place {
    fn by_address(addresses: Addresses, name: Option<Name>) -> Self {
        Self::Elsewhere(Elsewhere { interfaces: IntervalSet::full(), set: AddressSet { addresses, name } })
    }

    fn families(&self) -> Vec<Family> {
        match self {
            Self::Host | Self::Any => Family::ALL.to_vec(),
            Self::Elsewhere(elsewhere) => {
                let here = |family: &Family| !elsewhere.set.addresses.of(*family).is_empty();
                Family::ALL.into_iter().filter(here).collect()
            }
        }
    }
}

/// `any` beside other elements: one of the two is not what was meant.
fn any_beside_others(terms: &[Spanned<AddressTerm>], places: &[Place]) -> Option<Diagnostic> {
    let any = terms.iter().zip(places).find(|(_, place)| matches!(place, Place::Any))?.0;
    (terms.len() > 1).then(|| {
        Diagnostic::error("any-among-others", any.site, "`any` stands among other elements")
            .note("`any` already is every zone and this machine, so the others would say nothing")
            .help("write `any` alone, or leave it out")
    })
}
