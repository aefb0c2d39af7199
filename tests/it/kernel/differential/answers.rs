//! What the gateway says to those whose packets it refuses.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::case::{Shot, is_routed};
use crate::pf::{Fate, Wire, is_own_broadcast};

/// The loopback is a network like others here.
const LOOPBACK_BROADCAST: Ipv4Addr = Ipv4Addr::new(127, 255, 255, 255);

/// The two ends of a TCP flow, as the refused packet has them.
type Ends = [(IpAddr, u16); 2];

/// All refusals, by what they are about.
pub(super) struct Answers {
    resets: BTreeSet<Ends>,
    /// By id.
    prohibited: BTreeSet<u16>,
}

/// A packet taken apart.
struct Received<'b> {
    source: IpAddr,
    destination: IpAddr,
    protocol: u8,
    id: u16,
    above: &'b [u8],
}

impl Answers {
    /// The refusals among what came out of the gateway.
    pub(super) fn of(packets: &[Vec<u8>]) -> Self {
        let (mut resets, mut prohibited) = (BTreeSet::new(), BTreeSet::new());
        for packet in packets.iter().filter_map(|bytes| Received::parse(bytes)) {
            resets.extend(packet.resets());
            prohibited.extend(packet.prohibits());
        }
        Self { resets, prohibited }
    }

    /// How a packet was refused.
    pub(super) fn refusal(&self, shot: &Shot) -> Fate {
        let packet = &shot.packet;
        let ends = [(packet.source, packet.source_port), (packet.destination, packet.destination_port)];
        if packet.protocol == 6 && self.resets.contains(&ends) {
            Fate::Reset
        } else if self.prohibited.contains(&shot.id) {
            Fate::Unreachable
        } else {
            Fate::Drop
        }
    }
}

impl<'b> Received<'b> {
    fn parse(bytes: &'b [u8]) -> Option<Self> {
        let word = |at: usize| Some(u16::from_be_bytes(*bytes.get(at..at + 2)?.as_array()?));
        match bytes.first()? >> 4 {
            4 => {
                let address = |at: usize| Some(Ipv4Addr::from(*bytes.get(at..at + 4)?.as_array()?).into());
                let (source, destination) = (address(12)?, address(16)?);
                Some(Self {
                    source,
                    destination,
                    protocol: *bytes.get(9)?,
                    id: word(4)?,
                    above: bytes.get(20..)?,
                })
            }
            6 => {
                let address = |at: usize| Some(Ipv6Addr::from(*bytes.get(at..at + 16)?.as_array()?).into());
                let (source, destination) = (address(8)?, address(24)?);
                Some(Self {
                    source,
                    destination,
                    protocol: *bytes.get(6)?,
                    id: word(2)?,
                    above: bytes.get(40..)?,
                })
            }
            _ => None,
        }
    }

    /// Whose flow it resets.
    fn resets(&self) -> Option<Ends> {
        let port = |at: usize| Some(u16::from_be_bytes(*self.above.get(at..at + 2)?.as_array()?));
        let is_reset = self.protocol == 6 && self.above.get(13)? & 4 != 0;
        is_reset.then_some([(self.destination, port(2)?), (self.source, port(0)?)])
    }

    /// Which packet it calls administratively prohibited (RFC 1812 §5.2.7.1, RFC 4443 §3.1).
    fn prohibits(&self) -> Option<u16> {
        let kind = (self.protocol, *self.above.first()?, *self.above.get(1)?);
        let is_prohibited = matches!(kind, (1, 3, 13) | (58, 1, 1));
        is_prohibited.then(|| Received::parse(self.above.get(8..)?)).flatten().map(|quoted| quoted.id)
    }
}

/// Whether the kernel may answer a packet that it refuses, and has somewhere to send the answer to (RFC 1122
/// §3.2.2).
pub(super) fn can_come_back(packet: &Wire) -> bool {
    let (source, destination) = (packet.source, packet.destination);
    let is_one = |address: IpAddr| match address {
        IpAddr::V4(address) => {
            let is_all = address.is_broadcast() || address == LOOPBACK_BROADCAST;
            !address.is_multicast() && !is_all && !is_own_broadcast(address.into())
        }
        IpAddr::V6(address) => !address.is_multicast(),
    };
    is_routed(source) && is_one(source) && is_one(destination)
}
