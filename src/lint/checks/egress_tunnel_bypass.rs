//! Tunnels that carry packets past the filter.

use crate::lint::breadth::{End, is_broad};
use crate::lint::packets::to_ports;
use crate::lint::{Check, Context, Meta, egress};
use crate::model::Profile;
use crate::packet::{Hook, IntervalSet, UDP, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct EgressTunnelBypass;

static META: Meta = Meta {
    id: "egress-tunnel-bypass",
    summary: "hosts may open tunnels to anywhere, whose contents no rule sees",
    severity: Severity::Low,
    profiles: &[Profile::Rfc],
    sources: &["RFC 7123 §3"],
    page: include_str!("egress_tunnel_bypass.md"),
};

/// IPv6 in IPv4 (6in4, 6to4, 6rd, ISATAP) and GRE.
const PROTOCOLS: [u8; 2] = [41, 47];
/// Teredo: IPv6 in UDP.
const TEREDO: u16 = 3544;

impl Check for EgressTunnelBypass {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = context.outward().in_hook(Hook::Forward).transport(&tunnels());
        let broad = |index| {
            asked.cubes().iter().any(|cube| is_broad(context.decisions(), index, cube, End::Destination))
        };
        let permits = egress::permits(context, &asked);
        findings.extend(permits.iter().filter(|permit| broad(permit.hit.index)).map(|permit| {
            context
                .finding_about(permit, "lets tunnels to anywhere leave the site")
                .note("what is inside a tunnel passes the filter unseen, in both directions")
                .help("name the other ends of the tunnels that you know in `to`, and refuse the rest")
        }));
    }
}

/// What tunnels look like from outside, as [`Cube::transport`](crate::packet::Cube::transport).
fn tunnels() -> IntervalSet<u32> {
    let whole = |protocol: &u8| transports(*protocol, &IntervalSet::full());
    PROTOCOLS.iter().map(whole).fold(to_ports(UDP, &[TEREDO]), |all, protocol| all.union(&protocol))
}
