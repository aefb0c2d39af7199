//! Built-in services.

use serde::{Deserialize, Serialize};

use super::CatalogError;
use super::data::{AliasData, GroupData, NotedAliasData, PortData, SERVICES, ServiceData};
use super::number::Numbers;
use crate::model::{Name, Term};
use crate::packet::{Family, IntervalSet, TCP, UDP};

/// A service that every policy may name.
#[derive(Debug)]
pub struct Service {
    name: Name,
    group: String,
    terms: Vec<Term>,
    aliases: Vec<Alias>,
    registrations: Vec<Registration>,
    data: ServiceData,
}

/// Another name for a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// Where it comes from, and why to write the other one.
    pub note: Option<String>,
}

/// What IANA calls a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Registration {
    /// [`TCP`] or [`UDP`].
    pub protocol: u8,
    /// The port.
    pub port: u16,
    /// The names in the registry, that of the service first; none where the port is nobody's.
    pub names: Vec<String>,
}

/// How traffic of a service is protected, as far as its port tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Encrypted from the first byte.
    Implicit,
    /// Starts in cleartext; both sides may agree to encrypt, and nothing in a packet says whether they did.
    Starttls,
    /// Starts in cleartext and must go on so where the other side cannot encrypt (RFC 3207 §4).
    Opportunistic,
    /// Never encrypted by itself.
    Cleartext,
    /// Protected by means of its own.
    Own,
    /// Nothing to protect.
    None,
}

/// How far a service is to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In use, and to be used.
    Current,
    /// Still in use; another one is better.
    Legacy,
    /// Nobody should use it any more.
    Historic,
    /// On ports of others, mostly to get around filters.
    Workaround,
}

impl Service {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Other names for the same service.
    #[must_use]
    pub fn aliases(&self) -> &[Alias] {
        &self.aliases
    }

    /// Its name and its aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(|alias| alias.name.as_str()))
    }

    /// The title of the group it is listed in.
    #[must_use]
    pub fn group(&self) -> &str {
        &self.group
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.data.title
    }

    /// Its packets; at least one term, none of them [`Term::Any`].
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// How it is protected.
    #[must_use]
    pub fn tls(&self) -> Tls {
        self.data.tls
    }

    /// Who speaks to whom.
    #[must_use]
    pub fn flow(&self) -> &str {
        &self.data.flow
    }

    /// How far it is to be used.
    #[must_use]
    pub fn status(&self) -> Status {
        self.data.status
    }

    /// What IANA calls its ports, by protocol and port; nothing for long ranges, and for services without ports.
    #[must_use]
    pub fn registrations(&self) -> &[Registration] {
        &self.registrations
    }

    /// Whether many others use its ports as well, so that packets to them are not called by its name.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.data.shared
    }

    /// The service to use instead.
    #[must_use]
    pub fn replaced_by(&self) -> Option<&str> {
        self.data.replaced_by.as_deref()
    }

    /// What to know before using it.
    #[must_use]
    pub fn notes(&self) -> Option<&str> {
        self.data.notes.as_deref()
    }

    /// What it rests on: standards, documentation, or the registry of IANA.
    #[must_use]
    pub fn sources(&self) -> &[String] {
        &self.data.sources
    }
}

impl Registration {
    /// `465/tcp`, as the registry writes it.
    #[must_use]
    pub fn port_and_protocol(&self) -> String {
        format!("{}/{}", self.port, if self.protocol == TCP { "tcp" } else { "udp" })
    }
}

impl Tls {
    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Implicit => "implicit TLS",
            Self::Starttls => "STARTTLS",
            Self::Opportunistic => "opportunistic STARTTLS",
            Self::Cleartext => "cleartext",
            Self::Own => "own protection",
            Self::None => "nothing to protect",
        }
    }
}

impl Status {
    /// The word for people and machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Legacy => "legacy",
            Self::Historic => "historic",
            Self::Workaround => "workaround",
        }
    }
}

/// Every service of the data file; names of messages and protocols are looked up in `numbers`.
pub(super) fn read(numbers: &Numbers) -> Result<Vec<Service>, CatalogError> {
    let groups: Vec<GroupData> = SERVICES.read()?;
    let listed = groups.into_iter().flat_map(|GroupData { group, services }| {
        services.into_iter().map(move |service| (group.clone(), service))
    });
    listed.map(|(group, data)| service(group, data, numbers)).collect()
}

fn service(group: String, data: ServiceData, numbers: &Numbers) -> Result<Service, CatalogError> {
    let name = Name::new(&data.name).map_err(|error| CatalogError::entry(SERVICES, &data.name, &error))?;
    let terms = terms(&data, numbers)?;
    if terms.is_empty() {
        return Err(CatalogError::entry(SERVICES, &data.name, &"stands for nothing"));
    }
    if data.sources.is_empty() {
        return Err(CatalogError::entry(SERVICES, &data.name, &"rests on nothing"));
    }
    let registrations = registrations(&data, &terms)?;
    let aliases = data.aliases.iter().map(alias).collect();
    Ok(Service { name, group, terms, aliases, registrations, data })
}

