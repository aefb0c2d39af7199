//! IPv6 without its neighbours.

use crate::analyze::Hit;
use crate::lint::flow;
use crate::lint::{Check, Context, Meta, fixes};
use crate::model::{Addresses, Interfaces, Origin, Profile};
use crate::packet::{Cube, Family, Hook, ICMPV6, IntervalSet, State, States, transport};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Icmp6NdpBlocked;

static META: Meta = Meta {
    id: "icmp6-ndp-blocked",
    summary: "neighbour discovery is refused although IPv6 traffic is accepted",
    severity: Severity::Critical,
    profiles: &[Profile::Rfc, Profile::Mail],
    sources: &["RFC 4890 §4.4.1"],
    page: include_str!("icmp6_ndp_blocked.md"),
};

/// Router and neighbour discovery; tracking leaves them alone.
const DISCOVERY: [u8; 4] = [133, 134, 135, 136];
/// Multicast router discovery, from link-local addresses.
const MULTICAST_ROUTERS: [u8; 3] = [151, 152, 153];

impl Check for Icmp6NdpBlocked {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let refusal = questions().iter().find_map(|question| flow::wrongly_refused(context, question));
        findings.extend(refusal.filter(|_| speaks_ipv6(context)).map(|refusal| finding(context, &refusal)));
    }
}

/// Whether a rule or a default accepts IPv6 traffic.
fn speaks_ipv6(context: &Context<'_>) -> bool {
    let written = |hit: &Hit<'_>| !matches!(hit.entry.origin, Origin::Baseline(_));
    Hook::ALL.into_iter().any(|hook| {
        let boxes = context.opening(hook).off_loopback();
        let mut ipv6 = boxes.cubes().iter().filter(|cube| cube.family == Family::V6);
        ipv6.any(|cube| context.decisions().accepting(cube).iter().any(written))
    })
}

/// What a host on a link has to hear and to say, as the kernel classifies it.
fn questions() -> Vec<Cube> {
    let everybody = Family::V6.every_address();
    let link_local = Addresses::link_local().v6;
    let per_hook = |hook| {
        [
            question(hook, State::Untracked, &DISCOVERY, everybody.clone()),
            question(hook, State::Untracked, &MULTICAST_ROUTERS, link_local.clone()),
        ]
    };
    [Hook::Input, Hook::Output].into_iter().flat_map(per_hook).collect()
}

fn question(hook: Hook, state: State, types: &[u8], source: IntervalSet<u128>) -> Cube {
    let link = || IntervalSet::range(Interfaces::LOOPBACK + 1, u16::MAX);
    let every = Cube::every(hook, Family::V6);
    let code_zero = |kind: &u8| transport(ICMPV6, u16::from_be_bytes([*kind, 0]));
    Cube {
        states: States::of(&[state]),
        incoming: if hook == Hook::Input { link() } else { every.incoming },
        outgoing: if hook == Hook::Output { link() } else { every.outgoing },
        source,
        transport: IntervalSet::from_intervals(types.iter().map(code_zero).map(|value| (value, value))),
        ..Cube::every(hook, Family::V6)
    }
}

fn finding(context: &Context<'_>, refusal: &Hit<'_>) -> Diagnostic {
    let policy = context.policy();
    let finding = context
        .finding(policy.site_of(refusal.entry), "IPv6 neighbour discovery is refused")
        .note(context.example(&refusal.packet))
        .note("without it the machine loses its router and its neighbours, flows that are already open included")
        .help("switch `baseline.neighbour-discovery` on: it stands before every look at the connection state");
    fixes::switched_on(finding, policy, policy.baseline.neighbour_discovery, "neighbour-discovery")
}
