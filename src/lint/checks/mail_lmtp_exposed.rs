//! LMTP within reach of others than mail servers.

use crate::lint::exposure;
use crate::lint::mail::{RELAYS, listed};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailLmtpExposed;

static META: Meta = Meta {
    id: "mail-lmtp-exposed",
    summary: "LMTP, which asks for no login, is open to others than mail servers",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Nist80053],
    sources: &["RFC 2033 §5", "NIST SP 800-53r5 CM-7"],
    page: include_str!("mail_lmtp_exposed.md"),
};

/// Who makes a mail system, wherever it is.
const SYSTEM: &[Role] = &[Role::Mx, Role::MtaOut, Role::Msa, Role::Filter, Role::Mailbox];

impl Check for MailLmtpExposed {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    /// Without a mail system nobody means LMTP by these ports: 2003 and 8024 are others' too.
    fn needs(&self) -> Declared {
        Declared::AnyRole(SYSTEM)
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        if self.needs().missing(context).is_some() {
            return;
        }
        let inside = context.internal().not_in_hook(Hook::Output);
        let arriving = Packets::new([exposure::exposing(context).cubes(), inside.cubes()].concat());
        for permit in listed(context, &context.not_from(&arriving, RELAYS).tcp(&[24, 2003, 8024])) {
            findings.push(
                context
                    .finding_about(&permit, "opens LMTP to others than mail servers")
                    .note("nobody logs in there, and what is handed in lies in the mailbox, from whomever it says")
                    .help("allow the port from the hosts with the roles `mx`, `msa`, `mta-out` and `filter` only"),
            );
        }
    }
}
