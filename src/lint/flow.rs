//! What belongs to a flow besides the packet that opens it: its answers, and errors about them.

use super::breadth::size;
use super::run::Leniency;
use super::{Context, Packets};
use crate::analyze::Hit;
use crate::model::{Addresses, BaselinePart, Entry, Origin, Verdict};
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

/// Errors about a packet, sent to its source: from any address, since every router on the path may be the one. They
/// count as related to the flow of the packet.
pub(super) fn error(packet: &Packet, messages: IntervalSet<u32>) -> Cube {
    let back = Cube::single(&back(packet));
    error_among(&Cube { source: packet.family.every_address(), ..back }, messages)
}

/// Errors by the hook, the interfaces and the addresses of a box.
pub(super) fn error_among(cube: &Cube, messages: IntervalSet<u32>) -> Cube {
    Cube {
        states: States::of(&[State::Related]),
        transport: messages,
        source_ports: IntervalSet::full(),
        ..cube.clone()
    }
}

/// The message that a packet was too big, as [`Cube::transport`].
pub(super) fn message_too_big(family: Family) -> IntervalSet<u32> {
    IntervalSet::single(match family {
        Family::V4 => FRAGMENTATION_NEEDED,
        Family::V6 => PACKET_TOO_BIG,
    })
}

/// The first entry that refuses some packets that the network itself depends on, whoever sends them. Refusing forged
/// sources is right, and so are lists of networks that are refused whatever they send: neither counts.
pub(super) fn wrongly_refused<'p>(context: &Context<'p>, packets: &Cube) -> Option<Hit<'p>> {
    let decisions = context.decisions();
    let is_wrong = |hit: &Hit<'p>| refuses(hit.entry);
    decisions.refusals(packets).find(is_wrong)?;
    let asked = context.asked_of(&from_anybody(context, packets));
    asked.cubes().iter().find_map(|cube| decisions.refusals(cube).find(is_wrong))
}

/// [`wrongly_refused`], whoever has permitted it.
pub(super) fn refused<'p>(context: &Context<'p>, packets: &Cube) -> Option<Hit<'p>> {
    wrongly_refused(&context.clone().with(Leniency::none()), packets)
}

/// The packets without sources that cannot send, and without those that entries refuse by name: a list is what covers less
/// than half of the sources.
fn from_anybody(context: &Context<'_>, packets: &Cube) -> Cube {
    let decisions = context.decisions();
    let asked = packets.source.intersect(unicast().of(packets.family));
    let half = size(&asked) / 2;
    let refusing = |index: &usize| context.policy().entries.get(*index).is_some_and(refuses);
    let speaking = decisions.speaking(packets).into_iter().filter(refusing);
    let cubes = speaking.flat_map(|index| decisions.cubes_of(index)).filter(|cube| cube.overlaps(packets));
    let listed = cubes.map(|cube| &cube.source).filter(|source| size(&source.intersect(&asked)) < half);
    let rest = asked.subtract(&IntervalSet::union_of(listed));
    let source = if rest.is_empty() { asked } else { rest }; // lists that name everybody together are none
    Cube { source, ..packets.clone() }
}

fn refuses(entry: &Entry) -> bool {
    entry.verdict != Verdict::Accept && entry.origin != Origin::Baseline(BaselinePart::AntiSpoofing)
}

/// Whether a box is about whoever can send.
pub(super) fn is_from_everybody(cube: &Cube) -> bool {
    unicast().of(cube.family).is_subset(&cube.source)
}

/// The addresses that machines have: global ones, private ones and those of links.
fn unicast() -> Addresses {
    let v6 = [(0x2 << 124, (0x4 << 124) - 1), (0xfc << 120, (0xfe << 120) - 1)]; // RFC 4291 §2.4, RFC 4193 §3.1
    let machines = [(1 << 24, (127 << 24) - 1), (128 << 24, (224 << 24) - 1)]; // RFC 1122 §3.2.1.3
    let everybody =
        Addresses { v4: IntervalSet::from_intervals(machines), v6: IntervalSet::from_intervals(v6) };
    everybody.union(&Addresses::link_local())
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

/// The hook of what goes back.
pub(super) const fn hook_back(hook: Hook) -> Hook {
    match hook {
        Hook::Input => Hook::Output,
        Hook::Forward => Hook::Forward,
        Hook::Output => Hook::Input,
    }
}

/// The way back: where the flow came in, it goes out.
fn back(packet: &Packet) -> Packet {
    Packet {
        hook: hook_back(packet.hook),
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
        let error = error(&packet(Hook::Output, transport(TCP, 25)), message_too_big(Family::V4));
        assert_eq!(error.hook, Hook::Input);
        assert_eq!(error.incoming, IntervalSet::single(2));
        assert_eq!(error.destination, IntervalSet::single(10));
        assert_eq!(error.source, Family::V4.every_address());
        assert_eq!(error.transport, IntervalSet::single(0x1_0304));
    }
}
