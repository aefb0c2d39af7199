//! A relay that can deliver nothing.

use crate::analyze::Hit;
use crate::lint::reach::{Need, Wanted, sending, shut, shut_altogether};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Host, Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MtaNo25Egress;

static META: Meta = Meta {
    id: "mta-no-25-egress",
    summary: "a host with the role `mta-out` cannot deliver mail to everybody, or not to its smart host",
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
            findings.extend(refusals(context, host).into_iter().take(1).map(|refusal| {
                context
                    .finding(host.site, title(host))
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .help("allow `smtp` (25) from it to everybody outside, or name the hosts that it hands its mail to in `smarthost`")
            }));
        }
    }
}

/// Who refuses mail from a host on its way to its smart host, or to everybody outside.
fn refusals<'p>(context: &Context<'p>, host: &Host) -> Vec<Hit<'p>> {
    let Some(smarthost) = &host.smarthost else {
        let delivered = context.from_host(&context.outward(), host).tcp(&[25]);
        return shut(context, &delivered, Need::to(Wanted::Everybody, host));
    };
    if context.is_beside(host, smarthost) {
        return Vec::new();
    }
    let handed_on = context.from_host(&sending(context), host).only_to(smarthost).tcp(&[25, 465, 587]);
    shut_altogether(context, &handed_on, Need::to(Wanted::Some, host)).into_iter().collect()
}

/// What is wrong with a host that cannot deliver.
fn title(host: &Host) -> &'static str {
    match host.smarthost {
        Some(_) => "this host is to hand its mail to a smart host and cannot",
        None => "this host is to deliver mail to everybody and cannot",
    }
}
