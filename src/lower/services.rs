//! Services: names, ports and types into traffic.

use super::limits::{COMPARISONS, too_deep};
use super::networks::cycle;
use super::scope::{Resolution, Scope};
use super::{and_built_in, undefined};
use crate::catalog::{self, Service};
use crate::model::{Term, Traffic};
use crate::packet::{Family, ICMP, ICMPV6, IntervalSet, TCP, UDP, every_code};
use crate::parse::{KindTerm, PortTerm, ServiceDecl, ServiceSpec, ServiceTerm};
use crate::source::{Diagnostic, Severity, Site, Spanned};

impl<'d> Scope<'d> {
    /// What a declared service stands for; none if that cannot be told, which has then been reported.
    pub(super) fn service(
        &mut self,
        decl: &'d ServiceDecl,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Term>> {
        let name = decl.name.value.as_str();
        if let Some(Resolution::Done(terms, _)) = self.services.get(name) {
            return terms.clone();
        }
        self.services.insert(name, Resolution::Pending);
        let outer = self.nesting.enter();
        let resolved: Vec<Option<Vec<Term>>> =
            decl.terms.iter().map(|term| self.service_term(term, diagnostics)).collect();
        let height = self.nesting.leave(outer);
        let terms = resolved.into_iter().collect::<Option<Vec<_>>>().map(|all| all.concat());
        let merged = terms.and_then(|terms| self.traffic(terms, decl.name.site, diagnostics));
        let terms = merged.map(|traffic| traffic.terms().to_vec());
        self.services.insert(name, Resolution::Done(terms.clone(), height));
        terms
    }

