//! Every name of a policy and what it stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::{Budget, MOST_INTERFACES, Nesting, too_many};
use crate::catalog;
use crate::model::{Addresses, Interfaces, Name, Named, Term, Traffic, Zone};
use crate::parse::{Document, NetworkDecl, ServiceDecl, ZoneDecl};
use crate::source::{Diagnostic, Site, Spanned};

/// What has become of a name that others refer to.
#[derive(Clone, Debug)]
pub(super) enum Resolution<T> {
    /// Being looked up: meeting it again is a cycle.
    Pending,
    /// What it stands for; none if that could not be told, which has been reported. The number says through how
    /// many names it leads, itself included.
    Done(Option<T>, usize),
}

impl<T> Resolution<T> {
    /// Through how many names it leads, itself included; none while it is being looked up.
    pub(super) const fn height(&self) -> Option<usize> {
        match self {
            Self::Pending => None,
            Self::Done(_, height) => Some(*height),
        }
    }

    /// What it stands for; none if that could not be told yet or ever.
    pub(super) const fn value(&self) -> Option<&T> {
        match self {
            Self::Pending => None,
            Self::Done(value, _) => value.as_ref(),
        }
    }
}

/// The names of a bundle: zones, interfaces, networks and services, each looked up once.
#[derive(Debug)]
pub(super) struct Scope<'d> {
    pub(super) network_decls: BTreeMap<&'d str, &'d NetworkDecl>,
    pub(super) service_decls: BTreeMap<&'d str, &'d ServiceDecl>,
    pub(super) networks: BTreeMap<&'d str, Resolution<Addresses>>,
    pub(super) services: BTreeMap<&'d str, Resolution<Vec<Term>>>,
    /// Declared names that something in force leads to.
    used: BTreeSet<&'d str>,
    pub(super) nesting: Nesting,
    pub(super) budget: Budget,
    zones: Vec<Zone>,
    interfaces: Interfaces,
}

impl<'d> Scope<'d> {
    /// Collects the declarations of all documents and reports names that are declared twice.
    pub(super) fn new(
        main: &'d Document,
        included: &'d [Document],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let documents = || std::iter::once(main).chain(included);
        let networks: Vec<&NetworkDecl> = documents().flat_map(|document| &document.networks).collect();
        let services: Vec<&ServiceDecl> = documents().flat_map(|document| &document.services).collect();
        let mut zones: Vec<&ZoneDecl> = documents().flat_map(|document| &document.zones).collect();
        let places = zones.iter().map(|zone| &zone.name).chain(networks.iter().map(|network| &network.name));
        report_twice(places, catalog::network_names(), "network", diagnostics);
        report_twice(services.iter().map(|s| &s.name), catalog::service_names(), "service", diagnostics);
        let interfaces = super::zones::interfaces(&zones, main.baseline.as_ref());
        if interfaces.named().nth(MOST_INTERFACES).is_some() {
            diagnostics.push(too_many("interfaces", main.site));
        }
        if let Some(zone) = zones.get(MOST_INTERFACES) {
            diagnostics.push(too_many("zones", zone.site));
        }
        zones.truncate(MOST_INTERFACES);
        let mut scope = Self {
            network_decls: networks.into_iter().map(|decl| (decl.name.value.as_str(), decl)).collect(),
            service_decls: services.into_iter().map(|decl| (decl.name.value.as_str(), decl)).collect(),
            networks: BTreeMap::new(),
            services: BTreeMap::new(),
            used: BTreeSet::new(),
            nesting: Nesting::default(),
            budget: Budget::new(),
            zones: Vec::new(),
            interfaces,
        };
        scope.zones = super::zones::lower(&zones, &mut scope, diagnostics);
        scope
    }

    /// The zones, in the order written.
    pub(super) fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// The zone of that name.
    pub(super) fn zone(&self, name: &str) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.name.value.as_str() == name)
    }

    /// The interfaces that the policy names.
    pub(super) fn interfaces(&self) -> &Interfaces {
        &self.interfaces
    }

    /// The declared networks that mean something, by name.
    pub(super) fn declared_networks(&self) -> Vec<Named<Addresses>> {
        let resolved = self.network_decls.values().filter_map(|decl| {
            let addresses = self.networks.get(decl.name.value.as_str())?.value()?.clone();
            Some(self.named(&decl.name, addresses))
        });
        resolved.collect()
    }

    /// The declared services that mean something, by name.
    pub(super) fn declared_services(&self) -> Vec<Named<Traffic>> {
        let resolved = self.service_decls.values().filter_map(|decl| {
            let terms = self.services.get(decl.name.value.as_str())?.value()?.clone();
            Some(self.named(&decl.name, Traffic::of(terms)?))
        });
        resolved.collect()
    }

    fn named<T>(&self, name: &Spanned<Name>, value: T) -> Named<T> {
        Named { name: name.clone(), value, is_used: self.used.contains(name.value.as_str()) }
    }

    /// Looks up what nothing refers to, so that its mistakes are reported too; the names that were looked up before
    /// are the used ones.
    pub(super) fn check_unused_declarations(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        self.used = self.networks.keys().chain(self.services.keys()).copied().collect();
        let networks: Vec<&'d NetworkDecl> = self.network_decls.values().copied().collect();
        for decl in networks {
            self.network(decl, diagnostics);
        }
        let services: Vec<&'d ServiceDecl> = self.service_decls.values().copied().collect();
        for decl in services {
            self.service(decl, diagnostics);
        }
    }
}

/// Reports names that stand for two things: two declarations, or a declaration and something built in.
fn report_twice<'a>(
    names: impl Iterator<Item = &'a Spanned<Name>>,
    built_in: impl Iterator<Item = &'static str>,
    kind: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let built_in: BTreeSet<&str> = built_in.collect();
    let mut seen: BTreeMap<&str, Site> = BTreeMap::new();
    for name in names {
        let text = name.value.as_str();
        if built_in.contains(text) {
            diagnostics.push(
                Diagnostic::error("built-in-name", name.site, format!("`{text}` is a built-in {kind}"))
                    .help("choose another name: a built-in one means the same in every policy"),
            );
        }
        match seen.get(text) {
            Some(&first) => diagnostics.push(
                Diagnostic::error("duplicate-name", name.site, format!("`{text}` is declared twice"))
                    .related(first, "first declared here")
                    .help("zones and networks share their names: rename one of the two"),
            ),
            None => drop(seen.insert(text, name.site)),
        }
    }
}
