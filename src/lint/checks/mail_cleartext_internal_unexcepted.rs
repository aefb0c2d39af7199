//! Mail access without TLS inside the site, without an exception.

use crate::lint::breadth::size;
use crate::lint::{Check, CheckSubject, Context, Meta, Packets};
use crate::model::{Host, Profile};
use crate::packet::Family;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailCleartextInternalUnexcepted;

static META: Meta = Meta {
    id: "mail-cleartext-internal-unexcepted",
    summary: "POP3 or IMAP without TLS passes inside the site without an exception",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Rfc, Profile::Pci, Profile::Nist80053],
    sources: &["RFC 8314 §4.1", "NIST SP 800-53r5 SC-7(4)", "PCI DSS 4.0.1 1.2.6"],
    page: include_str!("mail_cleartext_internal_unexcepted.md"),
};

impl Check for MailCleartextInternalUnexcepted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = between_machines(context, &context.internal().tcp(&[110, 143]));
        for permit in context.permits(&asked) {
            let predicate = "lets mail access without TLS pass inside the site, without an exception";
            findings.push(
                context
                    .finding_about(&permit, predicate)
                    .note("cleartext is left to legacy systems that cannot be upgraded, each known and for a time")
                    .help(
                        "allow `imaps` and `pop3s` instead, or name the legacy hosts in a rule of their own with an \
                         `exception`: an owner, a ticket and an expiry date",
                    ),
            );
        }
    }
}

/// Those packets that do not stay on one declared host, as between a webmail program and the mailboxes beside it.
fn between_machines(context: &Context<'_>, packets: &Packets) -> Packets {
    let is_one = |host: &&Host| Family::ALL.iter().all(|&family| size(host.addresses.of(family)) <= 1);
    let within = |host: &Host| packets.only_from(&host.addresses).only_to(&host.addresses);
    let within: Vec<Packets> = context.policy().hosts.iter().filter(is_one).map(within).collect();
    within.iter().flat_map(Packets::cubes).fold(packets.clone(), |rest, cube| rest.without(cube))
}
