//! `policies/mail-server.yaml` on a machine with the world, an office and a management network.

use std::net::IpAddr;

use super::firewall::Firewall;
use super::namespace::Namespace;
use super::site::{Internet, Pair, Segment, USUAL, internet, parse, segment};
use super::survive;
use super::trial::{Peer, Ports, Trial};

const OWN: Pair = ("198.18.0.2", "2001:db8:ffff::2");
const OWN_OFFICE: Pair = ("10.40.0.1", "2001:db8:40::1");
const OWN_MANAGEMENT: Pair = ("10.40.254.1", "2001:db8:40:fe00::1");
const STRANGER: Pair = ("203.0.113.9", "2001:db8:9::9");
const RESOLVER: Pair = ("192.0.2.53", "2001:db8:53::53");
const CLERK: Pair = ("10.40.3.7", "2001:db8:40:3::7");
const ADMIN: Pair = ("10.40.254.5", "2001:db8:40:fe00::5");

/// The server and everybody around it.
struct Place {
    machine: Namespace,
    internet: Internet<2>,
    office: Segment<1>,
    management: Segment<1>,
}

#[test]
fn nftables_decides_as_the_policy_says() {
    decides("mail_server::nftables_decides_as_the_policy_says", Firewall::Nftables);
}

#[test]
fn iptables_decides_as_the_policy_says() {
    decides("mail_server::iptables_decides_as_the_policy_says", Firewall::Iptables);
}

fn decides(test: &str, firewall: Firewall) {
    if !super::required(test) {
        return;
    }
    let place = Place::new();
    let [stranger, _] = place.internet.machines();
    let server = place.server(OWN);
    let trial = place.trial();
    trial.without_ruleset();
    firewall.load_shipped(&place.machine, "mail-server");
    trial.behind_ruleset();
    survive::neighbours_are_found(&place.machine, (&stranger.space, server, 25));
    survive::path_mtu_is_learned(&place.machine, stranger.into(), 123);
    survive::flows_outlive_a_reload((&stranger.space, server, 465), || {
        firewall.load_shipped(&place.machine, "mail-server");
    });
}

impl Place {
    fn new() -> Self {
        let machine = Namespace::new();
        let internet = internet(&machine, "eth0", OWN, [STRANGER, RESOLVER]);
        let office = segment(&machine, "wg0", OWN_OFFICE, [CLERK], USUAL);
        let management = segment(&machine, "mgmt0", OWN_MANAGEMENT, [ADMIN], USUAL);
        Self { machine, internet, office, management }
    }

    fn server(&self, addresses: Pair) -> Peer<'_> {
        Peer { space: &self.machine, addresses: parse(addresses) }
    }

    fn trial(&self) -> Trial<'_> {
        let mut trial = Trial::default();
        self.outside(&mut trial);
        self.inside(&mut trial);
        self.itself(&mut trial);
        trial
    }

    fn outside<'s>(&'s self, trial: &mut Trial<'s>) {
        let [stranger, _] = self.internet.machines();
        let server = self.server(OWN);
        trial.opens(&stranger.space, server, Ports::Tcp(&[25, 80, 465, 587, 993, 995]));
        trial.refuses(&stranger.space, server, &[109, 110, 143, 220]);
        trial.ignores(
            &stranger.space,
            server,
            Ports::Tcp(&[22, 443, 783, 3310, 4190, 6379, 10025, 11332, 11334]),
        );
        trial.ignores(&stranger.space, server, Ports::Udp(&[53]));
    }

    fn inside<'s>(&'s self, trial: &mut Trial<'s>) {
        let ([clerk], [admin]) = (&self.office.nodes, &self.management.nodes);
        let (for_office, for_management) = (self.server(OWN_OFFICE), self.server(OWN_MANAGEMENT));
        trial.opens(&clerk.space, for_office, Ports::Tcp(&[465, 587, 993, 995, 4190]));
        trial.refuses(&clerk.space, for_office, &[110, 143]);
        trial.ignores(&clerk.space, for_office, Ports::Tcp(&[22, 25, 11334]));
        trial.opens(&admin.space, for_management, Ports::Tcp(&[22]));
        trial.ignores(&admin.space, for_management, Ports::Tcp(&[25, 993, 11334]));
    }

    fn itself<'s>(&'s self, trial: &mut Trial<'s>) {
        let [stranger, resolver] = self.internet.machines();
        let [clerk] = &self.office.nodes;
        let loopback = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        trial.opens(
            &self.machine,
            Peer { space: &self.machine, addresses: loopback },
            Ports::Tcp(&[11332, 10025]),
        );
        trial.opens(&self.machine, stranger, Ports::Tcp(&[25, 80, 443]));
        trial.opens(&self.machine, stranger, Ports::Udp(&[123]));
        trial.opens(&self.machine, resolver, Ports::Tcp(&[53]));
        trial.opens(&self.machine, resolver, Ports::Udp(&[53]));
        trial.ignores(&self.machine, stranger, Ports::Tcp(&[22, 110, 143, 4444]));
        trial.ignores(&self.machine, stranger, Ports::Udp(&[53]));
        trial.ignores(&self.machine, clerk, Ports::Tcp(&[25, 22]));
    }
}
