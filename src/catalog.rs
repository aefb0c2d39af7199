//! What names mean everywhere: built-in services, networks, ICMP types and protocols; and what standards ask for.
//!
//! The facts are data files inside the program. They are ours, so a file that cannot be read is a bug:
//! [`ready`] reports it, and until somebody asks, every look-up finds nothing rather than something wrong.

mod data;
mod error;
mod handling;
mod network;
mod number;
mod service;
mod standard;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use error::CatalogError;
pub use handling::{Handling, Message, Obsolete, Treatment};
pub use network::{Flags, Network};
pub use service::{Alias, Registration, Service, Status, Tls};
pub use standard::{Basis, Control, Standard, standard, standards};

use crate::model::Term;
use crate::packet::Family;
use handling::Tables;
use number::Numbers;

/// Everything the data files say.
#[derive(Debug)]
struct Catalog {
    services: Vec<Service>,
    service_index: BTreeMap<String, usize>,
    networks: Vec<Network>,
    numbers: Numbers,
    tables: Tables,
}

static CATALOG: LazyLock<Result<Catalog, CatalogError>> = LazyLock::new(Catalog::read);

/// Whether the catalogue could be read. Called once before anything else, so that a broken catalogue is
/// reported as our bug and not as an unknown name in a policy.
///
/// # Errors
/// Which data file is broken, and why.
pub fn ready() -> Result<(), &'static CatalogError> {
    CATALOG.as_ref().map(drop)
}

/// Every service, in reading order.
pub fn services() -> impl Iterator<Item = &'static Service> {
    catalog().into_iter().flat_map(|catalog| &catalog.services)
}

/// The service with that name or alias.
#[must_use]
pub fn service(name: &str) -> Option<&'static Service> {
    let catalog = catalog()?;
    catalog.services.get(*catalog.service_index.get(name)?)
}

/// The services on a port, in reading order: of TCP, of UDP or, if no protocol is named, of both.
pub fn services_on(port: u16, protocol: Option<u8>) -> impl Iterator<Item = &'static Service> {
    let is_on = move |term: &Term| {
        matches!(term, Term::Ports { protocol: spoken, destination, .. }
            if destination.contains(port) && protocol.is_none_or(|protocol| protocol == *spoken))
    };
    services().filter(move |service| service.terms().iter().any(is_on))
}

/// Every name and alias of a service, sorted.
pub fn service_names() -> impl Iterator<Item = &'static str> {
    catalog().into_iter().flat_map(|catalog| catalog.service_index.keys().map(String::as_str))
}

/// The names and aliases of services that somebody may have meant: not those that nobody should use any more. Sorted.
pub fn likely_service_names() -> impl Iterator<Item = &'static str> {
    let is_likely = |name: &&str| service(name).is_some_and(|found| found.status() != Status::Historic);
    service_names().filter(is_likely)
}

/// Every network, in reading order.
pub fn networks() -> impl Iterator<Item = &'static Network> {
    catalog().into_iter().flat_map(|catalog| &catalog.networks)
}

/// The network with that name.
#[must_use]
pub fn network(name: &str) -> Option<&'static Network> {
    networks().find(|network| network.name().as_str() == name)
}

/// Every name of a network, in reading order.
pub fn network_names() -> impl Iterator<Item = &'static str> {
    networks().map(|network| network.name().as_str())
}

/// The type, and for narrower names the code, of a message of ICMP (IPv4) or ICMPv6 (IPv6).
#[must_use]
pub fn icmp_type(family: Family, name: &str) -> Option<(u8, Option<u8>)> {
    catalog()?.numbers.icmp(family).get(name).copied()
}

/// Every name of a message of ICMP or ICMPv6, sorted.
pub fn icmp_names(family: Family) -> impl Iterator<Item = &'static str> {
    catalog().into_iter().flat_map(move |catalog| catalog.numbers.icmp(family).keys().map(String::as_str))
}

