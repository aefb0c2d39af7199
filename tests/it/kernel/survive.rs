//! What a filter must not break: neighbours, path-MTU discovery, flows that are open while it is replaced.

use super::namespace::Namespace;
use super::probe::{self, Answer, Flow};
use super::trial::Peer;

/// A client, a server, and a TCP port of it that is allowed.
pub(super) type Allowed<'s> = (&'s Namespace, Peer<'s>, u16);

/// With no neighbour known, the machine finds those it needs (RFC 4861) behind its default drop.
pub(super) fn neighbours_are_found(machine: &Namespace, (client, server, port): Allowed<'_>) {
    for address in server.addresses {
        machine.run("ip -4 neigh flush all");
        machine.run("ip -6 neigh flush all");
        let _listening = probe::listen(server.space, address, &[port]);
        assert_eq!(
            probe::tcp(client, address, &[port]),
            [(port, Answer::Open)],
            "{address} with no neighbour known"
        );
        assert!(
            machine.run("ip neigh show").contains("lladdr"),
            "a neighbour was found on the way to {address}"
        );
    }
}

/// A router further on reports what fits, and the report reaches the sender (RFC 1191, RFC 8201).
pub(super) fn path_mtu_is_learned(sender: &Namespace, to: Peer<'_>, udp_port: u16) {
    for address in to.addresses {
        let route = probe::path_mtu(sender, (address, udp_port).into());
        assert!(
            route.contains("mtu 1280"),
            "the sender knows the narrow link on the way to {address}: {route}"
        );
    }
}

/// An open flow goes on while the ruleset is loaded once more.
pub(super) fn flows_outlive_a_reload((client, server, port): Allowed<'_>, reload: impl Fn()) {
    for address in server.addresses {
        let mut flow = Flow::open(client, server.space, (address, port).into());
        assert!(flow.is_alive(), "{address} before the reload");
        reload();
        assert!(flow.is_alive(), "{address} after the reload");
    }
}
