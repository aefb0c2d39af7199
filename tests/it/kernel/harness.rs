//! The witness is tried first: what the probes say about a ruleset written by hand.

use super::namespace::Namespace;
use super::probe::{Flow, path_mtu};
use super::site::{internet, parse};
use super::trial::{Peer, Ports, Trial};

/// Lets 993 and DNS out of a host, refuses 143, drops the rest; nothing comes in.
const BY_HAND: &str = r"
table inet by_hand {
    chain input {
        type filter hook input priority filter; policy drop;
        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
        ct state established,related accept
    }
    chain output {
        type filter hook output priority filter; policy drop;
        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
        ct state established,related accept
        udp dport 53 accept
        tcp dport 993 accept
        tcp dport 143 reject with tcp reset
    }
}
";

#[test]
fn probes_tell_open_refused_and_silent_apart() {
    if !super::required("harness::probes_tell_open_refused_and_silent_apart") {
        return;
    }
    let host = Namespace::new();
    let own = ("198.18.0.2", "2001:db8:ffff::2");
    let internet = internet(&host, "eth0", own, [("203.0.113.9", "2001:db8:9::9")]);
    let [world] = internet.machines();
    let mut trial = Trial::default();
    trial.opens(&host, world, Ports::Tcp(&[993]));
    trial.opens(&host, world, Ports::Udp(&[53]));
    trial.refuses(&host, world, &[143]);
    trial.ignores(&host, world, Ports::Tcp(&[110]));
    trial.ignores(&host, world, Ports::Udp(&[123]));
    trial.ignores(&world.space, Peer { space: &host, addresses: parse(own) }, Ports::Tcp(&[993]));
    trial.without_ruleset();
    host.feed("nft -f -", BY_HAND);
    trial.behind_ruleset();
}

#[test]
fn probes_see_a_narrow_path_and_a_flow_that_dies() {
    if !super::required("harness::probes_see_a_narrow_path_and_a_flow_that_dies") {
        return;
    }
    let host = Namespace::new();
    let own = ("198.18.0.2", "2001:db8:ffff::2");
    let internet = internet(&host, "eth0", own, [("203.0.113.9", "2001:db8:9::9")]);
    let [world] = internet.machines();
    for address in world.addresses {
        let mut flow = Flow::open(&host, &world.space, (address, 993).into());
        assert!(flow.is_alive());
        assert!(path_mtu(&host, (address, 53).into()).contains("mtu 1280"), "{address}");
        host.feed(
            "nft -f -",
            "table inet t { chain c { type filter hook input priority 0; policy drop; } ; }",
        );
        assert!(!flow.is_alive());
        host.run("nft delete table inet t");
    }
}
