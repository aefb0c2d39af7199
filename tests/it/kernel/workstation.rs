//! `policies/workstation.yaml` on a machine with one uplink.

use super::firewall::Firewall;
use super::namespace::Namespace;
use super::site::{Internet, Pair, internet, parse};
use super::survive;
use super::trial::{Peer, Ports, Trial};

const OWN: Pair = ("198.18.0.2", "2001:db8:ffff::2");
const PROVIDER: Pair = ("203.0.113.9", "2001:db8:9::9");
const RESOLVER: Pair = ("192.0.2.53", "2001:db8:53::53");

/// The machine, and the world with a mail provider and the resolver.
struct Place {
    machine: Namespace,
    internet: Internet<2>,
}

#[test]
fn nftables_decides_as_the_policy_says() {
    decides("workstation::nftables_decides_as_the_policy_says", Firewall::Nftables);
}

#[test]
fn iptables_decides_as_the_policy_says() {
    decides("workstation::iptables_decides_as_the_policy_says", Firewall::Iptables);
}

fn decides(test: &str, firewall: Firewall) {
    if !super::required(test) {
        return;
    }
    let place = Place::new();
    let [provider, _] = place.internet.machines();
    let trial = place.trial();
    trial.without_ruleset();
    firewall.load_shipped(&place.machine, "workstation");
    trial.behind_ruleset();
    survive::neighbours_are_found(&place.machine, (&place.machine, provider.into(), 993));
    survive::path_mtu_is_learned(&place.machine, provider.into(), 123);
    survive::flows_outlive_a_reload((&place.machine, provider.into(), 995), || {
        firewall.load_shipped(&place.machine, "workstation");
    });
}

impl Place {
    fn new() -> Self {
        let machine = Namespace::new();
        let internet = internet(&machine, "eth0", OWN, [PROVIDER, RESOLVER]);
        Self { machine, internet }
    }

    fn trial(&self) -> Trial<'_> {
        let [provider, resolver] = self.internet.machines();
        let itself = Peer { space: &self.machine, addresses: parse(OWN) };
        let mut trial = Trial::default();
        trial.opens(&self.machine, provider, Ports::Tcp(&[80, 443, 465, 587, 993, 995]));
        trial.opens(&self.machine, provider, Ports::Udp(&[123, 443]));
        trial.refuses(&self.machine, provider, &[25, 26, 110, 143, 2525]);
        trial.ignores(&self.machine, provider, Ports::Tcp(&[22, 53, 4444]));
        trial.ignores(&self.machine, provider, Ports::Udp(&[53, 5060]));
        trial.opens(&self.machine, resolver, Ports::Tcp(&[53]));
        trial.opens(&self.machine, resolver, Ports::Udp(&[53]));
        trial.ignores(&provider.space, itself, Ports::Tcp(&[22, 25, 993]));
        trial.ignores(&provider.space, itself, Ports::Udp(&[53, 5353]));
        trial
    }
}
