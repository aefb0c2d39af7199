//! IMAP over TLS that can be sidestepped, since IMAP without TLS passes between the same hosts.

use crate::lint::downgrade::downgrades;
use crate::lint::{Check, Context, Meta, Packets, egress, fixes};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailImapsAllowedImapOpen;

static META: Meta = Meta {
    id: "mail-imaps-allowed-imap-open",
    summary: "IMAP over TLS (TCP 993) is allowed, and IMAP without TLS (TCP 143) between the same hosts too",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 9051 §11.2", "RFC 8314 §4.1"],
    page: include_str!("mail_imaps_allowed_imap_open.md"),
};

impl Check for MailImapsAllowedImapOpen {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn named(&self, context: &Context<'_>) -> Packets {
        egress::leaving(context).tcp(&[143])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for downgrade in downgrades(context, 993, 143) {
            let finding = context
                .finding_about(&downgrade.cleartext, "leaves IMAP without TLS open beside IMAP over TLS");
            let finding = fixes::rejecting(context, finding, &downgrade.cleartext, "imap", 143);
            findings.push(
                finding
                    .related(downgrade.secure.site, "allows imaps (993) between the same hosts")
                    .note("clients try 993 and 143 at once, so that some sessions start in clear whatever the server offers")
                    .help("reject `imap` (143) where `imaps` is allowed, so that clients cannot fall back"),
            );
        }
    }
}
