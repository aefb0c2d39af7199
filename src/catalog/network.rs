//! Built-in networks: the special-purpose blocks of RFC 6890 and what is made of them.

use ipnet::IpNet;

use super::CatalogError;
use super::data::{NETWORKS, NetworkData};
use crate::model::{Addresses, Name};

/// A network that every policy may name.
#[derive(Debug)]
pub struct Network {
    name: Name,
    title: String,
    prefixes: Vec<IpNet>,
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
