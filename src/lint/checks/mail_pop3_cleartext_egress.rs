//! POP3 without TLS over the boundary of the site.

use crate::lint::{Check, Context, Meta, Packets, egress, fixes};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailPop3CleartextEgress;

static META: Meta = Meta {
    id: "mail-pop3-cleartext-egress",
    summary: "POP3 without TLS (TCP 110) may leave the site",
    severity: Severity::High,
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
        "RFC 8314 §3.1",
        "RFC 8314 §4.1",
        "PCI DSS 4.0.1 2.2.5",
        "PCI DSS 4.0.1 4.2.1",
        "NIST SP 800-53r5 SC-8(1)",
        "CIS Controls v8.1 3.10",
        "BSI APP.5.3.A1",
        "ISO/IEC 27001:2022 A.8.21",
        "45 CFR 164.312(e)(1)",
    ],
    page: include_str!("mail_pop3_cleartext_egress.md"),
};

impl Check for MailPop3CleartextEgress {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn named(&self, context: &Context<'_>) -> Packets {
        egress::leaving(context).tcp(&[110])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for permit in context.permits(&context.outward().tcp(&[110])) {
            let finding = context.finding_about(&permit, "lets POP3 without TLS leave the site");
            let finding = fixes::rejecting(context, finding, &permit, "pop3", 110);
            findings.push(
                finding
                    .note("passwords and mail can be read on the way, and STLS can be stripped from the session")
                    .help(
                        "allow `pop3s` (995) instead and reject `pop3`, or put the hosts that cannot do TLS on an \
                         `exception` with an expiry date",
                    ),
            );
        }
    }
}
