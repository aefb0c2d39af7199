//! `ManageSieve` on the port it had before.

use crate::lint::mail::{crossing, listed};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailManagesieveLegacyPort;

static META: Meta = Meta {
    id: "mail-managesieve-legacy-port",
    summary: "a host with mailboxes can be reached on TCP 2000, the port of ManageSieve before 4190",
    severity: Severity::Low,
    profiles: &[Profile::Mail],
    sources: &["RFC 5804 §1.8", "IANA"],
    page: include_str!("mail_managesieve_legacy_port.md"),
};

impl Check for MailManagesieveLegacyPort {
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
        let asked = context.only_to(&crossing(context).tcp(&[2000]), &[Role::Mailbox]);
        for permit in listed(context, &asked) {
            findings.push(
                context
                    .finding_about(&permit, "opens TCP 2000 to a mail store, where ManageSieve was once")
                    .note("the port belongs to something else now, and what listens there is an old program")
                    .help("use `managesieve` (4190)"),
            );
        }
    }
}
