//! Mailboxes that outsiders may open without TLS.

use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailAccessServerCleartextIngress;

static META: Meta = Meta {
    id: "mail-access-server-cleartext-ingress",
    summary: "a host with mailboxes can be reached from outside for POP3 or IMAP without TLS",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc, Profile::Bsi, Profile::Hipaa],
    sources: &["RFC 8314 §4", "RFC 8314 §4.1", "BSI APP.5.3.A2", "45 CFR 164.312(e)(1)"],
    page: include_str!("mail_access_server_cleartext_ingress.md"),
};

impl Check for MailAccessServerCleartextIngress {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::Mailbox])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for permit in context.permits(&asked(context)) {
            findings.push(
                context
                    .finding_about(&permit, "lets outsiders open mailboxes without TLS")
                    .note("some client will use the port, and its user's password can be read on the way")
                    .help("offer `imaps` (993) and `pop3s` (995) only, and reject 110 and 143"),
            );
        }
    }
}

/// POP3 and IMAP from the outside to hosts with mailboxes.
fn asked(context: &Context<'_>) -> Packets {
    context.only_to(&context.inward().tcp(&[110, 143]), &[Role::Mailbox])
}
