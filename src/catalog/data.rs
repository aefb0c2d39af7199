//! The data files as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::CatalogError;
use super::handling::{Message, Treatment};
use super::network::Flags;
use super::service::{Status, Tls};
use super::standard::Basis;

/// A data file: its name for messages, and its text.
pub(super) struct DataFile {
    /// Path in the repository.
    pub(super) name: &'static str,
    text: &'static str,
}

macro_rules! data_file {
    ($name:literal) => {
        DataFile { name: concat!("src/catalog/", $name), text: include_str!($name) }
    };
}

/// Services by group.
pub(super) const SERVICES: &DataFile = &data_file!("services.yaml");
/// Networks.
pub(super) const NETWORKS: &DataFile = &data_file!("networks.yaml");
/// ICMP and ICMPv6 types.
pub(super) const ICMP: &DataFile = &data_file!("icmp.yaml");
/// Protocol numbers.
pub(super) const PROTOCOLS: &DataFile = &data_file!("protocols.yaml");
/// Standards, in the order of the profiles.
pub(super) const STANDARDS: [&DataFile; 11] = [
    &data_file!("standards/mail.yaml"),
    &data_file!("standards/rfc.yaml"),
    &data_file!("standards/hygiene.yaml"),
    &data_file!("standards/pci-dss.yaml"),
    &data_file!("standards/nist-800-53.yaml"),
    &data_file!("standards/nist-800-171.yaml"),
    &data_file!("standards/cis-debian12.yaml"),
    &data_file!("standards/cis-controls.yaml"),
    &data_file!("standards/bsi-grundschutz.yaml"),
    &data_file!("standards/iso27001.yaml"),
    &data_file!("standards/hipaa.yaml"),
];

/// Services that are listed together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupData {
    /// Title of the group.
    pub(super) group: String,
    /// In reading order.
    pub(super) services: Vec<ServiceData>,
}

/// See [`Service`](super::Service).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ServiceData {
    pub(super) name: String,
    #[serde(default)]
    pub(super) aliases: Vec<AliasData>,
    pub(super) title: String,
    #[serde(default)]
    pub(super) tcp: Vec<PortData>,
    #[serde(default)]
    pub(super) udp: Vec<PortData>,
    #[serde(default)]
    pub(super) icmp: Vec<String>,
    #[serde(default)]
    pub(super) icmpv6: Vec<String>,
    #[serde(default)]
    pub(super) protocol: Vec<String>,
    pub(super) tls: Tls,
    pub(super) flow: String,
    pub(super) status: Status,
    /// Names by `PORT/PROTOCOL`.
    #[serde(default)]
    pub(super) iana: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) shared: bool,
    pub(super) replaced_by: Option<String>,
    pub(super) notes: Option<String>,
    pub(super) sources: Vec<String>,
}

/// See [`Alias`](super::Alias).
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum AliasData {
    Name(String),
    WithNote(NotedAliasData),
}

/// An alias with a history.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotedAliasData {
    pub(super) name: String,
    pub(super) note: String,
}

/// A port or a range of ports.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum PortData {
    One(u16),
    Range(String),
}

/// See [`Network`](super::Network).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkData {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) addresses: Vec<String>,
    pub(super) flags: Option<Flags>,
    pub(super) notes: Option<String>,
    #[serde(default)]
    pub(super) sources: Vec<String>,
}

/// Types of both families.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IcmpData {
    pub(super) icmp: BTreeMap<String, KindData>,
    pub(super) icmpv6: BTreeMap<String, KindData>,
    pub(super) obsolete: Vec<ObsoleteData>,
    pub(super) handling: Vec<HandlingData>,
}

/// See [`Obsolete`](super::Obsolete).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ObsoleteData {
    pub(super) messages: Vec<KindData>,
    pub(super) sources: Vec<String>,
}

/// See [`Handling`](super::Handling).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandlingData {
    pub(super) messages: Vec<KindData>,
    pub(super) transit: Treatment,
    pub(super) local: Treatment,
    pub(super) sources: Vec<String>,
}

/// A type, or a type with a code.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum KindData {
    Type(u8),
    TypeAndCode(u8, u8),
}

/// See [`Standard`](super::Standard).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StandardData {
    pub(super) profile: String,
    pub(super) cites: Option<String>,
    pub(super) title: String,
    pub(super) version: Option<String>,
    pub(super) publisher: String,
    #[serde(default)]
    pub(super) each: Basis,
    pub(super) beyond: Option<String>,
    pub(super) controls: Vec<ControlData>,
}

/// See [`Control`](super::Control).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ControlData {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) shows: Option<String>,
    pub(super) beyond: Option<String>,
    #[serde(default)]
    pub(super) only_against: bool,
    pub(super) not_decidable: Option<String>,
}

impl KindData {
    /// The type and, if it is a narrower one, the code.
    pub(super) const fn message(self) -> Message {
        match self {
            Self::Type(number) => (number, None),
            Self::TypeAndCode(number, code) => (number, Some(code)),
        }
    }
}

impl DataFile {
    /// The file as values of the program.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, CatalogError> {
        serde_yaml::from_str(self.text).map_err(|source| CatalogError::Unreadable { file: self.name, source })
    }
}
