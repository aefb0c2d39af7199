//! Packets in words.

use crate::model::{Policy, address};
use crate::packet::{ICMP, ICMPV6, Packet, TCP, UDP};

/// A packet as people write it: `forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110`.
#[must_use]
pub fn describe(policy: &Policy, packet: &Packet) -> String {
    let _ = (policy, ICMP, ICMPV6, TCP, UDP);
    format!("{} {}", packet.hook.name(), address(packet.family, packet.source))
}
