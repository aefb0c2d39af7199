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

/// Router and neighbour discovery, and multicast router discovery, from link-local addresses; tracking leaves them alone.
const ON_LINK: [u8; 7] = [133, 134, 135, 136, 151, 152, 153];
/// Neighbour discovery, which machines also send from other addresses (RFC 4861 §7.2.2).
const NEIGHBOURS: [u8; 2] = [135, 136];

impl Check for Icmp6NdpBlocked {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let on_link = questions(&ON_LINK, &Addresses::link_local());
        let on_link = on_link.iter().find_map(|question| flow::wrongly_refused(context, question));
        let refusal = on_link.or_else(|| between_neighbours(context));
        findings.extend(refusal.filter(|_| speaks_ipv6(context)).map(|refusal| finding(context, &refusal)));
    }
}

/// Who refuses neighbours that use other addresses than those of the link, where none of them is heard: a filter may know the
/// networks of a link.
fn between_neighbours<'p>(context: &Context<'p>) -> Option<Hit<'p>> {
    let elsewhere = Addresses::every().subtract(&Addresses::link_local());
    let questions = questions(&NEIGHBOURS, &elsewhere).into_iter();
    let mut shut = questions.filter(|question| context.decisions().first_accepting(question).is_none());
    shut.find_map(|question| flow::wrongly_refused(context, &question))
}

/// Whether a rule or a default accepts IPv6 traffic.
fn speaks_ipv6(context: &Context<'_>) -> bool {
    let written = |hit: &Hit<'_>| !matches!(hit.entry.origin, Origin::Baseline(_));
    Hook::ALL.into_iter().any(|hook| {
        let boxes = context.whatever_opens(hook).off_loopback();
        let mut ipv6 = boxes.cubes().iter().filter(|cube| cube.family == Family::V6);
        ipv6.any(|cube| context.decisions().accepting(cube).any(|hit| written(&hit)))
    })
}

/// What a host on a link has to hear and to say, as the kernel classifies it.
fn questions(types: &[u8], sources: &Addresses) -> [Cube; 2] {
    let link = || IntervalSet::range(Interfaces::LOOPBACK + 1, u16::MAX);
    let code_zero = |kind: &u8| transport(ICMPV6, u16::from_be_bytes([*kind, 0]));
    let message = |hook| Cube {
        states: States::of(&[State::Untracked]),
        source: sources.v6.clone(),
        transport: IntervalSet::from_intervals(types.iter().map(code_zero).map(|value| (value, value))),
        ..Cube::every(hook, Family::V6)
    };
    [Cube { incoming: link(), ..message(Hook::Input) }, Cube { outgoing: link(), ..message(Hook::Output) }]
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
