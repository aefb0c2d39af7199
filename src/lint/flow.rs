//! What belongs to a flow besides the packet that opens it: its answers, and errors about them.

use super::{Context, Packets};
use crate::analyze::Hit;
use crate::model::{BaselinePart, Origin, Verdict};
use crate::packet::{
    Cube, Family, Hook, ICMP, ICMPV6, IntervalSet, Packet, State, States, TCP, transport, transports,
};

/// Type and code of "fragmentation needed" (RFC 1191 §4), as [`Cube::transport`].
const FRAGMENTATION_NEEDED: u32 = transport(ICMP, 3 << 8 | 4);
/// Type and code of "packet too big" (RFC 4443 §3.2), as [`Cube::transport`].
const PACKET_TOO_BIG: u32 = transport(ICMPV6, 2 << 8);
/// Echo request and echo reply of ICMP (RFC 792) and ICMPv6 (RFC 4443 §4), as [`Cube::transport`].
const ECHO: [(u32, u32); 2] = [
    (transport(ICMP, 8 << 8), transport(ICMP, 0)),
    (transport(ICMPV6, 128 << 8), transport(ICMPV6, 129 << 8)),
];

/// The first answer to a packet that opens a flow; none for messages that have none, such as ICMP errors.
pub(super) fn answer(packet: &Packet) -> Option<Packet> {
    let (transport, source_port) = answering_transport(packet)?;
    Some(Packet { state: State::Established, transport, source_port, ..back(packet) })
}

/// What a router sends to the source of a packet that is too big for the next link: from any address, since
/// every router on the path may be the one.
pub(super) fn too_big(packet: &Packet) -> Cube {
    let back = Cube::single(&back(packet));
    too_big_among(&Cube { source: packet.family.every_address(), ..back })
}

/// The messages that a packet was too big, by the hook, the interfaces and the addresses of a box. They count as
/// related to the flow they are about.
pub(super) fn too_big_among(cube: &Cube) -> Cube {
    let message = match cube.family {
        Family::V4 => FRAGMENTATION_NEEDED,
        Family::V6 => PACKET_TOO_BIG,
    };
    Cube {
        states: States::of(&[State::Related]),
        transport: IntervalSet::single(message),
        source_ports: IntervalSet::full(),
        ..cube.clone()
    }
}

/// The first entry that refuses some packets that the network itself depends on. Refusing forged sources is right,
/// and does not count.
pub(super) fn wrongly_refused<'p>(context: &Context<'p>, packets: &Cube) -> Option<Hit<'p>> {
    let spoofing = Origin::Baseline(BaselinePart::AntiSpoofing);
    let mut hits = context.decisions().deciding(packets).into_iter();
    hits.find(|hit| hit.entry.verdict != Verdict::Accept && hit.entry.origin != spoofing)
}

/// The first entry that accepts TCP packets in a state, on their way to this machine or through it, off the loopback.
/// What a ruleset is silent about is accepted by nobody, and what may depend on a condition does not count.
pub(super) fn first_to_accept<'p>(context: &Context<'p>, state: State) -> Option<Hit<'p>> {
    let every_port = transports(TCP, &IntervalSet::full());
    let arriving = [Hook::Input, Hook::Forward].map(|hook| context.opening(hook).off_loopback());
    let opening = arriving.iter().flat_map(Packets::cubes);
    let asked = opening.map(|cube| Cube {
        states: States::of(&[state]),
        transport: every_port.clone(),
        ..cube.clone()
    });
    let surely = |hit: &Hit<'_>| hit.entry.origin != Origin::Default && hit.part.unknowns.is_empty();
    asked.into_iter().find_map(|cube| context.hits(&cube).find(surely))
}

/// The way back: where the flow came in, it goes out.
fn back(packet: &Packet) -> Packet {
    let hook = match packet.hook {
        Hook::Input => Hook::Output,
        Hook::Forward => Hook::Forward,
        Hook::Output => Hook::Input,
    };
    Packet {
        hook,
        incoming: packet.outgoing,
        outgoing: packet.incoming,
        source: packet.destination,
        destination: packet.source,
        ..packet.clone()
    }
}

/// The ports of the answer: swapped for TCP and UDP, the reply for an echo request, unchanged for protocols
/// without ports.
fn answering_transport(packet: &Packet) -> Option<(u32, u16)> {
    match (packet.protocol(), packet.port()) {
        (protocol, Some(port)) => Some((transport(protocol, packet.source_port), port)),
        (ICMP | ICMPV6, None) => {
            let echo = ECHO.into_iter().find(|&(request, _)| request == packet.transport);
            echo.map(|(_, reply)| (reply, packet.source_port))
        }
        (_, None) => Some((packet.transport, packet.source_port)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::{UDP, Unknowns};

    fn packet(hook: Hook, transport: u32) -> Packet {
        Packet {
            hook,
            family: Family::V4,
            state: State::New,
            incoming: 1,
            outgoing: 2,
            source: 10,
            destination: 20,
            transport,
            source_port: 40_000,
            unknowns: Unknowns::none(),
        }
    }

    #[test]
    fn the_answer_of_a_forwarded_flow_goes_the_other_way() {
        let answer = answer(&packet(Hook::Forward, transport(TCP, 993))).unwrap();
        assert_eq!((answer.hook, answer.incoming, answer.outgoing), (Hook::Forward, 2, 1));
        assert_eq!((answer.source, answer.destination), (20, 10));
        assert_eq!((answer.transport, answer.source_port), (transport(TCP, 40_000), 993));
        assert_eq!(answer.state, State::Established);
    }

    #[test]
    fn what_comes_in_is_answered_in_the_output_hook() {
        let answer = answer(&packet(Hook::Input, transport(UDP, 53))).unwrap();
        assert_eq!((answer.hook, answer.outgoing), (Hook::Output, 1));
        assert_eq!(answer.source_port, 53);
    }

    #[test]
    fn an_echo_request_is_answered_by_a_reply_and_an_error_by_nothing() {
        let echo = answer(&packet(Hook::Output, transport(ICMP, 8 << 8))).unwrap();
        assert_eq!(echo.transport, transport(ICMP, 0));
        assert_eq!(answer(&packet(Hook::Output, transport(ICMP, 3 << 8 | 1))), None);
    }

    #[test]
    fn the_error_about_a_packet_comes_from_anywhere_to_its_source() {
        let error = too_big(&packet(Hook::Output, transport(TCP, 25)));
        assert_eq!(error.hook, Hook::Input);
        assert_eq!(error.incoming, IntervalSet::single(2));
        assert_eq!(error.destination, IntervalSet::single(10));
        assert_eq!(error.source, Family::V4.every_address());
        assert_eq!(error.transport, IntervalSet::single(0x1_0304));
    }
}
