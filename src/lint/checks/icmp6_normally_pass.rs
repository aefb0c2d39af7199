//! ICMPv6 errors that help.

use crate::catalog::{Handling, Treatment};
use crate::lint::{Asked, Check, Context, Meta, fixes, icmp};
use crate::model::Profile;
use crate::packet::{Family, IntervalSet};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Icmp6NormallyPass;

static META: Meta = Meta {
    id: "icmp6-normally-pass",
    summary: "errors of ICMPv6 are refused that a firewall normally lets pass",
    severity: Severity::Low,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.3.2", "RFC 4890 §4.4.2"],
    page: include_str!("icmp6_normally_pass.md"),
};

impl Check for Icmp6NormallyPass {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let policy = context.policy();
        findings.extend(icmp::refused_errors(context, errors).into_iter().map(|(flow, refusal)| {
            let finding = context
                .finding(policy.site_of(refusal.entry), "errors of ICMPv6 about known flows are refused")
                .related(policy.site_of(flow.entry), "this accepts a flow that they are about")
                .note(context.example(&refusal.packet))
                .note("a sender that does not hear of them tries again and again")
                .help("switch `baseline.icmp-errors` or `baseline.established` on");
            fixes::switched_on(finding, policy, policy.baseline.icmp_errors, "icmp-errors")
        }));
    }
}

/// The errors that normally pass, through a filter and to it.
fn errors(family: Family) -> IntervalSet<u32> {
    let normally = |row: &Handling| [row.transit, row.local] == [Treatment::ShouldPass; 2];
    match family {
        Family::V4 => IntervalSet::empty(),
        Family::V6 => icmp::transport_of(family, &icmp::handled(normally)),
    }
}
