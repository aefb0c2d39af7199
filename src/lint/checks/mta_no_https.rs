//! A relay that cannot fetch MTA-STS policies.

use crate::lint::reach::{Need, Wanted, shut_altogether};
use crate::lint::{Asked, Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MtaNoHttps;

static META: Meta = Meta {
    id: "mta-no-https",
    summary: "a host with the role `mta-out` may not fetch MTA-STS policies over HTTPS",
    severity: Severity::Low,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 8461 §3.3", "RFC 8460 §3"],
    page: include_str!("mta_no_https.md"),
};

impl Check for MtaNoHttps {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::MtaOut])
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in context.hosts_with(&[Role::MtaOut]) {
            if host.smarthost.is_some() {
                continue;
            }
            let asked = context.from_host(&context.outward(), host).tcp(&[443]);
            findings.extend(shut_altogether(context, &asked, Need::to(Wanted::Some, host)).map(|refusal| {
                context
                    .finding(host.site, "this relay cannot fetch MTA-STS policies")
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .note("domains that demand TLS are then delivered to as if they demanded nothing")
                    .help("allow `https` from it to the outside")
            }));
        }
    }
}
