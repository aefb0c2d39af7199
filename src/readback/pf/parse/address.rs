//! Addresses and networks as pf reads them.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use crate::readback::pf::Dialect;

/// A network from an address and a mask: host bits are cleared, `10/8` is `10.0.0.0/8`. A mask may also be in the text.
pub(super) fn network(text: &str, mask: Option<u8>, dialect: Dialect) -> Option<IpNet> {
    let (text, mask) = match text.split_once('/') {
        Some((address, own)) => (address, mask.or_else(|| own.parse().ok())),
        None => (text, mask),
    };
    let address = match text.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => v4(text, mask.is_some(), dialect)?.into(),
    };
    let whole = if address.is_ipv4() { 32 } else { 128 };
    IpNet::new(address, mask.unwrap_or(whole)).ok().map(|net| net.trunc())
}

/// An IPv4 address that other systems do not take: short before a mask (`inet_net_pton(3)`), or on FreeBSD with leading
/// zeros.
fn v4(text: &str, has_mask: bool, dialect: Dialect) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut count = 0;
    for (octet, written) in octets.iter_mut().zip(text.split('.')) {
        let is_number = !written.is_empty() && written.chars().all(|digit| digit.is_ascii_digit());
        let has_zeros = written.len() > 1 && written.starts_with('0');
        if !is_number || (has_zeros && dialect == Dialect::OpenBsd) {
            return None;
        }
        *octet = written.parse().ok()?;
        count += 1;
    }
    let all_there = text.split('.').count() == count && (count == 4 || has_mask);
    all_there.then(|| Ipv4Addr::from(octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, mask: Option<u8>) -> Option<String> {
        network(text, mask, Dialect::OpenBsd).map(|net| net.to_string())
    }

    #[test]
    fn short_networks_are_filled_up_and_cut() {
        assert_eq!(read("10", Some(8)).as_deref(), Some("10.0.0.0/8"));
        assert_eq!(read("10.1", Some(8)).as_deref(), Some("10.0.0.0/8"));
        assert_eq!(read("192.0.2.9", Some(24)).as_deref(), Some("192.0.2.0/24"));
        assert_eq!(read("10.1", None), None);
        assert_eq!(read("10.0.0.1", Some(33)), None);
        assert_eq!(read("10.0.0.256", None), None);
        assert_eq!(read("1.2.3.4.5", Some(8)), None);
        assert_eq!(read("2001:db8::1", Some(32)).as_deref(), Some("2001:db8::/32"));
    }

    #[test]
    fn leading_zeros_are_decimal_on_freebsd() {
        let zeros = |dialect| network("010.0.0.1", None, dialect);
        assert_eq!(zeros(Dialect::OpenBsd), None);
        assert_eq!(zeros(Dialect::FreeBsd).unwrap().to_string(), "10.0.0.1/32");
    }
}
