//! ICMPv6 messages that should not travel.

use crate::lint::sources::names_messages;
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::packet::{Hook, ICMPV6, IntervalSet, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Icmp6ShouldDropTransit;

static META: Meta = Meta {
    id: "icmp6-should-drop-transit",
    summary: "ICMPv6 messages are forwarded that should stay on their link or in their site",
    severity: Severity::Low,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.3.5"],
    page: include_str!("icmp6_should_drop_transit.md"),
};

/// Experiments, a reserved type, renumbering, node information, experiments, a reserved type.
const TYPES: [u16; 9] = [100, 101, 127, 138, 139, 140, 200, 201, 255];

impl Check for Icmp6ShouldDropTransit {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let kinds = IntervalSet::from_intervals(TYPES.map(|kind| (kind << 8, kind << 8 | 0xff)));
        let asked = context.opening(Hook::Forward).transport(&transports(ICMPV6, &kinds));
        for permit in context.permits(&asked).iter().filter(|permit| names_messages(permit.hit.entry)) {
            findings.push(
                context
                    .finding_about(permit, "forwards ICMPv6 messages that should not travel")
                    .note("they change routers, tell strangers about hosts, or mean nothing yet")
                    .help("name the messages that are needed: `echo-request`, and the errors that the baseline lets pass"),
            );
        }
    }
}
