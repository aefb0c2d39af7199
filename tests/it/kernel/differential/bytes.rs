//! Packets as bytes, with lengths and checksums that hold.

use std::net::IpAddr;

use crate::pf::Wire;

/// The time to live of every packet of this test, which nothing else here sends: a mark.
pub(super) const TTL: u8 = 123;

/// A packet. Its id is the IPv4 identification or the lower bits of the IPv6 flow label, and sets flows of ICMP apart.
pub(super) fn of(packet: &Wire, id: u16) -> Vec<u8> {
    let above = above(packet, id);
    let length = u16::try_from(above.len()).expect("a short packet");
    match (packet.source, packet.destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            let mut header = vec![0x45, 0];
            header.extend((20 + length).to_be_bytes());
            header.extend(id.to_be_bytes());
            header.extend([0, 0, TTL, packet.protocol, 0, 0]);
            header.extend(source.octets());
            header.extend(destination.octets());
            let sum = checksum(&header);
            header[10..12].copy_from_slice(&sum.to_be_bytes());
            [header, above].concat()
        }
        (IpAddr::V6(source), IpAddr::V6(destination)) => {
            let mut header = vec![0x60, 0];
            header.extend(id.to_be_bytes());
            header.extend(length.to_be_bytes());
            header.extend([packet.protocol, TTL]);
            header.extend(source.octets());
            header.extend(destination.octets());
            [header, above].concat()
        }
        _ => panic!("two families: {packet:?}"),
    }
}

/// Bytes for people.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |all, byte| all + &format!("{byte:02x}"))
}

/// What lies above the network layer.
fn above(packet: &Wire, id: u16) -> Vec<u8> {
    let [id_high, id_low] = id.to_be_bytes();
    let ports = [packet.source_port.to_be_bytes(), packet.destination_port.to_be_bytes()].concat();
    let (kind, code) = packet.kind;
    let (mut bytes, sum_at) = match packet.protocol {
        6 => {
            let rest = [0, 0, id_high, id_low, 0, 0, 0, 1, 0x50, packet.flags, 4, 0, 0, 0, 0, 1];
            ([&ports[..], &rest].concat(), Some(16))
        }
        17 => ([&ports[..], &[0, 12, 0, 0], b"mail"].concat(), Some(6)),
        // Long enough for a timestamp, or for what an error is about, which is nothing.
        1 | 58 => ([&[kind, code, 0, 0, id_high, id_low, 0, 1][..], &[0; 28]].concat(), Some(2)),
        2 => (vec![0x11, 0, 0, 0, 0, 0, 0, 0], Some(2)),
        // Of version 0, around nothing.
        47 => (vec![0, 0, 8, 0, 0, 0, 0, 0], None),
        _ => (vec![0, 0, id_high, id_low, 0, 0, 0, 1, 0, 0, 0, 0], None),
    };
    if let Some(at) = sum_at {
        let covered =
            if matches!(packet.protocol, 1 | 2) { Vec::new() } else { pseudo_header(packet, &bytes) };
        let sum = checksum(&[covered, bytes.clone()].concat());
        bytes[at..at + 2].copy_from_slice(&sum.to_be_bytes());
    }
    bytes
}

/// What the checksums of TCP, UDP and ICMPv6 cover besides the bytes themselves (RFC 9293 §3.1, RFC 8200 §8.1).
fn pseudo_header(packet: &Wire, above: &[u8]) -> Vec<u8> {
    let length = u32::try_from(above.len()).expect("a short packet").to_be_bytes();
    let octets = |address| match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let ends = [octets(packet.source), octets(packet.destination)].concat();
    [&ends[..], &length, &[0, 0, 0, packet.protocol]].concat()
}

/// RFC 1071.
fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)));
    let sum: u32 = words.sum();
    let folded = (sum >> 16) + (sum & 0xffff);
    let folded = (folded >> 16) + (folded & 0xffff);
    !u16::try_from(folded).expect("folded twice")
}
