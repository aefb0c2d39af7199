//! A mail server without names.

use crate::lint::reach::{Need, Wanted, sending, shut_altogether};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Host, Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MtaNoDns;

static META: Meta = Meta {
    id: "mta-no-dns",
    summary: "a mail server can ask nobody for names: no DNS may leave it",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 5321 §5.1", "RFC 7672 §2.2.3"],
    page: include_str!("mta_no_dns.md"),
};

/// Who looks up other mail servers, senders and block lists.
const SERVERS: &[Role] = &[Role::MtaOut, Role::Mx];

impl Check for MtaNoDns {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(SERVERS)
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asking = context.hosts_with(SERVERS).filter(|host| needs_names(host));
        for host in asking.filter(|host| !has_neighbour(context, host)) {
            let sent = context.from_host(&sending(context), host);
            let names = [sent.udp(&[53, 853]), sent.tcp(&[53, 853])];
            let asked = Packets::new(names.iter().flat_map(Packets::cubes).cloned().collect());
            findings.extend(shut_altogether(context, &asked, Need::to(Wanted::Some, host)).map(|refusal| {
                context
                    .finding(host.site, "this mail server can ask nobody for names")
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .note("it finds no other server then, and checks no sender and no block list")
                    .help("allow `dns` from it to your resolvers, or declare a resolver beside it with the role `resolver`")
            }));
        }
    }
}

/// Whether others than the policy say whom the host talks to: it has no smart host, and where it only takes mail, no gateway in front.
fn needs_names(host: &Host) -> bool {
    let delivers = host.roles.contains(&Role::MtaOut);
    host.smarthost.is_none() && (delivers || host.relay_via.is_none())
}

/// Whether a declared resolver is on the same network; a resolver on the host itself must ask others, too.
fn has_neighbour(context: &Context<'_>, host: &Host) -> bool {
    let mut resolvers = context.hosts_with(&[Role::Resolver]).filter(|other| !std::ptr::eq(*other, host));
    resolvers.any(|other| context.is_beside(host, &other.addresses))
}
