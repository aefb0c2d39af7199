//! POP3 over TLS that can be sidestepped, since POP3 without TLS passes between the same hosts.

use crate::lint::downgrade::downgrades;
use crate::lint::{Check, Context, Meta, Packets, egress, fixes};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailPop3sAllowedPop3Open;

static META: Meta = Meta {
    id: "mail-pop3s-allowed-pop3-open",
    summary: "POP3 over TLS (TCP 995) is allowed, and POP3 without TLS (TCP 110) between the same hosts too",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 8314 §4.1"],
    page: include_str!("mail_pop3s_allowed_pop3_open.md"),
};

impl Check for MailPop3sAllowedPop3Open {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn named(&self, context: &Context<'_>) -> Packets {
        egress::leaving(context).tcp(&[110])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for downgrade in downgrades(context, 995, 110) {
            let finding = context
                .finding_about(&downgrade.cleartext, "leaves POP3 without TLS open beside POP3 over TLS");
            let finding = fixes::rejecting(context, finding, &downgrade.cleartext, "pop3", 110);
            findings.push(
                finding
                    .related(downgrade.secure.site, "allows pop3s (995) between the same hosts")
                    .note("a client that fails on 995, or is made to fail, falls back to 110 and sends the password in clear")
                    .help("reject `pop3` (110) where `pop3s` is allowed, so that clients cannot fall back"),
            );
        }
    }
}