    /// The terms as one traffic, each once: what names a service twice is no larger for it. None if there are no
    /// terms, or too many to compare each with each.
    pub(super) fn traffic(
        &mut self,
        terms: Vec<Term>,
        site: Site,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Traffic> {
        let comparisons = terms.len().saturating_mul(terms.len());
        self.budget.take(comparisons / COMPARISONS, site, diagnostics).then(|| Traffic::of(terms))?
    }

    /// What one element of `services` stands for.
    pub(super) fn service_term(
        &mut self,
        term: &'d Spanned<ServiceTerm>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Term>> {
        match &term.value {
            ServiceTerm::Inline(spec) => spec_terms(spec, diagnostics),
            ServiceTerm::Name(name) => self.service_named(name, term.site, diagnostics),
        }
    }

    fn service_named(
        &mut self,
        name: &str,
        site: Site,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Term>> {
        if name == "any" {
            return Some(vec![Term::Any]);
        }
        if let Some(built_in) = catalog::service(name) {
            diagnostics.extend(alias(name, built_in, site));
            return Some(built_in.terms().to_vec());
        }
        let Some(&decl) = self.service_decls.get(name) else {
            let declared = self.service_decls.keys().copied().chain(["any"]);
            let known = and_built_in(declared, catalog::likely_service_names());
            diagnostics.push(undefined("undefined-service", "service", site, name, known));
            return None;
        };
        let Some(height) = self.services.get(name).map_or(Some(1), Resolution::height) else {
            diagnostics.push(cycle("service", name, site, decl.name.site));
            return None;
        };
        if !self.nesting.has_room(height) {
            diagnostics.push(too_deep("service", name, site));
            return None;
        }
        let terms = self.service(decl, diagnostics)?;
        self.budget.take(terms.len(), site, diagnostics).then_some(terms)
    }
}

/// A built-in service under another name than its own, with what is known about that name.
fn alias(written: &str, service: &Service, site: Site) -> Option<Diagnostic> {
    let alias = service.aliases().iter().find(|alias| alias.name == written)?;
    let proper = service.name();
    let title = format!("`{written}` is another name of `{proper}`");
    let finding =
        Diagnostic::new("service-alias", Severity::Info, site, title).help(format!("write `{proper}`"));
    Some(alias.note.iter().fold(finding, |finding, note| finding.note(format!("`{written}`: {note}"))))
}

/// What ports, types and protocols written in place stand for.
fn spec_terms(spec: &ServiceSpec, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Term>> {
    let mut terms = Vec::new();
    let mut sound = true;
    for (protocol, ports) in [(TCP, &spec.tcp), (UDP, &spec.udp)] {
        if ports.is_empty() {
            continue;
        }
        let source = match spec.source_ports.as_slice() {
            [] => Some(IntervalSet::full()),
            written => port_set(protocol, written, diagnostics),
        };
        match (source, port_set(protocol, ports, diagnostics)) {
            (Some(source), Some(destination)) => terms.push(Term::Ports { protocol, source, destination }),
            _ => sound = false,
        }
    }
    for kind in &spec.icmp {
        sound &= push(&mut terms, icmp_kinds(Family::V4, kind, diagnostics).map(Term::Icmp));
    }
    for kind in &spec.icmpv6 {
        sound &= push(&mut terms, icmp_kinds(Family::V6, kind, diagnostics).map(Term::Icmpv6));
    }
    for protocol in &spec.protocol {
        sound &= push(&mut terms, protocol_term(protocol, diagnostics));
    }
    sound.then_some(terms)
}

/// Adds a term; false if there is none to add.
fn push(terms: &mut Vec<Term>, term: Option<Term>) -> bool {
    let found = term.is_some();
    terms.extend(term);
    found
}

fn port_set(
    protocol: u8,
    ports: &[Spanned<PortTerm>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<IntervalSet<u16>> {
    let sets: Vec<Option<IntervalSet<u16>>> =
        ports.iter().map(|port| port_term(protocol, port, diagnostics)).collect();
    let sets = sets.into_iter().collect::<Option<Vec<_>>>()?;
    Some(IntervalSet::from_intervals(sets.iter().flat_map(IntervalSet::intervals).copied()))
}

fn port_term(
    protocol: u8,
    port: &Spanned<PortTerm>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<IntervalSet<u16>> {
    match &port.value {
        PortTerm::Range(first, last) => Some(IntervalSet::range(*first, *last)),
        PortTerm::Any => Some(IntervalSet::full()),
        PortTerm::Name(name) => named_ports(protocol, name).or_else(|| {
            diagnostics.push(unknown_port(protocol, name, port.site));
            None
        }),
    }
}

/// The destination ports that a built-in service uses with that protocol.
pub(super) fn named_ports(protocol: u8, name: &str) -> Option<IntervalSet<u16>> {
    catalog::service(name)?.terms().iter().find_map(|term| match term {
        Term::Ports { protocol: own, destination, .. } if *own == protocol => Some(destination.clone()),
        _ => None,
    })
}

pub(super) fn unknown_port(protocol: u8, name: &str, site: Site) -> Diagnostic {
    let protocol_name = if protocol == TCP { "TCP" } else { "UDP" };
    let known = catalog::likely_service_names().filter(|known| named_ports(protocol, known).is_some());
    undefined("undefined-port", &format!("{protocol_name} port"), site, name, known)
        .help("write the port number: names of other services are not looked up")
}

/// A name that no message of ICMP (IPv4) or ICMPv6 (IPv6) has.
pub(super) fn unknown_message(family: Family, name: &str, site: Site) -> Diagnostic {
    let kind = if family == Family::V4 { "ICMP type" } else { "ICMPv6 type" };
    undefined("undefined-icmp-type", kind, site, name, catalog::icmp_names(family))
}

fn icmp_kinds(
    family: Family,
    kind: &Spanned<KindTerm>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<IntervalSet<u16>> {
    let (number, code) = match &kind.value {
        KindTerm::Any => return Some(IntervalSet::full()),
        KindTerm::Number(number, code) => (*number, *code),
        KindTerm::Name(name) => {
            let Some(known) = catalog::icmp_type(family, name) else {
                diagnostics.push(unknown_message(family, name, kind.site));
                return None;
            };
            known
        }
    };
    Some(match code {
        Some(code) => IntervalSet::single(u16::from_be_bytes([number, code])),
        None => every_code(number),
    })
}

fn protocol_term(protocol: &Spanned<KindTerm>, diagnostics: &mut Vec<Diagnostic>) -> Option<Term> {
    let number = match &protocol.value {
        KindTerm::Number(number, None) => *number,
        KindTerm::Number(_, Some(_)) | KindTerm::Any => {
            diagnostics.push(
                Diagnostic::error("not-a-protocol", protocol.site, "a protocol is one number or name")
                    .help("write `services: any` for every protocol"),
            );
            return None;
        }
        KindTerm::Name(name) => {
            let Some(number) = catalog::protocol(name) else {
                let names = catalog::protocol_names();
                diagnostics.push(undefined("undefined-protocol", "protocol", protocol.site, name, names));
                return None;
            };
            number
        }
    };
    Some(match number {
        TCP | UDP => {
            Term::Ports { protocol: number, source: IntervalSet::full(), destination: IntervalSet::full() }
        }
        ICMP => Term::Icmp(IntervalSet::full()),
        ICMPV6 => Term::Icmpv6(IntervalSet::full()),
        other => Term::Protocol(other),
    })
}
