//! `policies/branch-gateway.yaml` on a machine between an office, a DMZ and the world.

use super::firewall::Firewall;
use super::forged;
use super::namespace::Namespace;
use super::site::{Internet, Pair, Segment, USUAL, internet, parse, segment};
use super::survive;
use super::trial::{Peer, Ports, Trial};

const OWN: Pair = ("198.18.0.2", "2001:db8:ffff::2");
const OWN_LAN: Pair = ("10.20.0.1", "2001:db8:20::1");
const OWN_DMZ: Pair = ("192.0.2.1", "2001:db8:25::1");

const CLERK: Pair = ("10.20.4.7", "2001:db8:20:4::7");
const ADMIN: Pair = ("10.20.1.5", "2001:db8:20:1::5");
const SCANNER: Pair = ("10.20.9.3", "2001:db8:20:9::3");

const RELAY: Pair = ("192.0.2.10", "2001:db8:25::10");
const MAILSTORE: Pair = ("192.0.2.11", "2001:db8:25::11");
const RESOLVER: Pair = ("192.0.2.5", "2001:db8:25::5");

const STRANGER: Pair = ("203.0.113.9", "2001:db8:9::9");
const SCANNER_MAILBOX: Pair = ("198.51.100.25", "2001:db8:9::25");

/// The gateway and everybody around it.
struct Place {
    gateway: Namespace,
    lan: Segment<3>,
    dmz: Segment<3>,
    internet: Internet<2>,
}

#[test]
fn nftables_decides_as_the_policy_says() {
    decides("branch_gateway::nftables_decides_as_the_policy_says", Firewall::Nftables);
}

#[test]
fn iptables_decides_as_the_policy_says() {
    decides("branch_gateway::iptables_decides_as_the_policy_says", Firewall::Iptables);
}

fn decides(test: &str, firewall: Firewall) {
    if !super::required(test) {
        return;
    }
    let place = Place::new();
    let ([clerk, ..], [relay, _, resolver]) = (&place.lan.nodes, &place.dmz.nodes);
    let [stranger, _] = place.internet.machines();
    let trial = place.trial();
    trial.without_ruleset();
    assert!(forged::arrivals(stranger, relay, ADMIN, 22) > 0, "nobody stops a forged source yet");
    firewall.load_shipped(&place.gateway, "branch-gateway");
    trial.behind_ruleset();
    assert_eq!(
        forged::arrivals(stranger, relay, ADMIN, 22),
        0,
        "an administrator does not come from the internet"
    );
    survive::neighbours_are_found(&place.gateway, (&clerk.space, stranger.into(), 993));
    survive::neighbours_are_found(&place.gateway, (&stranger.space, relay.into(), 25));
    survive::path_mtu_is_learned(&resolver.space, stranger.into(), 53);
    survive::flows_outlive_a_reload((&clerk.space, stranger.into(), 995), || {
        firewall.load_shipped(&place.gateway, "branch-gateway");
    });
}

impl Place {
    fn new() -> Self {
        let gateway = Namespace::new();
        let lan = segment(&gateway, "lan0", OWN_LAN, [CLERK, ADMIN, SCANNER], USUAL);
        let dmz = segment(&gateway, "dmz0", OWN_DMZ, [RELAY, MAILSTORE, RESOLVER], USUAL);
        let internet = internet(&gateway, "wan0", OWN, [STRANGER, SCANNER_MAILBOX]);
        Self { gateway, lan, dmz, internet }
    }

