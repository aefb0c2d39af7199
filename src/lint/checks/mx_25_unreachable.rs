//! An MX that nobody can reach.

use crate::lint::reach::{is_open, shut};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Host, Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Mx25Unreachable;

static META: Meta = Meta {
    id: "mx-25-unreachable",
    summary: "a host with the role `mx` takes no mail: nobody may reach it on TCP 25",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 5321 §4.5.4.2"],
    page: include_str!("mx_25_unreachable.md"),
};

impl Check for Mx25Unreachable {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::Mx])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in context.hosts_with(&[Role::Mx]) {
            if is_open(context, &context.to_host(&context.inward().tcp(&[465]), host)) {
                continue; // That is `mx-tls-required-by-port`.
            }
            findings.extend(shut(context, &delivered(context, host)).into_iter().take(1).map(|refusal| {
                context
                    .finding(host.site, "nobody may deliver mail to this MX")
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .note("mail for the domain comes back to its senders after a few days")
                    .help("allow `smtp` (25) to it from the outside, or name who delivers in `relay-via`")
            }));
        }
    }
}

/// Mail on its way to a host: from those that hand it on, or from everybody outside.
fn delivered(context: &Context<'_>, host: &Host) -> Packets {
    match &host.relay_via {
        Some(relays) => {
            context.to_host(&context.everything().off_loopback(), host).only_from(relays).tcp(&[25])
        }
        None => context.to_host(&context.inward(), host).tcp(&[25]),
    }
}
