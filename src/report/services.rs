//! The built-in services, for people and machines.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::{Alias, Registration, Service, Tls};
use crate::model::Term;
use crate::packet::{IntervalSet, TCP};

/// Version of the document's shape; raised when a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

/// One line per service below the titles of their groups.
#[must_use]
pub fn human(services: &[&Service]) -> String {
    let groups = services.chunk_by(|one, next| one.group() == next.group()).map(group);
    groups.collect::<Vec<_>>().join("\n")
}

/// Services of one group.
fn group(services: &[&Service]) -> String {
    let title = services.first().map_or("", |service| service.group());
    let lines: Vec<String> = services.iter().map(|service| line(service)).collect();
    format!("{title}\n{}", lines.concat())
}

fn line(service: &Service) -> String {
    let (name, traffic, tls) = (service.name().as_str(), traffic(service), service.tls().name());
    format!("  {name:18}  {traffic:26}  {tls:22}  {}\n", service.title())
}

/// Everything about a service.
#[must_use]
pub fn details(service: &Service) -> String {
    let one = |text: String| vec![text];
    let optional = |text: Option<&str>| text.map(str::to_owned).into_iter().collect();
    let lines: [(&str, Vec<String>); 9] = [
        ("also called", called(service.aliases())),
        ("traffic", one(traffic(service))),
        ("at IANA", registered(service.registrations())),
        ("protection", one(service.tls().name().to_owned())),
        ("flow", one(service.flow().to_owned())),
        ("status", one(service.status().name().to_owned())),
        ("use instead", optional(service.replaced_by())),
        ("note", optional(service.notes())),
        ("sources", one(service.sources().join("; "))),
    ];
    let body: Vec<String> = lines.iter().map(|(key, texts)| list(key, texts)).collect();
    format!("{}: {}\n{}", service.name(), service.title(), body.concat())
}

/// A key and everything it says, a line each.
fn list(key: &str, texts: &[String]) -> String {
    let keys = std::iter::once(key).chain(std::iter::repeat(""));
    let lines: Vec<String> = keys.zip(texts).map(|(key, text)| format!("  {key:12} {text}\n")).collect();
    lines.concat()
}

/// The plain aliases in one line, then those with a note in one each.
fn called(aliases: &[Alias]) -> Vec<String> {
    let plain: Vec<&str> =
        aliases.iter().filter(|alias| alias.note.is_none()).map(|alias| alias.name.as_str()).collect();
    let noted = aliases.iter().filter_map(|alias| Some(format!("{}: {}", alias.name, alias.note.as_ref()?)));
    let plain = (!plain.is_empty()).then(|| plain.join(", "));
    plain.into_iter().chain(noted).collect()
}

/// `465/tcp submissions, urd`, all in one line.
fn registered(registrations: &[Registration]) -> Vec<String> {
    let one = |registration: &Registration| {
        let names = match registration.names.as_slice() {
            [] => "nobody's".to_owned(),
            names => names.join(", "),
        };
        format!("{} {names}", registration.port_and_protocol())
    };
    let all: Vec<String> = registrations.iter().map(one).collect();
    if all.is_empty() { Vec::new() } else { vec![all.join("; ")] }
}

fn traffic(service: &Service) -> String {
    terms(service.terms())
}

/// Traffic in the words of a policy: `tcp 53, udp 53`.
#[must_use]
pub fn terms(terms: &[Term]) -> String {
    let parts: Vec<String> = terms.iter().map(term).collect();
    parts.join(", ")
}

fn term(term: &Term) -> String {
    match term {
        Term::Any => "everything".to_owned(),
        Term::Ports { protocol, destination, .. } => {
            let ranges = intervals(destination).join(" ");
            format!("{} {ranges}", if *protocol == TCP { "tcp" } else { "udp" })
        }
        Term::Icmp(kinds) => format!("icmp {}", types(kinds).join(" ")),
        Term::Icmpv6(kinds) => format!("icmpv6 {}", types(kinds).join(" ")),
        Term::Protocol(number) => format!("protocol {number}"),
    }
}

fn intervals(set: &IntervalSet<u16>) -> Vec<String> {
    let one = |&(first, last): &(u16, u16)| match last {
        _ if first == last => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    set.intervals().iter().map(one).collect()
}

/// Types of messages, without their codes; the catalogue's services never narrow them to a code.
fn types(kinds: &IntervalSet<u16>) -> Vec<String> {
    let types = kinds.intervals().iter().map(|&(first, last)| (first >> 8, last >> 8));
    intervals(&IntervalSet::from_intervals(types))
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    services: Vec<ServiceDocument<'a>>,
}

#[derive(Serialize)]
struct ServiceDocument<'a> {
    name: &'a str,
    title: &'a str,
    group: &'a str,
    aliases: Vec<AliasDocument<'a>>,
    traffic: Traffic,
    tls: Tls,
    flow: &'a str,
    status: &'static str,
    /// None where there is nothing better.
    replaced_by: Option<&'a str>,
    /// By port and protocol; no name where the port is nobody's.
    iana: BTreeMap<String, &'a [String]>,
    notes: Option<&'a str>,
    sources: &'a [String],
}

#[derive(Serialize)]
struct AliasDocument<'a> {
    name: &'a str,
    note: Option<&'a str>,
}

/// Ports, message types and protocols as a policy writes them.
#[derive(Default, Serialize)]
struct Traffic {
    tcp: Vec<String>,
    udp: Vec<String>,
    icmp: Vec<String>,
    icmpv6: Vec<String>,
    protocol: Vec<u8>,
}

/// The services as one document, whose shape only grows within a version.
///
/// # Errors
/// None that anybody has seen: every value is a text, a number or a list.
pub fn json(services: &[&Service]) -> Result<String, serde_json::Error> {
    let services = services.iter().map(|service| document(service)).collect();
    let document = Document { version: VERSION, services };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn document(service: &Service) -> ServiceDocument<'_> {
    ServiceDocument {
        name: service.name().as_str(),
        title: service.title(),
        group: service.group(),
        aliases: service.aliases().iter().map(AliasDocument::of).collect(),
        traffic: Traffic::of(service.terms()),
        tls: service.tls(),
        flow: service.flow(),
        status: service.status().name(),
        replaced_by: service.replaced_by(),
        iana: service
            .registrations()
            .iter()
            .map(|one| (one.port_and_protocol(), one.names.as_slice()))
            .collect(),
        notes: service.notes(),
        sources: service.sources(),
    }
}

impl<'a> AliasDocument<'a> {
    fn of(alias: &'a Alias) -> Self {
        Self { name: &alias.name, note: alias.note.as_deref() }
    }
}

impl Traffic {
    fn of(terms: &[Term]) -> Self {
        let mut traffic = Self::default();
        for term in terms {
            match term {
                Term::Any => {}
                Term::Ports { protocol: TCP, destination, .. } => traffic.tcp = intervals(destination),
                Term::Ports { destination, .. } => traffic.udp = intervals(destination),
                Term::Icmp(kinds) => traffic.icmp = types(kinds),
                Term::Icmpv6(kinds) => traffic.icmpv6 = types(kinds),
                Term::Protocol(number) => traffic.protocol.push(*number),
            }
        }
        traffic
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn traffic_is_told_in_the_words_of_a_policy() {
        let told = |name: &str| traffic(catalog::service(name).unwrap());
        assert_eq!(told("dns"), "tcp 53, udp 53");
        assert_eq!(told("rservices"), "tcp 512-514");
        assert_eq!(told("ping"), "icmp 8, icmpv6 128");
        assert_eq!(told("ipsec"), "udp 500 4500, protocol 50");
    }
}