    fn trial(&self) -> Trial<'_> {
        let mut trial = Trial::default();
        self.office(&mut trial);
        self.exceptions(&mut trial);
        self.world(&mut trial);
        self.servers(&mut trial);
        trial
    }

    /// What the staff may do.
    fn office<'s>(&'s self, trial: &mut Trial<'s>) {
        let ([clerk, ..], [relay, mailstore, resolver]) = (&self.lan.nodes, &self.dmz.nodes);
        let [stranger, _] = self.internet.machines();
        let gateway = Peer { space: &self.gateway, addresses: parse(OWN_LAN) };
        trial.opens(&clerk.space, stranger, Ports::Tcp(&[80, 443, 465, 587, 993, 995]));
        trial.refuses(&clerk.space, stranger, &[25, 26, 110, 143, 2525]);
        trial.ignores(&clerk.space, stranger, Ports::Tcp(&[22, 53, 4444]));
        trial.ignores(&clerk.space, stranger, Ports::Udp(&[53, 123]));
        trial.opens(&clerk.space, relay, Ports::Tcp(&[465, 587]));
        trial.refuses(&clerk.space, relay, &[25]);
        trial.opens(&clerk.space, mailstore, Ports::Tcp(&[993, 995, 4190]));
        trial.refuses(&clerk.space, mailstore, &[110, 143]);
        trial.opens(&clerk.space, resolver, Ports::Udp(&[53]));
        trial.opens(&clerk.space, resolver, Ports::Tcp(&[53]));
        trial.ignores(&clerk.space, relay, Ports::Tcp(&[22]));
        trial.ignores(&clerk.space, gateway, Ports::Tcp(&[22]));
    }

    /// What only a few may do.
    fn exceptions<'s>(&'s self, trial: &mut Trial<'s>) {
        let ([_, admin, scanner], [relay, ..]) = (&self.lan.nodes, &self.dmz.nodes);
        let [stranger, mailbox] = self.internet.machines();
        let gateway = Peer { space: &self.gateway, addresses: parse(OWN_LAN) };
        let [v4, v6] = mailbox.addresses;
        trial.opens(&admin.space, gateway, Ports::Tcp(&[22]));
        trial.opens(&admin.space, relay, Ports::Tcp(&[22]));
        // The exception is for IPv4; the same machines over IPv6 are refused like everybody else.
        trial.opens(&scanner.space, Peer { space: &mailbox.space, addresses: [v4, v4] }, Ports::Tcp(&[110]));
        trial.refuses(&scanner.space, Peer { space: &mailbox.space, addresses: [v6, v6] }, &[110]);
        trial.refuses(&scanner.space, stranger, &[110, 143]);
    }

    /// What everybody may do.
    fn world<'s>(&'s self, trial: &mut Trial<'s>) {
        let ([clerk, ..], [relay, mailstore, resolver]) = (&self.lan.nodes, &self.dmz.nodes);
        let [stranger, _] = self.internet.machines();
        let gateway = Peer { space: &self.gateway, addresses: parse(OWN) };
        trial.opens(&stranger.space, relay, Ports::Tcp(&[25, 465, 587]));
        trial.ignores(&stranger.space, relay, Ports::Tcp(&[22, 110, 143, 993]));
        trial.opens(&stranger.space, mailstore, Ports::Tcp(&[993, 995]));
        trial.ignores(&stranger.space, mailstore, Ports::Tcp(&[25, 110, 143, 4190]));
        trial.ignores(&stranger.space, resolver, Ports::Udp(&[53]));
        trial.ignores(&stranger.space, clerk, Ports::Tcp(&[25, 445, 993]));
        trial.ignores(&stranger.space, gateway, Ports::Tcp(&[22, 25, 443]));
    }

    /// What the servers and the gateway need.
    fn servers<'s>(&'s self, trial: &mut Trial<'s>) {
        let ([clerk, ..], [relay, mailstore, resolver]) = (&self.lan.nodes, &self.dmz.nodes);
        let [stranger, _] = self.internet.machines();
        trial.opens(&relay.space, stranger, Ports::Tcp(&[25, 80, 443]));
        trial.ignores(&mailstore.space, stranger, Ports::Tcp(&[25]));
        trial.opens(&mailstore.space, stranger, Ports::Udp(&[123]));
        trial.opens(&resolver.space, stranger, Ports::Tcp(&[53]));
        trial.opens(&resolver.space, stranger, Ports::Udp(&[53]));
        trial.ignores(&relay.space, clerk, Ports::Tcp(&[22, 445]));
        trial.opens(&self.gateway, resolver, Ports::Udp(&[53]));
        trial.opens(&self.gateway, stranger, Ports::Tcp(&[443]));
        trial.opens(&self.gateway, stranger, Ports::Udp(&[123]));
        trial.ignores(&self.gateway, stranger, Ports::Tcp(&[25, 80]));
    }
}
