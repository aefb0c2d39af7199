//! ICMP redirects.

use crate::lint::sources::{in_any_state, names_messages};
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::Profile;
use crate::packet::{Hook, ICMP, ICMPV6, IntervalSet, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct IcmpRedirectAccepted;

static META: Meta = Meta {
    id: "icmp-redirect-accepted",
    summary: "ICMP redirects may pass, by which traffic is led elsewhere",
    severity: Severity::Medium,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.4.4"],
    page: include_str!("icmp_redirect_accepted.md"),
};

impl Check for IcmpRedirectAccepted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = redirects(context);
        for permit in context.permits(&asked).iter().filter(|permit| names_messages(permit.hit.entry)) {
            findings.push(
                context
                    .finding_about(permit, "lets redirects pass, by which traffic is led elsewhere")
                    .note("whoever sends a false one reads what was meant for others")
                    .help("take `redirect` and `nd-redirect` out of the rule"),
            );
        }
    }
}

/// Redirects that arrive.
fn redirects(context: &Context<'_>) -> Packets {
    let of = |protocol, kind: u16| transports(protocol, &IntervalSet::range(kind << 8, kind << 8 | 0xff));
    let kinds = of(ICMP, 5).union(&of(ICMPV6, 137));
    let hooks = [Hook::Input, Hook::Forward].map(|hook| context.opening(hook));
    let all = Packets::new(hooks.iter().flat_map(Packets::cubes).cloned().collect());
    in_any_state(&all.off_loopback().transport(&kinds))
}
