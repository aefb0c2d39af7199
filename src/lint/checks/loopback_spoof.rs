//! Loopback addresses from the network.

use crate::catalog;
use crate::lint::sources::arriving;
use crate::lint::{Check, CheckSubject, Context, Meta, fixes};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct LoopbackSpoof;

static META: Meta = Meta {
    id: "loopback-spoof",
    summary: "packets from the network that claim a loopback source may pass",
    severity: Severity::High,
    profiles: &[Profile::CisDebian12, Profile::Rfc],
    sources: &["RFC 1122 §3.2.1.3", "CIS Debian 12 v1.1.0 4.3.6"],
    page: include_str!("loopback_spoof.md"),
};

impl Check for LoopbackSpoof {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let Some(loopback) = catalog::network("loopback") else { return };
        let forged = arriving(context).only_from(&loopback.addresses());
        findings.extend(context.permits(&forged).first().map(|permit| {
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
