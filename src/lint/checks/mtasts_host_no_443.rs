//! An MTA-STS policy that nobody can read.

use crate::lint::reach::{Need, Wanted, shut};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MtastsHostNo443;

static META: Meta = Meta {
    id: "mtasts-host-no-443",
    summary: "a host with the role `mta-sts` cannot be reached on TCP 443",
    severity: Severity::Low,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 8461 §3.3"],
    page: include_str!("mtasts_host_no_443.md"),
};

impl Check for MtastsHostNo443 {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::MtaSts])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in context.hosts_with(&[Role::MtaSts]) {
            let asked = context.to_host(&context.inward(), host).tcp(&[443]);
            findings.extend(
                shut(context, &asked, Need::from(Wanted::Everybody, host)).into_iter().take(1).map(
                    |refusal| {
                        context
                            .finding(host.site, "not everybody can read the MTA-STS policy on this host")
                            .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                            .note(context.example(&refusal.packet))
                            .note("servers deliver without TLS as soon as their copy of the policy has ended")
                            .help("allow `https` to it from the outside")
                    },
                ),
            );
        }
    }
}
