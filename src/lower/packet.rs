//! A packet as written into a packet of a policy: names into numbers, and what was not written from what was.

mod traffic;
mod way;

use crate::model::{Policy, number};
use crate::packet::{Family, Packet, State, States, TCP, Unknowns};
use crate::parse::{EndDecl, PacketDecl};
use crate::source::Diagnostic;
use traffic::Traffic;

/// A packet, and what had to be assumed about it.
#[derive(Clone, Debug)]
pub struct AskedPacket {
    /// The packet.
    pub packet: Packet,
    /// What was not written, and why it is what it is: `source port 49152: none is written`.
    pub assumed: Vec<String>,
}

/// The packet that is meant in a policy.
///
/// # Errors
/// Everything that is wrong with it: unknown names, families that do not meet, parts that its protocol does not have,
/// and an interface that cannot be told from the zones.
pub fn packet(decl: &PacketDecl, policy: &Policy) -> Result<AskedPacket, Vec<Diagnostic>> {
    let mut asked = Asking { decl, policy, problems: Vec::new(), assumed: Vec::new() };
    let packet = asked.packet();
    asked.problems.sort_by_key(|problem| problem.primary.site);
    let Asking { problems, assumed, .. } = asked;
    match packet {
        Some(packet) if problems.is_empty() => Ok(AskedPacket { packet, assumed }),
        _ => Err(problems),
    }
}

/// A packet being looked up.
struct Asking<'a> {
    decl: &'a PacketDecl,
    policy: &'a Policy,
    problems: Vec<Diagnostic>,
    assumed: Vec<String>,
}

impl Asking<'_> {
    /// The packet, sound only if no problem was found on the way.
    fn packet(&mut self) -> Option<Packet> {
        let way = self.way();
        let family = self.family();
        let traffic = family.and_then(|family| self.traffic(family));
        let transport = traffic.and_then(|traffic| self.transport(traffic));
        let source_port = traffic.and_then(|traffic| self.source_port(traffic));
        let state = traffic.map(|traffic| self.state(traffic));
        let (hook, incoming, outgoing) = way?;
        Some(Packet {
            hook,
            family: family?,
            state: state?,
            incoming,
            outgoing,
            source: number(self.decl.source.address.value),
            destination: number(self.decl.destination.address.value),
            transport: transport?,
            source_port: source_port?,
            unknowns: Unknowns::none(),
        })
    }

    fn state(&mut self, traffic: Traffic) -> State {
        let Some(written) = &self.decl.state else { return State::New };
        if traffic != Traffic::Ports(TCP) && !States::WITHOUT_SYN.contains(written.value) {
            let title = format!("only TCP packets are `{}`", written.value.name());
            let problem = Diagnostic::error("odd-state", written.site, title);
            self.problems
                .push(problem.help("other protocols have no SYN: write the state without it, or `new`"));
        }
        written.value
    }

    /// The family of both addresses.
    fn family(&mut self) -> Option<Family> {
        let [source, destination] = [&self.decl.source, &self.decl.destination].map(family_of);
        if source != destination {
            let site = self.decl.destination.address.site;
            let title = format!(
                "a packet from an {} address goes to an {} address",
                source.name(),
                destination.name()
            );
            self.problems.push(
                Diagnostic::error("family-mismatch", site, title)
                    .related(self.decl.source.address.site, "the source")
                    .help("both addresses of a packet are of one family"),
            );
        }
        (source == destination).then_some(source)
    }
}

fn family_of(end: &EndDecl) -> Family {
    if end.address.value.is_ipv4() { Family::V4 } else { Family::V6 }
}

#[cfg(test)]
mod tests;
