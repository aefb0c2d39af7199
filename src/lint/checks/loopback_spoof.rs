//! Loopback addresses from the network.

use crate::analyze::Decider;
use crate::lint::sources::{arriving, block};
use crate::lint::{Check, Context, Meta, fixes};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct LoopbackSpoof;

static META: Meta = Meta {
    id: "loopback-spoof",
    summary: "packets from the network that claim a loopback source may pass",
    severity: Severity::High,
    profiles: &[Profile::CisDebian12, Profile::Rfc],
    sources: &["RFC 1122 §3.2.1.3", "RFC 4291 §2.5.3", "CIS Debian 12 v1.1.0 4.3.6"],
    page: include_str!("loopback_spoof.md"),
};

impl Check for LoopbackSpoof {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        // Kernels drop them too, and most rulesets leave it at that: there somebody has to ask.
        let is_ruleset = context.policy().zones.is_empty();
        if is_ruleset && !context.plan().asks_for(&META) {
            return;
        }
        let forged = arriving(context).only_from(&block("loopback"));
        // What a ruleset leaves open as a whole is for the checks on defaults.
        let is_told =
            |permit: &&Decider<'_>| is_ruleset && context.decides_everything(permit.hit.entry.origin);
        let permits = context.permits(&forged);
        findings.extend(permits.iter().find(|permit| !is_told(permit)).map(|permit| {
            let policy = context.policy();
            let finding = context
                .finding_about(
                    permit,
                    "lets packets pass that come from the network and claim a loopback source",
                )
                .note("programs trust what comes from their own machine, and this does not")
                .help("switch `baseline.anti-spoofing` on, or refuse such sources before everything else");
            fixes::switched_on(finding, policy, policy.baseline.anti_spoofing, "anti-spoofing")
        }));
    }
}