fn alias(data: &AliasData) -> Alias {
    match data {
        AliasData::Name(name) => Alias { name: name.clone(), note: None },
        AliasData::WithNote(NotedAliasData { name, note }) => {
            Alias { name: name.clone(), note: Some(note.clone()) }
        }
    }
}

/// What IANA calls the ports: only ports that the service has.
fn registrations(data: &ServiceData, terms: &[Term]) -> Result<Vec<Registration>, CatalogError> {
    let wrong = |port: &String| {
        CatalogError::entry(SERVICES, &data.name, &format!("`{port}` in `iana` is no port of it"))
    };
    let registration = |(key, names): (&String, &Vec<String>)| {
        let (port, protocol) = port_and_protocol(key).ok_or_else(|| wrong(key))?;
        let is_own = |term: &Term| matches!(term, Term::Ports { protocol: own, destination, .. } if *own == protocol && destination.contains(port));
        let found = Registration { protocol, port, names: names.clone() };
        terms.iter().any(is_own).then_some(found).ok_or_else(|| wrong(key))
    };
    let mut found: Vec<Registration> = data.iana.iter().map(registration).collect::<Result<_, _>>()?;
    found.sort_unstable();
    Ok(found)
}

/// `465/tcp`.
fn port_and_protocol(text: &str) -> Option<(u16, u8)> {
    let (port, protocol) = text.split_once('/')?;
    let protocol = match protocol {
        "tcp" => TCP,
        "udp" => UDP,
        _ => return None,
    };
    Some((port.parse().ok()?, protocol))
}

fn terms(data: &ServiceData, numbers: &Numbers) -> Result<Vec<Term>, CatalogError> {
    let unknown =
        |name: &String| CatalogError::entry(SERVICES, &data.name, &format!("unknown name `{name}`"));
    let messages = |family, names: &[String]| {
        let numbered = |name| numbers.icmp(family).get(name).copied().ok_or_else(|| unknown(name));
        names.iter().map(numbered).collect::<Result<Vec<_>, _>>().map(kinds)
    };
    let numbered = |name| numbers.protocols.get(name).copied().ok_or_else(|| unknown(name));
    let protocols: Vec<u8> = data.protocol.iter().map(numbered).collect::<Result<_, _>>()?;
    let listed = [
        ports(&data.name, TCP, &data.tcp)?,
        ports(&data.name, UDP, &data.udp)?,
        messages(Family::V4, &data.icmp)?.map(Term::Icmp),
        messages(Family::V6, &data.icmpv6)?.map(Term::Icmpv6),
    ];
    Ok(listed.into_iter().flatten().chain(protocols.into_iter().map(Term::Protocol)).collect())
}

/// The messages as `type << 8 | code`; none if there are none.
fn kinds(numbered: Vec<(u8, Option<u8>)>) -> Option<IntervalSet<u16>> {
    Some(IntervalSet::from_intervals(numbered.into_iter().map(codes))).filter(|set| !set.is_empty())
}

/// `type << 8 | code`, every code where none is given.
fn codes((kind, code): (u8, Option<u8>)) -> (u16, u16) {
    let (first, last) = code.map_or((0, u8::MAX), |code| (code, code));
    (u16::from_be_bytes([kind, first]), u16::from_be_bytes([kind, last]))
}

fn ports(service: &str, protocol: u8, ports: &[PortData]) -> Result<Option<Term>, CatalogError> {
    let ranges: Result<Vec<_>, _> = ports.iter().map(|port| range(service, port)).collect();
    let destination = IntervalSet::from_intervals(ranges?);
    let source = IntervalSet::full();
    Ok((!destination.is_empty()).then_some(Term::Ports { protocol, source, destination }))
}

fn range(service: &str, port: &PortData) -> Result<(u16, u16), CatalogError> {
    let bounds = match port {
        PortData::One(port) => Some((*port, *port)),
        PortData::Range(text) => {
            text.split_once('-').and_then(|(first, last)| first.parse().ok().zip(last.parse().ok()))
        }
    };
    bounds
        .filter(|&(first, last)| 0 < first && first <= last)
        .ok_or_else(|| CatalogError::entry(SERVICES, service, &"not a port or a range of ports"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_without_a_code_means_every_code() {
        assert_eq!(codes((3, None)), (0x0300, 0x03ff));
        assert_eq!(codes((3, Some(4))), (0x0304, 0x0304));
    }

    #[test]
    fn registered_ports_have_a_protocol() {
        assert_eq!(port_and_protocol("465/tcp"), Some((465, TCP)));
        for wrong in ["465", "465/sctp", "/udp", "70000/udp"] {
            assert_eq!(port_and_protocol(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ranges_are_checked() {
        assert_eq!(range("x", &PortData::Range("512-514".to_owned())).ok(), Some((512, 514)));
        for wrong in ["514-512", "0-1", "1-70000", "a-b", "1"] {
            assert!(range("x", &PortData::Range(wrong.to_owned())).is_err(), "{wrong}");
        }
    }
}
