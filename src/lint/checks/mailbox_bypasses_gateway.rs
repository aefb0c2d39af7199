//! Mail past the gateway.

use crate::lint::mail::{RELAYS, listed};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailboxBypassesGateway;

static META: Meta = Meta {
    id: "mailbox-bypasses-gateway",
    summary: "others than the hosts in `relay-via` may hand mail to a host",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Bsi, Profile::Nist80053],
    sources: &["BSI NET.3.2.A20", "NIST SP 800-53r5 SI-8"],
    page: include_str!("mailbox_bypasses_gateway.md"),
};

impl Check for MailboxBypassesGateway {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::RelayVia
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in &context.policy().hosts {
            let Some(relays) = &host.relay_via else { continue };
            let is_mx = host.roles.contains(&Role::Mx);
            // Mail from the outside to a host that is no MX is `smtp-in-on-non-mx`.
            let outside = if is_mx { context.inward() } else { Packets::new(Vec::new()) };
            let inside = context.not_from(&context.internal(), RELAYS);
            let all = Packets::new([outside.cubes(), inside.not_in_hook(Hook::Output).cubes()].concat());
            for permit in listed(context, &context.to_host(&all, host).tcp(&[25]).not_from(relays)) {
                findings.push(
                    context
                        .finding_about(&permit, "lets mail pass by the hosts in `relay-via`")
                        .related(host.site, "this host takes mail through them only")
                        .note("spam, viruses and forged senders are stopped there and nowhere else")
                        .help("name the hosts of `relay-via` in `from`"),
                );
            }
        }
    }
}
