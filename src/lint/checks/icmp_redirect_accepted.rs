//! ICMP redirects.

use crate::lint::{Check, Context, Meta, Packets, icmp};
use crate::model::{Addresses, Profile};
use crate::packet::Family;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct IcmpRedirectAccepted;

static META: Meta = Meta {
    id: "icmp-redirect-accepted",
    summary: "ICMP redirects may pass, by which traffic is led elsewhere",
    severity: Severity::Medium,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.4.4", "RFC 2979 §3.1.1"],
    page: include_str!("icmp_redirect_accepted.md"),
};

impl Check for IcmpRedirectAccepted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for permit in icmp::permits(context, &redirects(context)) {
            findings.push(
                context
                    .finding_about(&permit, "lets redirects pass, by which traffic is led elsewhere")
                    .note("whoever sends a false one reads what was meant for others")
                    .help("take `redirect` and `nd-redirect` out of the rule"),
            );
        }
    }
}

/// Redirects from outside. Routers of a link send those of ICMPv6 under its addresses (RFC 4861 §8.1).
fn redirects(context: &Context<'_>) -> Packets {
    let arriving = context.entering();
    let v4 = icmp::unsolicited(&arriving, Family::V4, &[(5, None)]);
    let v6 = icmp::unsolicited(&arriving.not_from(&Addresses::link_local()), Family::V6, &[(137, None)]);
    Packets::new([v4.cubes(), v6.cubes()].concat())
}
