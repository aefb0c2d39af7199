//! What a rule or an expectation is about: `from`, `to` and `services` into packets, hook by hook.

use super::endpoint::Side;
use super::limits::ENTRY;
use super::scope::Scope;
use crate::model::{AddressSet, Match, Term, Traffic};
use crate::packet::{Family, Hook, IntervalSet, States, Unknowns};
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

impl Service {
    fn families(&self) -> Vec<Family> {
        let carried = |family: &Family| self.terms.iter().any(|term| term.exists_in(*family));
        Family::ALL.into_iter().filter(carried).collect()
    }
}

impl Side {
    fn families(&self) -> Vec<Family> {
        union(self.written.iter().map(|element| element.families.clone()))
    }
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
        let terms = services.into_iter().flat_map(|service| service.terms).collect();
        let traffic = scope.traffic(terms, self.site, diagnostics)?;
        let count = (from.elsewhere.len() + 1) * (to.elsewhere.len() + 1);
        if !scope.budget.take(count * (ENTRY + traffic.terms().len()), self.site, diagnostics) {
            return None;
        }
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
    let (sources, destinations) = (from.families(), to.families());
    let addresses = common(&sources, &destinations);
    if addresses.is_empty() {
        let site = to.written.first().map(|element| element.site);
        return site.map(|site| mismatch(site, &destinations, &sources)).into_iter().collect();
    }
    let traffic = match services {
        [] => Family::ALL.to_vec(), // What was written there is an error, and has been reported.
        services => union(services.iter().map(Service::families)),
    };
    let mut found = Vec::new();
    for element in &from.written {
        found.extend(apart(element.site, &element.families, &common(&destinations, &traffic)));
    }
    for element in &to.written {
        found.extend(apart(element.site, &element.families, &common(&sources, &traffic)));
    }
    for service in services {
        found.extend(apart(service.site, &service.families(), &addresses));
    }
    found
}

fn apart(site: Site, own: &[Family], rest: &[Family]) -> Option<Diagnostic> {
    common(own, rest).is_empty().then(|| mismatch(site, own, rest))
}

fn common(one: &[Family], other: &[Family]) -> Vec<Family> {
    one.iter().copied().filter(|family| other.contains(family)).collect()
}

/// The families that occur in any of the lists, in the usual order.
fn union(lists: impl Iterator<Item = Vec<Family>>) -> Vec<Family> {
    let all: Vec<Family> = lists.flatten().collect();
    Family::ALL.into_iter().filter(|family| all.contains(family)).collect()
}

fn mismatch(site: Site, own: &[Family], rest: &[Family]) -> Diagnostic {
    let words = |families: &[Family]| match families {
        [Family::V4] => "IPv4 only",
        [Family::V6] => "IPv6 only",
        _ => "of no common family",
    };
    Diagnostic::error("family-mismatch", site, "this can never match: the address families do not meet")
        .label(format!("{}; the other side is {}", words(own), words(rest)))
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
            unknowns: Unknowns::none(),
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
