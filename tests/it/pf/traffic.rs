//! Packets to try, and the ways they take.

use std::net::IpAddr;

use mailward::model::{Policy, Term, address};
use mailward::packet::{Bounded, Family, IntervalSet};
use proptest::prelude::*;
use proptest::sample::select;

use super::machine::{Path, Wire};

const V4: [&str; 19] = [
    "10.20.0.1",
    "10.20.1.6",
    "10.20.9.3",
    "10.20.17.1",
    "10.20.200.1",
    "10.20.255.255",
    "192.0.2.1",
    "192.0.2.10",
    "192.0.2.31",
    "198.51.100.7",
    "198.51.100.99",
    "203.0.113.9",
    "203.0.113.77",
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "224.0.0.251",
    "255.255.255.255",
    "8.8.8.8",
];
const V6: [&str; 12] = [
    "2001:db8:20::1",
    "2001:db8:20:1::5",
    "2001:db8:20:2::5",
    "2001:db8:25::10",
    "2001:db8:99::9",
    "2001:db8:ffff::1",
    "2620::1",
    "fe80::1",
    "fe80::2",
    "::1",
    "::",
    "ff02::1",
];
const PORTS: [u16; 15] = [22, 25, 26, 53, 67, 68, 110, 143, 443, 546, 547, 993, 8080, 8101, 40_000];
/// SYN, ACK, SYN+ACK, FIN+ACK, RST, SYN+FIN, SYN+PSH+URG, none.
const FLAGS: [u8; 9] = [2, 2, 16, 18, 17, 4, 3, 2 | 8 | 32, 0];
const KINDS_V4: [u8; 8] = [0, 3, 4, 5, 8, 11, 13, 30];
const KINDS_V6: [u8; 11] = [1, 2, 100, 128, 129, 130, 135, 136, 137, 143, 200];
const PROTOCOLS_V4: [u8; 8] = [1, 2, 6, 6, 6, 17, 17, 47];
const PROTOCOLS_V6: [u8; 7] = [58, 6, 6, 17, 17, 47, 50];
/// One of them is named by no policy.
const INTERFACES: [&str; 6] = ["lan0", "lan1", "dmz0", "wan0", "wan1", "em9"];

/// What packets are made of.
#[derive(Clone)]
pub(crate) struct Pool {
    v4: Vec<IpAddr>,
    v6: Vec<IpAddr>,
    ports: Vec<u16>,
    interfaces: Vec<String>,
}

impl Pool {
    /// What the policies of [`super::text`] speak of, and the edges of it.
    pub(super) fn usual() -> Self {
        let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().expect("an address")).collect();
        let interfaces = INTERFACES.map(str::to_owned).to_vec();
        Self { v4: addresses(&V4), v6: addresses(&V6), ports: PORTS.to_vec(), interfaces }
    }

    /// The first, the last and the next address and port of everything that a policy speaks of, too.
    pub(crate) fn of(policy: &Policy) -> Self {
        let mut pool = Self::usual();
        for entry in &policy.entries {
            for addresses in [&entry.when.source.addresses, &entry.when.destination.addresses] {
                pool.v4.extend(edges(&addresses.v4, u32::MAX.into()).map(|at| address(Family::V4, at)));
                pool.v6.extend(edges(&addresses.v6, u128::MAX).map(|at| address(Family::V6, at)));
            }
            let ports = entry.when.traffic.terms().iter().filter_map(|term| match term {
                Term::Ports { destination, .. } => Some(edges(destination, u16::MAX)),
                _ => None,
            });
            pool.ports.extend(ports.flatten());
        }
        pool.interfaces.extend(policy.interfaces.named().map(|(_, name)| name.to_string()));
        let Self { v4, v6, ports, .. } = &mut pool;
        for addresses in [v4, v6] {
            addresses.sort_unstable();
            addresses.dedup();
        }
        ports.sort_unstable();
        ports.dedup();
        pool
    }

    /// All of its addresses, each once.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.v4.iter().chain(&self.v6).copied()
    }
}

fn edges<T: Bounded>(set: &IntervalSet<T>, last: T) -> impl Iterator<Item = T> {
    let around =
        move |&(first, end): &(T, T)| [Some(first), Some(end), end.next().filter(|next| *next <= last)];
    set.intervals().iter().flat_map(around).flatten().collect::<Vec<_>>().into_iter()
}

/// Any packet of a pool.
pub(crate) fn packets(pool: &Pool) -> impl Strategy<Value = Wire> + use<> {
    let v4 =
        (select(pool.v4.clone()), select(pool.v4.clone()), select(&PROTOCOLS_V4[..]), select(&KINDS_V4[..]));
    let v6 =
        (select(pool.v6.clone()), select(pool.v6.clone()), select(&PROTOCOLS_V6[..]), select(&KINDS_V6[..]));
    let ports = || select(pool.ports.clone());
    let rest = (ports(), ports(), select(&FLAGS[..]), 0..2_u8);
    (prop_oneof![v4, v6], rest).prop_map(
        |((source, destination, protocol, kind), (from, to, flags, code))| {
            wire(source, destination, protocol, Low { ports: (from, to), flags, kind: (kind, code) })
        },
    )
}

/// What lies above addresses and protocol; each protocol takes its own.
#[derive(Clone, Copy)]
pub(super) struct Low {
    pub(super) ports: (u16, u16),
    pub(super) flags: u8,
    pub(super) kind: (u8, u8),
}

pub(super) fn packet(source: &str, destination: &str, protocol: u8, low: Low) -> Wire {
    let address = |text: &str| text.parse().expect("an address");
    wire(address(source), address(destination), protocol, low)
}

fn wire(source: IpAddr, destination: IpAddr, protocol: u8, low: Low) -> Wire {
    let ports = if matches!(protocol, 6 | 17) { low.ports } else { (0, 0) };
    Wire {
        source,
        destination,
        protocol,
        source_port: ports.0,
        destination_port: ports.1,
        flags: if protocol == 6 { low.flags } else { 0 },
        kind: if matches!(protocol, 1 | 58) { low.kind } else { (0, 0) },
        about: None,
    }
}

/// Any way through the machine.
pub(super) fn paths(pool: &Pool) -> impl Strategy<Value = Path> + use<> {
    let interface = || select(pool.interfaces.clone());
    let local = || prop_oneof![8 => interface(), 1 => Just("lo0".to_owned())];
    prop_oneof![
        1 => local().prop_map(Path::Input),
        1 => local().prop_map(Path::Output),
        2 => (interface(), interface()).prop_map(|(from, to)| Path::Forward(from, to)),
    ]
}
