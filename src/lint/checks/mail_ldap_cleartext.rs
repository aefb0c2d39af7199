//! Directories that are asked without TLS.

use crate::lint::mail::listed;
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailLdapCleartext;

static META: Meta = Meta {
    id: "mail-ldap-cleartext",
    summary: "LDAP without TLS (TCP 389 and 3268) may pass, where 636 and 3269 could be used",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Pci, Profile::Nist80053, Profile::Rfc],
    sources: &["RFC 4513 §6.3.3", "PCI DSS 4.0.1 2.2.5", "NIST SP 800-53r5 SC-8(1)"],
    page: include_str!("mail_ldap_cleartext.md"),
};

impl Check for MailLdapCleartext {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        // That 389 is open to the outside at all is `datastore-from-any`, where that is run.
        let inward: &[u16] = if context.is_run("datastore-from-any") { &[3268] } else { &[389, 3268] };
        let all = [context.outward().tcp(&[389, 3268]), context.inward().tcp(inward)];
        let asked = Packets::new(all.iter().flat_map(Packets::cubes).cloned().collect());
        for permit in listed(context, &asked) {
            findings.push(
                context
                    .finding_about(&permit, "lets directories be asked without TLS")
                    .note("binds carry the name and password of a user or a service")
                    .help("allow `ldaps` (636) or `ldaps-gc` (3269) instead"),
            );
        }
    }
}
