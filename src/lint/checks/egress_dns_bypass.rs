//! Name resolution that goes past the resolver.

use crate::lint::exposure::{self, Ports};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, egress};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct EgressDnsBypass;

static META: Meta = Meta {
    id: "egress-dns-bypass",
    summary: "hosts may ask name servers outside although the site has a resolver",
    severity: Severity::Medium,
    profiles: &[Profile::CisControls, Profile::Iso27001],
    sources: &["CIS Controls v8.1 4.9", "CIS Controls v8.1 9.2", "ISO/IEC 27001:2022 A.8.23"],
    page: include_str!("egress_dns_bypass.md"),
};

/// DNS, over TLS and over QUIC.
const NAMES: Ports = Ports { tcp: &[53, 853], udp: &[53, 853] };

impl Check for EgressDnsBypass {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::Resolver])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let is_resolver = |roles: &[Role]| roles.contains(&Role::Resolver);
        if !context.policy().hosts.iter().any(|host| is_resolver(&host.roles)) {
            return;
        }
        let clients = context.not_from(&NAMES.of(&context.outward()), &[Role::Resolver, Role::Nameserver]);
        let asked = context.not_to(&clients, &[Role::Resolver]);
        let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
        findings.extend(egress::permits(context, &asked).iter().map(|permit| {
            let ports = exposure::in_words(&exposure::opened(context, permit, &asked, accepts));
            context
                .finding_about(permit, &format!("lets hosts resolve names past the resolver ({ports})"))
                .note("what the resolver filters and logs is not seen for them, and tunnels use the same ports")
                .help("allow `dns` to the resolver, and from the resolver to the outside; a host that resolves for itself has the role `resolver`")
        }));
    }
}
