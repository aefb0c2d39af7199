//! The addresses of tables.

use ipnet::IpNet;

use crate::model::Addresses;
use crate::readback::pf::syntax::Not;

/// The addresses that a table holds: of the entries that hold an address, the longest decides, and a negated one takes
/// it out (pf.conf(5), "TABLES").
pub(super) fn addresses(entries: &[Not<IpNet>]) -> Addresses {
    let mut sorted: Vec<&Not<IpNet>> = entries.iter().collect();
    sorted.sort_by_key(|entry| entry.item.prefix_len());
    let runs = sorted
        .chunk_by(|one, next| one.item.prefix_len() == next.item.prefix_len() && one.negated == next.negated);
    runs.fold(Addresses::none(), |held, run| {
        let nets: Vec<IpNet> = run.iter().map(|entry| entry.item).collect();
        let nets = Addresses::of_prefixes(&nets);
        let is_negated = run.first().is_some_and(|entry| entry.negated);
        if is_negated { held.subtract(&nets) } else { held.union(&nets) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(entries: &[&str]) -> Addresses {
        let entry = |text: &&str| {
            let net = text.trim_start_matches('!');
            Not { negated: net.len() < text.len(), item: net.parse().unwrap() }
        };
        addresses(&entries.iter().map(entry).collect::<Vec<_>>())
    }

    #[test]
    fn the_longest_entry_decides_wherever_it_stands() {
        let table = held(&["10.1.2.0/24", "!10.1.0.0/16", "10.0.0.0/8"]);
        let holds = |address: &str| {
            table.v4.contains(u128::from(address.parse::<std::net::Ipv4Addr>().unwrap().to_bits()))
        };
        assert!(holds("10.1.2.3") && holds("10.2.0.1"));
        assert!(!holds("10.1.3.1") && !holds("11.0.0.1"));
        assert!(table.v6.is_empty());
    }
}
