//! Certificates that will not be renewed.

use crate::lint::reach::{Need, Wanted, shut};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct AcmeHttp01Blocked;

static META: Meta = Meta {
    id: "acme-http01-blocked",
    summary: "a host with the role `acme` cannot be reached on TCP 80, where challenges are asked for",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 8555 §8.3"],
    page: include_str!("acme_http01_blocked.md"),
};

impl Check for AcmeHttp01Blocked {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::Acme])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in context.hosts_with(&[Role::Acme]) {
            let asked = context.to_host(&context.inward(), host).tcp(&[80]);
            findings.extend(
                shut(context, &asked, Need::from(Wanted::Everybody, host)).into_iter().take(1).map(
                    |refusal| {
                        context
                    .finding(host.site, "the certificate authority cannot reach this host")
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .note("the certificate is not renewed then, and TLS fails when it ends")
                    .help(
                        "allow `http` (80) to it from everybody: authorities do not publish their addresses",
                    )
                    },
                ),
            );
        }
    }
}
