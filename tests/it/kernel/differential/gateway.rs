//! A machine whose interfaces end in this test.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4, SocketAddrV6};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::net::{AddressFamily, SendFlags, SocketType, ipproto, netdevice, sendto, socket, sockopt};
use tappers::{Interface, Tun};

use super::bytes;
use super::case::{Routes, Sender, Shot};
use crate::kernel::namespace::Namespace;
use crate::pf::OWN;

/// All of them but the loopback. No policy names the last one.
pub(super) const INTERFACES: [&str; 6] = ["lan0", "lan1", "dmz0", "wan0", "wan1", "em9"];

/// Where the addresses of [`OWN`] are.
const HOMES: [&[&str]; OWN.len()] =
    [&[], &[], &["lan0"], &["lan0"], &["dmz0"], &["wan0"], &["wan0"], &INTERFACES];

/// The group of the packets for groups.
const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);

/// What is not as the kernel has it by default: whatever is sent comes to the filter, nothing is sent unasked, and
/// refusals are not limited.
const SETTINGS: &[(&str, &str)] = &[
    ("net/ipv4/conf/all/rp_filter", "0"),
    ("net/ipv4/conf/default/rp_filter", "0"),
    ("net/ipv4/conf/all/accept_local", "1"),
    ("net/ipv4/conf/all/route_localnet", "1"),
    ("net/ipv4/conf/all/send_redirects", "0"),
    ("net/ipv4/conf/default/send_redirects", "0"),
    ("net/ipv4/conf/all/accept_redirects", "0"),
    ("net/ipv4/icmp_ratemask", "0"),
    ("net/ipv6/conf/default/addr_gen_mode", "1"),
    ("net/ipv6/conf/all/accept_redirects", "0"),
    ("net/ipv6/conf/default/accept_redirects", "0"),
    ("net/ipv6/icmp/ratelimit", "0"),
];

/// The machine.
pub(super) struct Gateway {
    pub(super) space: Namespace,
    interfaces: Vec<Cable>,
    v4: OwnedFd,
    v6: OwnedFd,
}

/// An interface, seen from its other end.
struct Cable {
    name: String,
    number: u32,
    far: Tun,
}

impl Gateway {
    /// A machine with the addresses of [`OWN`] and these routes, without a filter.
    pub(super) fn new(routes: &Routes) -> Self {
        let gateway = Self::wired(&INTERFACES, &wiring(routes));
        for cable in &gateway.interfaces {
            let number = cable.number;
            sockopt::set_ip_add_membership_with_ifindex(&gateway.v4, &GROUP, &Ipv4Addr::UNSPECIFIED, number)
                .expect("a member of the group");
        }
        while !gateway.space.run("ip -6 address show tentative").is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        gateway
    }

    /// A machine with these interfaces, all up, and what `ip` has to do besides.
    pub(super) fn wired(names: &[&str], wiring: &str) -> Self {
        let space = Namespace::new();
        for (key, value) in SETTINGS {
            space.set(key, value);
        }
        let (v4, v6) = (raw(&space, AddressFamily::INET), raw(&space, AddressFamily::INET6));
        sockopt::set_socket_broadcast(&v4, true).expect("broadcasts allowed");
        let interfaces = names.iter().map(|name| Cable::new(&space, name, &v4)).collect();
        let up = names.iter().fold(String::new(), |all, name| all + "link set " + name + " up\n");
        space.feed("ip -batch -", &(up + wiring));
        Self { space, interfaces, v4, v6 }
    }

    /// The name of its first interface.
    pub(super) fn first_interface(&self) -> &str {
        &self.interfaces[0].name
    }

    /// Sends a packet from where it comes from.
    pub(super) fn send(&self, shot: &Shot) {
        let bytes = bytes::of(&shot.packet, shot.id);
        let cable =
            |name: &str| self.interfaces.iter().find(|cable| cable.name == name).expect("one of ours");
        match (&shot.from, shot.packet.destination) {
            (Sender::Outside(from), _) => {
                cable(from).far.send(&bytes).expect("the cable takes it");
            }
            // What the filter refuses is an error here, and the witness tells.
            (Sender::Gateway(_), IpAddr::V4(to)) => {
                let _refused = sendto(&self.v4, &bytes, SendFlags::empty(), &SocketAddrV4::new(to, 0));
            }
            (Sender::Gateway(by), IpAddr::V6(to)) => {
                let to = SocketAddrV6::new(to, 0, 0, cable(by).number);
                let _refused = sendto(&self.v6, &bytes, SendFlags::empty(), &to);
            }
        }
    }

    /// Everything that came out of the interfaces and was not fetched before.
    pub(super) fn received(&self) -> Vec<Vec<u8>> {
        let mut buffer = [0; 2048];
        let mut fetch = |cable: &Cable| {
            let length = cable.far.recv(&mut buffer).ok()?;
            Some(buffer[..length].to_vec())
        };
        self.interfaces
            .iter()
            .flat_map(|cable| std::iter::from_fn(|| fetch(cable)).collect::<Vec<_>>())
            .collect()
    }
}

impl Cable {
    fn new(space: &Namespace, name: &str, any_socket: &OwnedFd) -> Self {
        let named = Interface::new(name).expect("a name");
        let mut far = space.inside(|| Tun::new_named(named)).expect("a TUN device; is there /dev/net/tun?");
        far.set_nonblocking(true).expect("no waiting");
        let number = netdevice::name_to_index(any_socket, name).expect("it is there");
        Self { name: name.to_owned(), number, far }
    }
}

/// A socket for whole packets.
fn raw(space: &Namespace, family: AddressFamily) -> OwnedFd {
    space.inside(|| socket(family, SocketType::RAW, Some(ipproto::RAW))).expect("a raw socket")
}

/// What `ip` has to do about addresses and routes.
fn wiring(routes: &Routes) -> String {
    let homes =
        OWN.iter().zip(HOMES).flat_map(|(address, names)| names.iter().map(move |name| (address, name)));
    let own = homes.fold(String::new(), |all, (address, name)| {
        let flag = if address.contains(':') { "nodad" } else { "" };
        all + &format!("address add {address} dev {name} {flag}\n")
    });
    routes.iter().fold(own, |mut all, (address, name)| {
        writeln!(all, "route add {address} dev {name}").expect("a string takes text");
        all
    })
}
