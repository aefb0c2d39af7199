//! Mail access without TLS from outside.

use crate::analyze::Decider;
use crate::lint::mail::listed;
use crate::lint::{Check, Context, Meta};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailAccessServerCleartextIngress;

const MAILBOXES: &[Role] = &[Role::Mailbox];

static META: Meta = Meta {
    id: "mail-access-server-cleartext-ingress",
    summary: "POP3 or IMAP without TLS may come in from outside",
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
        "RFC 8314 §4",
        "RFC 8314 §4.1",
        "PCI DSS 4.0.1 2.2.5",
        "NIST SP 800-53r5 SC-8(1)",
        "CIS Controls v8.1 3.10",
        "BSI APP.5.3.A2",
        "ISO/IEC 27001:2022 A.8.21",
        "45 CFR 164.312(e)(1)",
    ],
    page: include_str!("mail_access_server_cleartext_ingress.md"),
};

impl Check for MailAccessServerCleartextIngress {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for permit in permits(context) {
            findings.push(
                context
                    .finding_about(&permit, "lets outsiders open mailboxes without TLS")
                    .note("some client will use the port, and its user's password can be read on the way")
                    .help("offer `imaps` (993) and `pop3s` (995) only, and reject 110 and 143"),
            );
        }
    }
}

/// Who lets POP3 and IMAP in from the outside: to hosts with mailboxes, whatever the rule says, and to others if it names the ports.
fn permits<'p>(context: &Context<'p>) -> Vec<Decider<'p>> {
    let inward = context.inward().tcp(&[110, 143]);
    let mut permits = context.permits(&context.only_to(&inward, MAILBOXES));
    let others = listed(context, &context.not_to(&inward, MAILBOXES));
    let more = others.into_iter().filter(|other| permits.iter().all(|permit| permit.site != other.site));
    permits.extend(more.collect::<Vec<_>>());
    permits
}
