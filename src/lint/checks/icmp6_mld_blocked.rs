//! Neighbours that are lost after minutes.

use crate::lint::flow;
use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Addresses, Interfaces, Profile};
use crate::packet::{Cube, Family, Hook, ICMPV6, IntervalSet, State, States, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Icmp6MldBlocked;

static META: Meta = Meta {
    id: "icmp6-mld-blocked",
    summary: "multicast listener discovery is refused, so switches lose track of neighbour discovery",
    severity: Severity::Medium,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.4.1"],
    page: include_str!("icmp6_mld_blocked.md"),
};

/// Multicast listener discovery, both versions.
const LISTENERS: [u16; 4] = [130, 131, 132, 143];

impl Check for Icmp6MldBlocked {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Ruleset
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let passes = |cube: &Cube| context.decisions().refusing(cube).is_none();
        if !passes(&message(&[135])) {
            return; // That is `icmp6-ndp-blocked`.
        }
        findings.extend(flow::wrongly_refused(context, &message(&LISTENERS)).map(|refusal| {
            context
                .finding(context.policy().site_of(refusal.entry), "multicast listener discovery is refused")
                .note(context.example(&refusal.packet))
                .note("switches that watch multicast stop sending neighbour discovery to this machine after minutes")
                .help("allow the types 130, 131, 132 and 143 from link-local addresses, before the refusal")
        }));
    }
}

/// Messages from a link-local address that arrive on a link; tracking leaves them alone.
fn message(types: &[u16]) -> Cube {
    let kinds = IntervalSet::from_intervals(types.iter().map(|kind| (kind << 8, kind << 8)));
    Cube {
        states: States::of(&[State::Untracked]),
        incoming: IntervalSet::range(Interfaces::LOOPBACK + 1, u16::MAX),
        source: Addresses::link_local().v6,
        transport: transports(ICMPV6, &kinds),
        ..Cube::every(Hook::Input, Family::V6)
    }
}
