//! ICMPv6 errors that help.

use crate::lint::flow;
use crate::lint::{Asked, Check, Context, Meta, fixes};
use crate::model::Profile;
use crate::packet::{Cube, Family, Hook, ICMPV6, IntervalSet, State, States, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Icmp6NormallyPass;

static META: Meta = Meta {
    id: "icmp6-normally-pass",
    summary: "errors of ICMPv6 are refused that a firewall normally lets pass",
    severity: Severity::Low,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.3.2"],
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
        if policy.zones.iter().all(|zone| zone.addresses.v6.is_empty()) {
            return;
        }
        let kinds = IntervalSet::from_intervals([(0x301, 0x301), (0x400, 0x400)]);
        let errors = Cube {
            states: States::of(&[State::Related]),
            transport: transports(ICMPV6, &kinds),
            ..Cube::every(Hook::Forward, Family::V6)
        };
        findings.extend(flow::wrongly_refused(context, &errors).map(|refusal| {
            let finding = context
                .finding(policy.site_of(refusal.entry), "errors of ICMPv6 about known flows are refused")
                .note(context.example(&refusal.packet))
                .note("a sender that does not hear of them tries again and again")
                .help("switch `baseline.icmp-errors` on");
            fixes::switched_on(finding, policy, policy.baseline.icmp_errors, "icmp-errors")
        }));
    }
}
