//! Addresses in words: prefixes and ranges as a policy writes them.

use ipnet::IpNet;

use super::{few, listed};
use crate::model::{Addresses, address};
use crate::packet::{Family, IntervalSet};

/// How many runs of addresses stand beside a name.
const BESIDE_A_NAME: usize = 2;

/// Addresses as a policy writes them, a handful of runs; the rest is counted.
pub(super) fn written(addresses: &Addresses) -> Vec<String> {
    few(runs(addresses).collect(), "ranges")
}

/// A name with the addresses it stands for: `lan (10.20.0.0/16)`.
pub(super) fn called(name: &str, addresses: &Addresses) -> String {
    let mut said: Vec<String> = runs(addresses).take(BESIDE_A_NAME).collect();
    match count(addresses).saturating_sub(BESIDE_A_NAME) {
        0 => {}
        more => said.push(format!("and {more} more")),
    }
    format!("{name} ({})", listed(&said))
}

/// How many runs of addresses there are.
pub(super) fn count(addresses: &Addresses) -> usize {
    addresses.v4.intervals().len() + addresses.v6.intervals().len()
}

fn runs(addresses: &Addresses) -> impl Iterator<Item = String> {
    let of = |family: Family| {
        let set: &IntervalSet<u128> = addresses.of(family);
        set.intervals().iter().map(move |&bounds| run(family, bounds))
    };
    Family::ALL.into_iter().flat_map(of)
}

/// An address, a prefix, a range, or everything of a family.
fn run(family: Family, (first, last): (u128, u128)) -> String {
    let (low, high) = (address(family, first), address(family, last));
    match prefix(family, (first, last)) {
        _ if first == last => low.to_string(),
        Some(net) if net.prefix_len() == 0 => format!("every {} address", family.name()),
        Some(net) => net.to_string(),
        None => format!("{low}-{high}"),
    }
}

/// The prefix that holds exactly these addresses, if there is one.
fn prefix(family: Family, (first, last): (u128, u128)) -> Option<IpNet> {
    let host = first ^ last;
    let is_aligned = host & host.wrapping_add(1) == 0 && first & host == 0;
    let net = IpNet::new(address(family, first), 0).ok()?;
    let length = u32::from(net.max_prefix_len()) - host.count_ones();
    IpNet::new(address(family, first), u8::try_from(length).ok()?).ok().filter(|_| is_aligned)
}
