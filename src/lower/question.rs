//! What a rule or an expectation is about: `from`, `to` and `services` into packets, hook by hook.

use super::endpoint::{Side, Written};
use super::scope::Scope;
use crate::model::{AddressSet, Match, Term, Traffic};
use crate::packet::{Family, Hook, IntervalSet, States};
use crate::parse::{AddressTerm, ServiceTerm};
use crate::source::{Diagnostic, Site, Spanned};

/// What a rule or an expectation speaks about, as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'d> {
    pub(super) from: &'d [Spanned<AddressTerm>],
    pub(super) to: &'d [Spanned<AddressTerm>],
    pub(super) services: &'d [Spanned<ServiceTerm>],
    pub(super) site: Site,
}

/// An element of `services` and what it stands for.
struct Service {
    site: Site,
    terms: Vec<Term>,
}

impl<'d> Question<'d> {
    /// The packets it is about, hook by hook; none if it means nothing, which has then been reported.
    pub(super) fn matches(
        self,
        scope: &mut Scope<'d>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Vec<(Hook, Match)>> {
        let from = scope.side(self.from, diagnostics);
        let to = scope.side(self.to, diagnostics);
        let services = services(self.services, scope, diagnostics);
        let (from, to, services) = (from?, to?, services?);
        let mismatches = mismatches(&from, &to, &services);
        if !mismatches.is_empty() {
            diagnostics.extend(mismatches);
            return None;
        }
        let traffic = Traffic::of(services.into_iter().flat_map(|service| service.terms))?;
        let matches = pairs(&from, &to, &traffic);
        if matches.is_empty() {
            diagnostics.push(host_to_host(self.site));
        }
        (!matches.is_empty()).then_some(matches)
    }
}

fn services<'d>(
    written: &'d [Spanned<ServiceTerm>],
    scope: &mut Scope<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<Service>> {
    let lookup = |term: &'d Spanned<ServiceTerm>| {
        let terms = scope.service_term(term, diagnostics)?;
        Some(Service { site: term.site, terms })
    };
    let found: Vec<Option<Service>> = written.iter().map(lookup).collect();
    let services = found.into_iter().collect::<Option<Vec<Service>>>()?;
    let any = services.iter().find(|service| service.terms.contains(&Term::Any));
    if let (Some(any), true) = (any, services.len() > 1) {
        diagnostics.push(
            Diagnostic::error("any-among-others", any.site, "`any` stands among other services")
                .note("`any` already is every service, so the others would say nothing")
                .help("write `any` alone, or leave it out"),
        );
    }
    Some(services)
}

/// Elements that can match no packet because of the address family of the rest of the rule.
fn mismatches(from: &Side, to: &Side, services: &[Service]) -> Vec<Diagnostic> {
    let among =
        |written: &[Written], family| written.iter().any(|element| element.families.contains(&family));
    let carried = |service: &Service, family| service.terms.iter().any(|term| term.exists_in(family));
    let from_has = |family: &Family| among(&from.written, *family);
    let to_has = |family: &Family| among(&to.written, *family);
    let service_has = |family: &Family| services.iter().any(|service| carried(service, *family));
    let mut found = Vec::new();
    for element in &from.written {
        let possible = |family: &Family| to_has(family) && service_has(family);
        found.extend((!element.families.iter().any(possible)).then(|| mismatch(element.site)));
    }
    for element in &to.written {
        let possible = |family: &Family| from_has(family) && service_has(family);
        found.extend((!element.families.iter().any(possible)).then(|| mismatch(element.site)));
    }
    for service in services {
        let possible = |family: &Family| carried(service, *family) && from_has(family) && to_has(family);
        found.extend((!Family::ALL.iter().any(possible)).then(|| mismatch(service.site)));
    }
    found
}

fn mismatch(site: Site) -> Diagnostic {
    Diagnostic::error("family-mismatch", site, "this can never match: the address families do not meet")
        .label("IPv4 here and only IPv6 in the rest of the rule, or the other way round")
        .help("add addresses of the missing family, or take this element out")
}

fn host_to_host(site: Site) -> Diagnostic {
    Diagnostic::error("host-to-host", site, "`host` to `host` is loopback traffic, which no rule decides")
        .help("loopback traffic is accepted by the baseline: see `baseline.loopback`")
}

/// One match for each hook and each pair of interface conditions.
fn pairs(from: &Side, to: &Side, traffic: &Traffic) -> Vec<(Hook, Match)> {
    let every = || (IntervalSet::full(), AddressSet::every());
    let elsewhere = |side: &Side| {
        side.elsewhere.iter().map(|e| (e.interfaces.clone(), e.set.clone())).collect::<Vec<_>>()
    };
    let (sources, destinations) = (elsewhere(from), elsewhere(to));
    let mut pairs = Vec::new();
    if to.host {
        pairs.extend(sources.iter().cloned().map(|source| (Hook::Input, source, every())));
    }
    for source in &sources {
        let forward = |destination| (Hook::Forward, source.clone(), destination);
        pairs.extend(destinations.iter().cloned().map(forward));
    }
    if from.host {
        pairs.extend(destinations.into_iter().map(|destination| (Hook::Output, every(), destination)));
    }
    let build = |(hook, source, destination): (Hook, (_, _), (_, _))| {
        let when = Match {
            states: States::NEW,
            incoming: source.0,
            outgoing: destination.0,
            source: source.1,
            destination: destination.1,
            traffic: traffic.clone(),
        };
        (hook, when)
    };
    pairs
        .into_iter()
        .map(build)
        .filter(|(_, when)| Family::ALL.into_iter().any(|f| when.exists_in(f)))
        .collect()
}
