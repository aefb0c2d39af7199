//! Packets under a false name: a machine that claims the address of another one.

use super::probe;
use super::site::{FAR_GATEWAY, Node, Pair};

/// Sends from a machine of the internet to a port of a server under an address that is not its own; how many of
/// these packets reach the server.
pub(super) fn arrivals(forger: &Node, victim: &Node, claimed: Pair, port: u16) -> u64 {
    let (v4, v6) = claimed;
    let watch = format!(
        "table inet watch {{
            chain input {{
                type filter hook input priority filter; policy accept;
                ip saddr {v4} tcp dport {port} counter
                ip6 saddr {v6} tcp dport {port} counter
            }}
        }}"
    );
    victim.space.feed("nft -f -", &watch);
    let ways = [(format!("{v4}/32"), FAR_GATEWAY.0), (format!("{v6}/128"), FAR_GATEWAY.1)];
    for (to, (claimed, gateway)) in victim.addresses.into_iter().zip(ways) {
        let source = claimed.split('/').next().unwrap_or(&claimed);
        let route = format!("{to} via {gateway} dev eth0 src {source}");
        let flag = if to.is_ipv6() { "nodad" } else { "" };
        forger.space.run(&format!("ip address add {claimed} dev lo {flag}"));
        forger.space.run(&format!("ip route add {route}"));
        probe::tcp(&forger.space, to, &[port]);
        forger.space.run(&format!("ip route del {route}"));
        forger.space.run(&format!("ip address del {claimed} dev lo"));
    }
    let counted = victim.space.run("nft list table inet watch");
    victim.space.run("nft delete table inet watch");
    packets(&counted)
}

/// The sum of all counters in a listing.
fn packets(listing: &str) -> u64 {
    let words: Vec<&str> = listing.split_whitespace().collect();
    let counts = words.windows(2).filter(|pair| pair[0] == "packets").map(|pair| pair[1].parse::<u64>());
    counts.map(|count| count.expect("a number behind `packets`")).sum()
}
