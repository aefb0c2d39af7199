//! Own addresses from outside.

use crate::lint::sources::{arriving, by_untrusted, networks};
use crate::lint::{Check, CheckSubject, Context, Meta, fixes};
use crate::model::{Profile, Trust};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct InboundOwnSource;

static META: Meta = Meta {
    id: "inbound-own-source",
    summary: "packets from the outside that claim a source of the inside may pass",
    severity: Severity::High,
    profiles: &[Profile::Pci, Profile::Rfc],
    sources: &["RFC 2979 §2", "RFC 6092 REC-6", "PCI DSS 4.0.1 1.4.3"],
    page: include_str!("inbound_own_source.md"),
};

impl Check for InboundOwnSource {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let theirs = networks(context, Trust::Untrusted);
        let own = networks(context, Trust::Internal).subtract(&theirs);
        let forged = by_untrusted(context, &arriving(context)).only_from(&own);
        findings.extend(context.permits(&forged).first().map(|permit| {
            let policy = context.policy();
            let finding = context
                .finding_about(
                    permit,
                    "lets packets pass that come from outside and claim a source of the inside",
                )
                .note("whoever writes such an address into a packet is trusted like the office")
                .help("switch `baseline.anti-spoofing` on, or name zones in `from` instead of addresses");
            fixes::switched_on(finding, policy, policy.baseline.anti_spoofing, "anti-spoofing")
        }));
    }
}
