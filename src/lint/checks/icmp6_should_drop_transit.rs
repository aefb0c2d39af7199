//! ICMPv6 messages that should not travel.

use crate::catalog::Treatment;
use crate::lint::{Check, Context, Meta, icmp};
use crate::model::Profile;
use crate::packet::{Family, Hook};
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

impl Check for Icmp6ShouldDropTransit {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let unwanted = icmp::handled(|row| row.transit == Treatment::Drop);
        let through = context.opening(Hook::Forward).off_loopback();
        for permit in icmp::permits(context, &icmp::unsolicited(&through, Family::V6, &unwanted)) {
            findings.push(
                context
                    .finding_about(&permit, "forwards ICMPv6 messages that should not travel")
                    .note("they change routers, tell strangers about hosts, or mean nothing yet")
                    .help("name the messages that are needed: `echo-request`, and the errors that the baseline lets pass"),
            );
        }
    }
}