/// What a filter does with messages of ICMPv6 (RFC 4890).
#[must_use]
pub fn icmp6_handling() -> &'static [Handling] {
    catalog().map_or(&[], |catalog| &catalog.tables.handling)
}

/// Messages of ICMP that nobody should send any more.
#[must_use]
pub fn obsolete_icmp() -> &'static [Obsolete] {
    catalog().map_or(&[], |catalog| &catalog.tables.obsolete)
}

/// The IANA number of a protocol that has no key of its own in a service: never TCP, UDP, ICMP or ICMPv6.
#[must_use]
pub fn protocol(name: &str) -> Option<u8> {
    catalog()?.numbers.protocols.get(name).copied()
}

/// Every name of such a protocol, sorted.
pub fn protocol_names() -> impl Iterator<Item = &'static str> {
    catalog().into_iter().flat_map(|catalog| catalog.numbers.protocols.keys().map(String::as_str))
}

fn catalog() -> Option<&'static Catalog> {
    CATALOG.as_ref().ok()
}

/// Names and aliases; none may stand for two services.
fn index(services: &[Service]) -> Result<BTreeMap<String, usize>, CatalogError> {
    let mut index = BTreeMap::new();
    let named =
        services.iter().enumerate().flat_map(|(at, service)| service.names().map(move |name| (name, at)));
    for (name, at) in named {
        if index.insert(name.to_owned(), at).is_some() {
            return Err(CatalogError::entry(data::SERVICES, name, &"the name is taken"));
        }
    }
    Ok(index)
}

impl Catalog {
    fn read() -> Result<Self, CatalogError> {
        let numbers = Numbers::read()?;
        let services = service::read(&numbers)?;
        let service_index = index(&services)?;
        Ok(Self { services, service_index, networks: network::read()?, numbers, tables: handling::read()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Term;
    use crate::packet::{IntervalSet, TCP};

    #[test]
    fn the_data_files_are_sound() {
        assert_eq!(ready().map_err(ToString::to_string), Ok(()));
    }

    #[test]
    fn a_service_has_its_ports() {
        let term =
            Term::Ports { protocol: TCP, source: IntervalSet::full(), destination: IntervalSet::single(995) };
        assert_eq!(service("pop3s").unwrap().terms(), [term]);
    }

    #[test]
    fn an_alias_leads_to_the_service() {
        assert_eq!(service("smtps").unwrap().name().as_str(), "submissions");
    }

    #[test]
    fn an_unknown_name_leads_nowhere() {
        assert!(service("pop4").is_none() && network("lan").is_none() && protocol("tcp").is_none());
    }

    #[test]
    fn ping_speaks_both_families() {
        let ping = service("ping").unwrap().terms();
        assert!(ping.iter().any(|term| term.exists_in(Family::V4) && !term.exists_in(Family::V6)));
        assert!(ping.iter().any(|term| term.exists_in(Family::V6) && !term.exists_in(Family::V4)));
    }

    #[test]
    fn a_replacement_is_another_service() {
        for service in services() {
            let Some(name) = service.replaced_by() else { continue };
            let better = super::service(name).unwrap_or_else(|| panic!("no service {name}"));
            assert_ne!(better.name(), service.name());
        }
    }

    #[test]
    fn icmp_names_differ_by_family() {
        assert_eq!(icmp_type(Family::V4, "echo-request"), Some((8, None)));
        assert_eq!(icmp_type(Family::V6, "echo-request"), Some((128, None)));
        assert_eq!(icmp_type(Family::V4, "fragmentation-needed"), Some((3, Some(4))));
        assert_eq!(icmp_type(Family::V4, "packet-too-big"), None);
    }

    #[test]
    fn protocols_never_name_what_has_a_key_of_its_own() {
        assert!(protocol_names().all(|name| !matches!(protocol(name), Some(1 | 6 | 17 | 58))));
    }

    #[test]
    fn no_reserved_word_is_taken() {
        let reserved = ["any", "host", "none", "default", "defaults", "baseline", "all", "self"];
        assert!(service_names().chain(network_names()).all(|name| !reserved.contains(&name)));
    }
}
