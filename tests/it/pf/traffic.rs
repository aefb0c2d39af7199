//! Packets to try, and the ways they take.

use std::net::IpAddr;

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
const INTERFACES: [&str; 6] = ["lan0", "lan1", "dmz0", "wan0", "wan1", "em9"];

/// Any packet.
pub(super) fn packets() -> impl Strategy<Value = Wire> {
    let v4 =
        (select(&V4[..]), select(&V4[..]), select(vec![1_u8, 2, 6, 6, 6, 17, 17, 47]), select(&KINDS_V4[..]));
    let v6 =
        (select(&V6[..]), select(&V6[..]), select(vec![58_u8, 6, 6, 17, 17, 47, 50]), select(&KINDS_V6[..]));
    let addressed = prop_oneof![v4, v6];
    let rest = (select(&PORTS[..]), select(&PORTS[..]), select(&FLAGS[..]), 0..2_u8);
    (addressed, rest).prop_map(|((source, destination, protocol, kind), (from, to, flags, code))| {
        packet(source, destination, protocol, Low { ports: (from, to), flags, kind: (kind, code) })
    })
}

/// What lies above addresses and protocol; each protocol takes its own.
#[derive(Clone, Copy)]
pub(super) struct Low {
    pub(super) ports: (u16, u16),
    pub(super) flags: u8,
    pub(super) kind: (u8, u8),
}

pub(super) fn packet(source: &str, destination: &str, protocol: u8, low: Low) -> Wire {
    let address = |text: &str| text.parse::<IpAddr>().expect("an address");
    let ports = if matches!(protocol, 6 | 17) { low.ports } else { (0, 0) };
    Wire {
        source: address(source),
        destination: address(destination),
        protocol,
        source_port: ports.0,
        destination_port: ports.1,
        flags: if protocol == 6 { low.flags } else { 0 },
        kind: if matches!(protocol, 1 | 58) { low.kind } else { (0, 0) },
        about: None,
    }
}

/// Any way through the machine.
pub(super) fn paths() -> impl Strategy<Value = Path> {
    let interface = || select(&INTERFACES[..]).prop_map(str::to_owned);
    let local = || prop_oneof![8 => interface(), 1 => Just("lo0".to_owned())];
    prop_oneof![
        1 => local().prop_map(Path::Input),
        1 => local().prop_map(Path::Output),
        2 => (interface(), interface()).prop_map(|(from, to)| Path::Forward(from, to)),
    ]
}
