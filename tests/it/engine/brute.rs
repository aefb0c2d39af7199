//! Every packet of a small space, tried one by one. A space is cut into cells that no list of it tells apart, so that
//! one packet of each stands for all there are.

use std::collections::BTreeSet;

use mailward::packet::{Family, Line, Packet, State, TCP, UDP};

use super::Oracle;

/// A packet of every cell.
pub(crate) struct Brute {
    pub(crate) packets: Vec<Packet>,
}

impl Oracle for Brute {
    fn reached(&mut self, lines: &[Line]) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        for packet in &self.packets {
            let end = first(lines, packet).map_or(lines.len(), |number| number + 1);
            reached.extend((0..end).filter(|&number| lines[number].cube.contains(packet)));
        }
        reached
    }

    fn alike(&mut self, left: &[Line], right: &[Line]) -> bool {
        self.packets.iter().all(|packet| outcome(left, packet) == outcome(right, packet))
    }

    fn conflicts(&mut self, left: &[Line], right: &[Line]) -> BTreeSet<(usize, usize)> {
        let differ = self.packets.iter().filter(|packet| outcome(left, packet) != outcome(right, packet));
        let decider = |lines: &[Line], packet: &Packet| first(lines, packet).unwrap_or(lines.len());
        differ.map(|packet| (decider(left, packet), decider(right, packet))).collect()
    }
}

/// The first line that holds a packet and decides.
pub(crate) fn first(lines: &[Line], packet: &Packet) -> Option<usize> {
    lines.iter().position(|line| line.outcome.is_some() && line.cube.contains(packet))
}

/// The outcome of that line.
pub(crate) fn outcome(lines: &[Line], packet: &Packet) -> Option<usize> {
    first(lines, packet).and_then(|number| lines[number].outcome)
}

/// Whether there can be such a packet.
pub(crate) fn exists(packet: &Packet) -> bool {
    let protocol = packet.transport.to_be_bytes()[1];
    let as_other_protocols =
        [State::New, State::Established, State::Related, State::Invalid, State::Untracked];
    let extension = [0, 43, 44, 51, 60].contains(&protocol);
    (protocol == TCP || as_other_protocols.contains(&packet.state))
        && (protocol == TCP || protocol == UDP || packet.source_port == 0)
        && !(packet.family == Family::V6 && extension)
}
