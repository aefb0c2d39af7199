//! A relay that can deliver nothing.

use crate::lint::reach::{sending, shut};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Host, Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MtaNo25Egress;

static META: Meta = Meta {
    id: "mta-no-25-egress",
    summary: "a host with the role `mta-out` can deliver nothing",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 5321 §4.5.4.1"],
    page: include_str!("mta_no_25_egress.md"),
};

impl Check for MtaNo25Egress {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::MtaOut])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in context.hosts_with(&[Role::MtaOut]) {
            findings.extend(shut(context, &delivering(context, host)).into_iter().take(1).map(|refusal| {
                context
                    .finding(host.site, "this host is to deliver mail and cannot")
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .help("allow `smtp` (25) from it to the outside, or `submissions` to its `smarthost`")
            }));
        }
    }
}

/// Mail on its way from a host: to its smart host, or to everybody outside.
fn delivering(context: &Context<'_>, host: &Host) -> Packets {
    match &host.smarthost {
        Some(smarthost) => context.from_host(&sending(context), host).only_to(smarthost).tcp(&[25, 465, 587]),
        None => context.from_host(&context.outward(), host).tcp(&[25]),
    }
}
