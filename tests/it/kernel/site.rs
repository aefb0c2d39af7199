//! Sites: machines on segments around the one under test, each a namespace of its own.

use std::net::IpAddr;

use super::namespace::Namespace;

/// An IPv4 and an IPv6 address.
pub(super) type Pair = (&'static str, &'static str);

/// A link that carries less than the usual 1500 bytes; the least that IPv6 allows (RFC 8200 §5).
pub(super) const NARROW: u16 = 1280;

/// What an ordinary link carries.
pub(super) const USUAL: u16 = 1500;

/// The router of [`internet`] as its machines see it.
pub(super) const FAR_GATEWAY: Pair = ("198.18.0.5", "2001:db8:ffff::5");

/// A machine with one interface, `eth0`, and one address of each family.
pub(super) struct Node {
    /// The machine.
    pub(super) space: Namespace,
    /// Its IPv4 address, then its IPv6 address.
    pub(super) addresses: [IpAddr; 2],
}

/// A switch with a gateway and some machines.
pub(super) struct Segment<const N: usize> {
    /// Kept because the cables end with it.
    _switch: Namespace,
    /// The machines, in the order they were given.
    pub(super) nodes: [Node; N],
}

/// What lies beyond the uplink: a router, and behind a narrow link some machines of the internet.
pub(super) struct Internet<const N: usize> {
    /// Kept because the way ends with it.
    _near: Segment<1>,
    far: Segment<N>,
}

/// Attaches a segment to an interface of a gateway.
pub(super) fn segment<const N: usize>(
    gateway: &Namespace,
    interface: &str,
    own: Pair,
    machines: [Pair; N],
    mtu: u16,
) -> Segment<N> {
    let switch = Namespace::new();
    switch.run("ip link add name bridge0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0");
    switch.run("ip link set bridge0 up");
    let plug = |machine: &Namespace, interface: &str, port: &str| {
        machine.join(interface, &switch, port);
        machine.run(&format!("ip link set {interface} mtu {mtu}"));
        switch.run(&format!("ip link set {port} mtu {mtu} master bridge0"));
    };
    plug(gateway, interface, "uplink");
    own_addresses(gateway, interface, own);
    let mut number = 0;
    let nodes = machines.map(|addresses| {
        number += 1;
        let space = Namespace::new();
        plug(&space, "eth0", &format!("port{number}"));
        settle(&space, addresses, own);
        for address in [addresses.0, addresses.1] {
            gateway.run(&format!("ip route add {address} dev {interface}"));
        }
        space.wait_for_addresses("eth0");
        Node { space, addresses: parse(addresses) }
    });
    gateway.wait_for_addresses(interface);
    Segment { _switch: switch, nodes }
}

/// Attaches the internet: `own` is the address of the gateway on the way there.
pub(super) fn internet<const N: usize>(
    gateway: &Namespace,
    interface: &str,
    own: Pair,
    machines: [Pair; N],
) -> Internet<N> {
    let router: Pair = ("198.18.0.1", "2001:db8:ffff::1");
    let near = segment(gateway, interface, own, [router], USUAL);
    gateway.run(&format!("ip -4 route add default via {} dev {interface}", router.0));
    gateway.run(&format!("ip -6 route add default via {} dev {interface}", router.1));
    let far = segment(&near.nodes[0].space, "far0", FAR_GATEWAY, machines, NARROW);
    Internet { _near: near, far }
}

impl<const N: usize> Internet<N> {
    /// The machines behind it, in the order they were given.
    pub(super) fn machines(&self) -> &[Node; N] {
        &self.far.nodes
    }
}

/// Gives a machine its addresses and the way to its gateway.
fn settle(machine: &Namespace, addresses: Pair, gateway: Pair) {
    own_addresses(machine, "eth0", addresses);
    for (family, gateway) in [("-4", gateway.0), ("-6", gateway.1)] {
        machine.run(&format!("ip {family} route add {gateway} dev eth0"));
        machine.run(&format!("ip {family} route add default via {gateway} dev eth0"));
    }
}

/// Gives an interface its addresses. Detection of duplicates would keep the second one unusable for a while.
fn own_addresses(machine: &Namespace, interface: &str, own: Pair) {
    machine.run(&format!("ip address add {}/32 dev {interface}", own.0));
    machine.run(&format!("ip address add {}/128 dev {interface} nodad", own.1));
}

/// The addresses as values.
pub(super) fn parse(pair: Pair) -> [IpAddr; 2] {
    [pair.0, pair.1].map(|text| text.parse().unwrap_or_else(|error| panic!("{text}: {error}")))
}
