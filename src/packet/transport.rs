//! Protocol, port and ICMP type in one number, as [`Cube::transport`](super::Cube::transport) holds them.

use super::IntervalSet;

/// The number of a protocol and what follows it: a destination port, or `type << 8 | code` for ICMP and ICMPv6.
#[must_use]
pub const fn transport(protocol: u8, lower: u16) -> u32 {
    (protocol as u32) << 16 | lower as u32
}

/// The numbers of a protocol with any of what may follow it.
#[must_use]
pub fn transports(protocol: u8, lower: &IntervalSet<u16>) -> IntervalSet<u32> {
    let whole = |&(first, last): &(u16, u16)| (transport(protocol, first), transport(protocol, last));
    IntervalSet::from_intervals(lower.intervals().iter().map(whole))
}

/// Every code of an ICMP or ICMPv6 type, each as `type << 8 | code`.
#[must_use]
pub fn every_code(number: u8) -> IntervalSet<u16> {
    IntervalSet::range(u16::from_be_bytes([number, 0]), u16::from_be_bytes([number, u8::MAX]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::{ICMP, TCP};

    #[test]
    fn the_protocol_stands_above_the_port() {
        assert_eq!(transport(TCP, 993), 0x06_03e1);
        assert_eq!(transport(u8::MAX, u16::MAX), 0xff_ffff);
    }

    #[test]
    fn a_protocol_keeps_the_gaps_between_its_ports() {
        let ports = IntervalSet::from_intervals([(25, 25), (110, 143)]);
        let expected = IntervalSet::from_intervals([(0x06_0019, 0x06_0019), (0x06_006e, 0x06_008f)]);
        assert_eq!(transports(TCP, &ports), expected);
    }

    #[test]
    fn the_codes_of_a_type_are_neighbours() {
        assert_eq!(every_code(3), IntervalSet::range(0x0300, 0x03ff));
        assert_eq!(transports(ICMP, &every_code(3)), IntervalSet::range(0x01_0300, 0x01_03ff));
    }
}
