//! Rules that believe a source port.

use crate::analyze::{Decisions, Hit};
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::{Origin, Profile, Verdict};
use crate::packet::{Cube, Hook, IntervalSet, TCP, UDP, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct SourcePortTrust;

static META: Meta = Meta {
    id: "source-port-trust",
    summary: "packets to high ports are accepted because of the port they come from",
    severity: Severity::High,
    profiles: &[Profile::Bsi, Profile::Pci],
    sources: &["BSI NET.3.2.A3", "PCI DSS 4.0.1 1.4.2"],
    page: include_str!("source_port_trust.md"),
};

/// Ports of servers whose answers stateless filters used to let in: FTP data, SMTP, DNS, DHCP, POP3, NTP, HTTPS.
const TRUSTED: [u16; 7] = [20, 25, 53, 67, 110, 123, 443];
/// The first port that needs no privilege.
const FIRST_HIGH: u16 = 1024;
/// From how many high ports on a rule leaves the destination port free.
const FREE: u32 = 100;
/// Source ports that clients get from their systems unless they ask for one; Linux begins at 32768.
const CLIENTS: (u16, u16) = (32_768, 65_535);

impl Check for SourcePortTrust {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let trusting = candidates(context).filter(|hit| trusts(context.decisions(), hit));
        findings.extend(context.once_each(trusting).iter().map(|permit| {
            let port = permit.hit.packet.source_port;
            context
                .finding_about(permit, &format!("accepts packets to high ports because they come from port {port}"))
                .note("the sender chooses the source port, so everybody reaches every one of these ports")
                .help("accept the flow where it is opened, by destination port: its answers pass as `established`")
        }));
    }
}

/// What rules and defaults that leave many high ports free accept from the trusted ports.
fn candidates<'p>(context: &Context<'p>) -> impl Iterator<Item = Hit<'p>> {
    let asked: Vec<Cube> =
        Hook::ALL.iter().flat_map(|&hook| from_trusted_ports(&context.opening(hook))).collect();
    let entries = context.policy().entries.iter().enumerate();
    let accepting = entries.filter(|(_, entry)| {
        entry.verdict == Verdict::Accept
            && !matches!(entry.origin, Origin::Baseline(_))
            && entry.cubes().iter().any(|cube| is_free(&cube.transport))
    });
    let hits = accepting.flat_map(move |(index, _)| {
        let hit = |cube| context.decisions().hit(index, cube);
        asked.iter().filter_map(hit).collect::<Vec<_>>()
    });
    hits.filter(|hit| !context.is_excepted(hit))
}

/// Packets from the trusted ports to high ports, TCP and UDP.
fn from_trusted_ports(packets: &Packets) -> Vec<Cube> {
    let to_high = packets.transport(&high_ports());
    let ports = IntervalSet::from_intervals(TRUSTED.map(|port| (port, port)));
    to_high.cubes().iter().map(|cube| Cube { source_ports: ports.clone(), ..cube.clone() }).collect()
}

/// Whether an entry accepts many destination ports, and the same packet from a client's port would be refused.
fn trusts(decisions: &Decisions<'_>, hit: &Hit<'_>) -> bool {
    let clients = IntervalSet::range(CLIENTS.0, CLIENTS.1);
    let from_client = Cube { source_ports: clients, ..Cube::single(&hit.packet) };
    is_free(&hit.part.transport) && decisions.refusing(&from_client).is_some()
}

/// Whether a set of [`Cube::transport`] holds many high ports.
fn is_free(transport: &IntervalSet<u32>) -> bool {
    let high = transport.intersect(&high_ports());
    high.intervals().iter().map(|&(start, end)| end - start + 1).sum::<u32>() > FREE
}

/// The ports that need no privilege, of TCP and UDP, as [`Cube::transport`].
fn high_ports() -> IntervalSet<u32> {
    let high = IntervalSet::range(FIRST_HIGH, u16::MAX);
    transports(TCP, &high).union(&transports(UDP, &high))
}
