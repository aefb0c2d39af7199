//! A mail server without names.

use crate::lint::reach::{is_open, sending, shut};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Host, Profile, Role, Zone};
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

impl Check for MtaNoDns {
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
        for host in context.hosts_with(&[Role::MtaOut]).filter(|host| !has_neighbour(context, host)) {
            let asked = context.from_host(&sending(context), host);
            let safe = [asked.tcp(&[53]), asked.tcp(&[853])];
            if safe.iter().any(|packets| is_open(context, packets)) {
                continue;
            }
            if is_open(context, &asked.udp(&[53])) {
                continue;
            }
            findings.extend(shut(context, &asked.udp(&[53])).into_iter().take(1).map(|refusal| {
                context
                    .finding(host.site, "this mail server can ask nobody for names")
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .note("it finds no other server then, and checks no sender")
                    .help("allow `dns` from it to your resolvers, or declare a resolver beside it with the role `resolver`")
            }));
        }
    }
}

/// Whether a declared resolver is on the same network, or on the host itself: packets between them pass no filter.
fn has_neighbour(context: &Context<'_>, host: &Host) -> bool {
    let together = |zone: &Zone, other: &Host| {
        zone.addresses.overlaps(&host.addresses) && zone.addresses.overlaps(&other.addresses)
    };
    context.hosts_with(&[Role::Resolver]).any(|other| {
        !std::ptr::eq(other, host)
            && context.policy().zones.iter().any(|zone| zone.has_networks && together(zone, other))
    })
}
