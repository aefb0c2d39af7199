//! `services`: what they let through, declared or written in place.

use super::fault::Fault;
use super::port;
use super::reader::{Fields, Reader, Value};
use super::word::any_name;
use super::{KindTerm, PortTerm, ServiceDecl, ServiceSpec, ServiceTerm};
use crate::catalog::{self, Service};
use crate::model::Term;
use crate::packet::{TCP, UDP, transport};
use crate::source::{Diagnostic, Kind, Spanned, quoted};

/// The keys of ports, types and protocols written in place.
pub(super) const KEYS: &[&str] = &["tcp", "udp", "icmp", "icmpv6", "protocol", "source-ports"];

impl<'t> Reader<'t> {
    /// `services` of the document.
    pub(super) fn services(&mut self, value: Value<'t>) -> Vec<ServiceDecl> {
        let entries = self.entries(value, "a mapping from names to services");
        entries.into_iter().filter_map(|(key, value)| self.service(key, value)).collect()
    }

    fn service(&mut self, key: Value<'t>, value: Value<'t>) -> Option<ServiceDecl> {
        let name = self.one(key, Self::name);
        let terms = self.service_terms(value);
        Some(ServiceDecl { name: name?, terms, site: value.site })
    }

    /// Names and inline services, or one of them.
    pub(super) fn service_terms(&mut self, value: Value<'t>) -> Vec<Spanned<ServiceTerm>> {
        self.each(value, "a list of services", Self::service_term)
    }

    fn service_term(&mut self, value: Value<'t>) -> Option<ServiceTerm> {
        match value.kind {
            Kind::Mapping(_) => self.inline_service(value).map(ServiceTerm::Inline),
            _ => self.parsed(value, "a service", named),
        }
    }

    fn inline_service(&mut self, value: Value<'t>) -> Option<ServiceSpec> {
        let fields = self.fields(value, "a service", KEYS)?;
        let spec = ServiceSpec {
            tcp: self.ports(&fields, "tcp"),
            udp: self.ports(&fields, "udp"),
            icmp: self
                .kinds(&fields, "icmp", |reader, value| reader.parsed(value, "an ICMP type", port::icmp)),
            icmpv6: self
                .kinds(&fields, "icmpv6", |reader, value| reader.parsed(value, "an ICMPv6 type", port::icmp)),
            protocol: self.kinds(&fields, "protocol", |reader, value| {
                reader.parsed(value, "a protocol", port::protocol)
            }),
            source_ports: self.ports(&fields, "source-ports"),
        };
        self.complete(&fields).then_some(spec)
    }

    /// Whether the keys say which packets are meant.
    fn complete(&mut self, fields: &Fields<'t>) -> bool {
        let has = |keys: &[&str]| keys.iter().any(|key| fields.get(key).is_some());
        let with_ports = has(&["tcp", "udp"]);
        if let (Some(source), false) = (fields.get("source-ports"), with_ports) {
            self.report(
                Diagnostic::error("missing-key", source.site, "source ports without `tcp` or `udp`")
                    .help("say which protocol they belong to: `{ tcp: any, source-ports: 20 }`"),
            );
        } else if !with_ports && !has(&["icmp", "icmpv6", "protocol"]) && !fields.has_unknown() {
            self.report(
                Diagnostic::error("empty-list", fields.head(), "a service that names no traffic")
                    .help("write at least one of `tcp`, `udp`, `icmp`, `icmpv6`, `protocol`"),
            );
        }
        with_ports || has(&["icmp", "icmpv6", "protocol"])
    }

    fn ports(&mut self, fields: &Fields<'t>, key: &str) -> Vec<Spanned<PortTerm>> {
        let Some(value) = fields.get(key) else { return Vec::new() };
        self.each(value, "a list of ports", |reader, value| reader.parsed(value, "a port", port::port))
    }

    fn kinds(
        &mut self,
        fields: &Fields<'t>,
        key: &str,
        read: fn(&mut Self, Value<'t>) -> Option<KindTerm>,
    ) -> Vec<Spanned<KindTerm>> {
        fields.get(key).map(|value| self.each(value, "a list of types", read)).unwrap_or_default()
    }
}

/// A service by its name. For a port in its place the right words are shown: it is what people write who come from other tools.
fn named(text: &str) -> Result<ServiceTerm, Fault> {
    let Some((protocol, port)) = bare_port(text) else {
        return any_name(text).map(|name| ServiceTerm::Name(name.as_str().to_owned()));
    };
    let written = format!("`{{ {protocol}: {port} }}`");
    let help = match service_on(protocol, port) {
        Some(name) => format!("write `{name}`, or {written}"),
        None => format!("write {written}"),
    };
    Err(Fault::new("not-a-name", format!("{} is a port and no name of a service", quoted(text))).help(help))
}

/// Protocol and port as other tools write them: `587`, `tcp/587`, `587/tcp`, `tcp 587`.
fn bare_port(text: &str) -> Option<(&str, u16)> {
    let parts: Vec<&str> = text.split(['/', ' ', ':']).collect();
    let is_protocol = |word: &str| matches!(word, "tcp" | "udp");
    let (protocol, port) = match parts.as_slice() {
        [port] => ("tcp", port),
        [protocol, port] | [port, protocol] if is_protocol(protocol) => (*protocol, port),
        _ => return None,
    };
    Some((protocol, port.parse().ok()?))
}

/// The built-in service that has a port for its own.
fn service_on(protocol: &str, port: u16) -> Option<&'static str> {
    let packets = transport(if protocol == "tcp" { TCP } else { UDP }, port);
    let has = |term: &Term| term.transport().contains(packets) && matches!(term, Term::Ports { .. });
    let own = |service: &&Service| !service.is_shared() && service.terms().iter().any(has);
    catalog::services().find(own).map(|service| service.name().as_str())
}
