//! IMAP without TLS over the boundary of the site.

use crate::lint::{Check, Context, Meta, Packets, egress, fixes};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailImapCleartextEgress;

static META: Meta = Meta {
    id: "mail-imap-cleartext-egress",
    summary: "IMAP without TLS (TCP 143) may leave the site",
    severity: Severity::Medium,
    profiles: &[
        Profile::Mail,
        Profile::Rfc,
        Profile::Pci,
        Profile::Nist80053,
        Profile::CisControls,
        Profile::Bsi,
        Profile::Iso27001,
        Profile::Hipaa,
    ],
    sources: &[
        "RFC 8314 §3.2",
        "RFC 8314 §4.1",
        "RFC 9051 §11.2",
        "PCI DSS 4.0.1 2.2.5",
        "NIST SP 800-53r5 SC-8",
        "CIS Controls v8.1 3.10",
        "BSI APP.5.3.A1",
        "ISO/IEC 27001:2022 A.8.21",
        "45 CFR 164.312(e)(1)",
    ],
    page: include_str!("mail_imap_cleartext_egress.md"),
};

impl Check for MailImapCleartextEgress {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn named(&self, context: &Context<'_>) -> Packets {
        egress::leaving(context).tcp(&[143])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for permit in context.permits(&context.outward().tcp(&[143])) {
            let finding = context.finding_about(&permit, "lets IMAP without TLS leave the site");
            let finding = fixes::rejecting(context, finding, &permit, "imap", 143);
            findings.push(
                finding
                    .note("passwords and mail can be read on the way, and STARTTLS can be stripped from the session")
                    .help(
                        "allow `imaps` (993) instead and reject `imap`: clients try both ports; or put the hosts that \
                         cannot do TLS on an `exception` with an expiry date",
                    ),
            );
        }
    }
}
