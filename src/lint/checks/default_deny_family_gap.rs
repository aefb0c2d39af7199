//! A door that is locked for one address family and open for the other.

use crate::analyze::Hit;
use crate::lint::breadth::{End, is_broad};
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::{Origin, Policy, Profile, Term};
use crate::packet::{Cube, Family, Hook, IntervalSet};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct DefaultDenyFamilyGap;

static META: Meta = Meta {
    id: "default-deny-family-gap",
    summary: "what no rule names is refused over one address family and accepted over the other",
    severity: Severity::Critical,
    profiles: &[Profile::Rfc, Profile::CisDebian12, Profile::Bsi],
    sources: &["RFC 7123 §2", "BSI NET.3.2.A15", "BSI NET.3.2.A17", "CIS Debian 12 v1.1.0 4.4.3.1"],
    page: include_str!("default_deny_family_gap.md"),
};

impl Check for DefaultDenyFamilyGap {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let unnamed = unnamed(context.policy());
        let inward = context.inward().transport(&unnamed);
        let outward = context.outward().transport(&unnamed);
        let gaps = Hook::ALL.into_iter().flat_map(|hook| {
            let inward = gaps(context, &inward.in_hook(hook), End::Source);
            let outward = gaps(context, &outward.in_hook(hook), End::Destination);
            inward.into_iter().chain(outward)
        });
        findings.extend(context.once_each(gaps).iter().map(|permit| {
            let (open, closed) = match permit.hit.packet.family {
                Family::V4 => ("IPv4", "IPv6"),
                Family::V6 => ("IPv6", "IPv4"),
            };
            context
                .finding_about(permit, &format!("accepts over {open} what nothing accepts over {closed}"))
                .note("clients and attackers use whichever family is open, so this is no default deny at all")
                .help(format!(
                    "write `any` or addresses of both families, or refuse the rest over {open} too"
                ))
        }));
    }
}

/// Who accepts packets of one family for many addresses outside while the other family is refused altogether.
fn gaps<'p>(context: &Context<'p>, packets: &Packets, outside: End) -> Vec<Hit<'p>> {
    let of = |family| packets.cubes().iter().filter(move |cube: &&Cube| cube.family == family);
    let closed = |family| !of(family).any(|cube| accepts(context, cube)) && is_used(context.policy(), family);
    let broad = |cube: &Cube, hit: &Hit<'_>| is_broad(context.decisions(), hit.index, cube, outside);
    let open = |family| of(family).flat_map(|cube| context.hits(cube).filter(|hit| broad(cube, hit)));
    let gap =
        |(open_family, closed_family)| closed(closed_family).then(|| open(open_family)).into_iter().flatten();
    [(Family::V6, Family::V4), (Family::V4, Family::V6)].into_iter().flat_map(gap).collect()
}

fn accepts(context: &Context<'_>, cube: &Cube) -> bool {
    let mut hits = context.decisions().accepting(cube);
    hits.any(|hit| !matches!(hit.entry.origin, Origin::Baseline(_)))
}

/// Whether a refusal of that family means anything: IPv6 is not used where every network written is IPv4.
fn is_used(policy: &Policy, family: Family) -> bool {
    let mut written = policy.zones.iter().filter(|zone| zone.has_networks).peekable();
    family == Family::V4
        || written.peek().is_none()
        || written.any(|zone| !zone.addresses.of(Family::V6).is_empty())
}

/// The protocols and ports that no entry names, as [`Cube::transport`]. To speak of a whole protocol is to name it,
/// but not for TCP and UDP: `tcp: any` is a catch-all.
fn unnamed(policy: &Policy) -> IntervalSet<u32> {
    let terms = policy.entries.iter().flat_map(|entry| entry.when.traffic.terms());
    let named = terms.filter(|term| match term {
        Term::Any => false,
        Term::Ports { destination, .. } => !covers_every_port(destination),
        Term::Icmp(_) | Term::Icmpv6(_) | Term::Protocol(_) => true,
    });
    let named = IntervalSet::from_intervals(named.flat_map(|term| term.transport().intervals().to_vec()));
    Cube::every(Hook::Input, Family::V4).transport.subtract(&named)
}

/// Whether a set holds every port; port 0 is never used.
fn covers_every_port(ports: &IntervalSet<u16>) -> bool {
    IntervalSet::range(1, u16::MAX).is_subset(ports)
}
