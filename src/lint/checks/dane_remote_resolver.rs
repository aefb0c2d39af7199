//! DANE that believes a stranger.

use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Host, Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct DaneRemoteResolver;

static META: Meta = Meta {
    id: "dane-remote-resolver",
    summary: "a host with `dane` asks resolvers outside in clear, where the answer can be forged",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 7672 §2.1.1"],
    page: include_str!("dane_remote_resolver.md"),
};

impl Check for DaneRemoteResolver {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Dane
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let with_dane = context.policy().hosts.iter().filter(|host| host.has_dane);
        for host in with_dane.filter(|host| !is_resolver(context, host)) {
            let leaving = context.from_host(&context.outward(), host);
            let asked = Packets::new([leaving.udp(&[53]).cubes(), leaving.tcp(&[53]).cubes()].concat());
            for permit in context.permits(&asked) {
                findings.push(
                    context
                        .finding_about(&permit, "lets a host that relies on DANE ask resolvers outside in clear")
                        .related(host.site, "this host checks certificates by DANE")
                        .note("that the signatures were checked is one bit in the answer, which can be set on the way")
                        .help("run a validating resolver on the host, and give it the role `resolver` too"),
                );
            }
        }
    }
}

/// Whether a host is a resolver itself, in whichever item of `hosts` that was said.
fn is_resolver(context: &Context<'_>, host: &Host) -> bool {
    let is_same = |other: &Host| {
        host.addresses.subtract(&other.addresses).is_empty() && (other.is_self || !host.is_self)
    };
    context.hosts_with(&[Role::Resolver]).any(is_same)
}
