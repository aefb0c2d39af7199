//! The data files as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::CatalogError;
use super::service::{Status, Tls};

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
}

/// A type, or a type with a code.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum KindData {
    Type(u8),
    TypeAndCode(u8, u8),
}

impl DataFile {
    /// The file as values of the program.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, CatalogError> {
        serde_yaml::from_str(self.text).map_err(|source| CatalogError::Unreadable { file: self.name, source })
    }
}
