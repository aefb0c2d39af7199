//! Mailboxes without a port for TLS.

use crate::lint::reach::is_open;
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct AccessServerNoTlsPort;

static META: Meta = Meta {
    id: "access-server-no-tls-port",
    summary: "a host with mailboxes offers 110 or 143 and neither 993 nor 995",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc, Profile::Hipaa],
    sources: &["RFC 8314 §4", "45 CFR 164.312(e)(2)(ii)"],
    page: include_str!("access_server_no_tls_port.md"),
};

impl Check for AccessServerNoTlsPort {
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
        for host in context.hosts_with(&[Role::Mailbox]) {
            let arriving = Packets::new([context.inward().cubes(), context.internal().cubes()].concat());
            let arriving = context.to_host(&arriving.not_in_hook(Hook::Output), host);
            if is_open(context, &arriving.tcp(&[993, 995])) {
                continue;
            }
            findings.extend(context.permits(&arriving.tcp(&[110, 143])).first().map(|permit| {
                context
                    .finding(
                        host.site,
                        "mailboxes on this host can be opened on 110 or 143, and nobody reaches 993 or 995",
                    )
                    .related(permit.site, "this lets clients use the port without TLS")
                    .note(context.example(&permit.hit.packet))
                    .note("clients have no choice but the port on which everything begins in clear")
                    .help("allow `imaps` (993) or `pop3s` (995) to it, and then shut the others")
            }));
        }
    }
}
