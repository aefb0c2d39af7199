//! An MX that wants TLS by the port.

use crate::lint::reach::{Need, Wanted, in_family, is_open, shut};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MxTlsRequiredByPort;

static META: Meta = Meta {
    id: "mx-tls-required-by-port",
    summary: "an MX can be reached on 465 and not on 25: other servers deliver to 25 only",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 3207 §4"],
    page: include_str!("mx_tls_required_by_port.md"),
};

impl Check for MxTlsRequiredByPort {
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
            let inward = context.to_host(&context.inward(), host);
            if host.relay_via.is_some() {
                continue;
            }
            let mut shut = shut(context, &inward.tcp(&[25]), Need::from(Wanted::Everybody, host));
            shut.retain(|refusal| is_open(context, &in_family(&inward.tcp(&[465]), refusal.packet.family)));
            findings.extend(shut.into_iter().take(1).map(|refusal| {
                context
                    .finding(host.site, "this MX takes mail on 465 and not on 25")
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets to 25")
                    .note(context.example(&refusal.packet))
                    .note(
                        "servers deliver to port 25; TLS is asked for with MTA-STS or DANE, not by the port",
                    )
                    .help("allow `smtp` (25) to it from the outside")
            }));
        }
    }
}
