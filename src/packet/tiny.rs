//! A space of packets small enough to try every one of them.

use proptest::prelude::*;
use proptest::sample::subsequence;

use super::*;

/// The values each field takes: enough for boxes to meet, hold each other and leave holes.
const STATES: [State; 3] = [State::New, State::Midstream, State::Established];
/// Whether a condition holds that nobody looks into.
const UNKNOWNS: [bool; 2] = [false, true];
const INTERFACES: [u16; 3] = [0, 1, 2];
const ADDRESSES: [u128; 4] = [0, 1, 2, 3];
/// TCP 25 and 26, UDP 25, ICMP echo request.
const TRANSPORTS: [u32; 4] = [0x06_0019, 0x06_001a, 0x11_0019, 0x01_0800];
const SOURCE_PORTS: [u16; 3] = [0, 1, 2];

/// Every packet of the space that can exist, in one hook and family.
pub(super) fn packets() -> Vec<Packet> {
    let mut packets = Vec::new();
    for (state, (incoming, transport)) in pairs(&STATES, &pairs(&INTERFACES, &TRANSPORTS)) {
        for (source, destination) in pairs(&ADDRESSES, &ADDRESSES) {
            packets.extend(pairs(&SOURCE_PORTS, &UNKNOWNS).into_iter().map(|(source_port, holds)| Packet {
                hook: Hook::Input,
                family: Family::V4,
                state,
                incoming,
                outgoing: 0,
                source,
                destination,
                transport,
                source_port,
                unknowns: unknowns(Some(true).filter(|_| holds)),
            }));
        }
    }
    packets.retain(exists);
    packets
}

/// Only TCP has mid-stream packets; what has no ports counts as having source port 0.
fn exists(packet: &Packet) -> bool {
    (packet.protocol() == TCP || packet.state != State::Midstream)
        && (packet.port().is_some() || packet.source_port == 0)
}

/// A condition that holds, or not, or either way.
fn unknowns(holds: Option<bool>) -> Unknowns {
    Unknowns::of(holds.map(|holds| (7, holds))).unwrap()
}

fn pairs<A: Copy, B: Copy>(a: &[A], b: &[B]) -> Vec<(A, B)> {
    a.iter().flat_map(|&a| b.iter().map(move |&b| (a, b))).collect()
}

/// A box with any choice of values, the empty one included.
pub(super) fn cube() -> impl Strategy<Value = Cube> {
    let fields = (
        subsequence(STATES.to_vec(), 0..=3),
        some(&INTERFACES),
        some(&ADDRESSES),
        some(&ADDRESSES),
        some(&TRANSPORTS),
        some(&SOURCE_PORTS),
        prop_oneof![2 => Just(None), 1 => Just(Some(true)), 1 => Just(Some(false))],
    );
    fields.prop_map(|(states, incoming, source, destination, transport, source_ports, holds)| Cube {
        hook: Hook::Input,
        family: Family::V4,
        states: States::of(&states),
        incoming,
        outgoing: IntervalSet::single(0),
        source,
        destination,
        transport,
        source_ports,
        unknowns: unknowns(holds),
    })
}

/// A choice of values; every second one holds them all, as the fields of real rules do.
fn some<T: Bounded + 'static>(values: &[T]) -> impl Strategy<Value = IntervalSet<T>> + use<T> {
    let all = set(values);
    let chosen = subsequence(values.to_vec(), 0..=values.len()).prop_map(|chosen| set(&chosen));
    prop_oneof![Just(all), chosen]
}

fn set<T: Bounded>(values: &[T]) -> IntervalSet<T> {
    IntervalSet::from_intervals(values.iter().map(|&value| (value, value)))
}
