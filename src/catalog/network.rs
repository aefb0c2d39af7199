//! Built-in networks: the special-purpose blocks of RFC 6890 and what is made of them.

use ipnet::IpNet;
use serde::Deserialize;

use super::CatalogError;
use super::data::{NETWORKS, NetworkData};
use crate::model::{Addresses, Name};

/// What the registry of special-purpose addresses says of a block (RFC 6890 §2.2.1, RFC 8190).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// Whether packets may come from there.
    pub source: bool,
    /// Whether packets may go there.
    pub destination: bool,
    /// Whether routers forward packets from and to there; none where that depends.
    pub forwardable: Option<bool>,
    /// Whether it is reached from everywhere; none where that depends.
    pub global: Option<bool>,
}

/// A network that every policy may name.
#[derive(Debug)]
pub struct Network {
    name: Name,
    title: String,
    prefixes: Vec<IpNet>,
    flags: Option<Flags>,
    notes: Option<String>,
    sources: Vec<String>,
}

impl Network {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its blocks, without host bits, as the standards list them.
    #[must_use]
    pub fn prefixes(&self) -> &[IpNet] {
        &self.prefixes
    }

    /// Its addresses.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        Addresses::of_prefixes(&self.prefixes)
    }

    /// What the registry of special-purpose addresses says; none for other sets.
    #[must_use]
    pub fn flags(&self) -> Option<Flags> {
        self.flags
    }

    /// What to know before using it.
    #[must_use]
    pub fn notes(&self) -> Option<&str> {
        self.notes.as_deref()
    }

    /// The standards that define it.
    #[must_use]
    pub fn sources(&self) -> &[String] {
        &self.sources
    }
}

/// Every network of the data file.
pub(super) fn read() -> Result<Vec<Network>, CatalogError> {
    NETWORKS.read::<Vec<NetworkData>>()?.into_iter().map(network).collect()
}

fn network(data: NetworkData) -> Result<Network, CatalogError> {
    Ok(Network {
        name: Name::new(&data.name).map_err(|error| CatalogError::entry(NETWORKS, &data.name, &error))?,
        title: data.title,
        prefixes: data.addresses.iter().map(|text| prefix(text)).collect::<Result<_, _>>()?,
        flags: data.flags,
        notes: data.notes,
        sources: data.sources,
    })
}

fn prefix(text: &str) -> Result<IpNet, CatalogError> {
    let net: IpNet = text.parse().map_err(|error| CatalogError::entry(NETWORKS, text, &error))?;
    if net.addr() == net.network() {
        Ok(net)
    } else {
        Err(CatalogError::entry(NETWORKS, text, &"host bits are set"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{network as find, networks};
    use crate::model::number;

    #[test]
    fn bogons_hold_what_is_never_a_public_source() {
        let bogons = find("bogons").unwrap().addresses();
        for name in ["private", "loopback", "link-local", "multicast", "cgnat", "documentation", "reserved"] {
            let block = find(name).unwrap().addresses();
            assert_eq!(block.subtract(&bogons), Addresses::none(), "{name}");
        }
    }

    #[test]
    fn bogons_are_what_the_flags_say() {
        let is_bogon = |flags: Flags| !flags.source || flags.global == Some(false);
        let flagged = networks().filter(|network| network.flags().is_some_and(is_bogon));
        let all = flagged.fold(Addresses::none(), |all, network| all.union(&network.addresses()));
        let bogons = find("bogons").unwrap().addresses();
        assert_eq!(all.subtract(&bogons), Addresses::none());
        let local_translation = Addresses::of_prefixes(&["64:ff9b:1::/48".parse().unwrap()]);
        assert_eq!(bogons.subtract(&all), local_translation, "the one half of `nat64` that is not global");
    }

    #[test]
    fn flags_are_those_of_the_registry() {
        let flags = |name| {
            let flags = find(name).and_then(Network::flags).unwrap();
            (flags.source, flags.destination, flags.forwardable, flags.global)
        };
        assert_eq!(flags("unspecified"), (true, false, Some(false), Some(false)));
        assert_eq!(flags("rfc1918"), (true, true, Some(true), Some(false)));
        assert_eq!(flags("link-local"), (true, true, Some(false), Some(false)));
        assert_eq!(flags("broadcast"), (false, true, Some(false), Some(false)));
        assert_eq!(flags("documentation"), (false, false, Some(false), Some(false)));
        assert_eq!(flags("teredo"), (true, true, Some(true), None));
    }

    #[test]
    fn the_model_and_the_catalogue_agree_on_what_is_link_local() {
        assert_eq!(find("link-local").unwrap().addresses(), Addresses::link_local());
    }

    #[test]
    fn bogons_hold_no_public_address() {
        let bogons = find("bogons").unwrap().addresses();
        assert!(!bogons.v4.contains(number("192.88.99.1".parse().unwrap())));
        assert!(!bogons.v6.contains(number("2001:500:88:200::8".parse().unwrap())));
        assert!(!bogons.v6.contains(number("64:ff9b::1".parse().unwrap())));
    }

    #[test]
    fn every_network_has_addresses_and_says_what_it_is() {
        assert!(networks().all(|network| !network.addresses().is_empty() && !network.title().is_empty()));
    }

    #[test]
    fn host_bits_are_refused() {
        assert!(prefix("10.0.0.1/8").is_err() && prefix("10.0.0.0/8").is_ok());
    }
}
