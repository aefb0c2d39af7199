//! Resolvers that answer everybody.

use crate::lint::breadth::{End, is_broad, size};
use crate::lint::exposure::{self, Ports};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Addresses, Host, Policy, Profile, Role, Trust, Zone};
use crate::packet::{Cube, Family, Hook};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct OpenResolver;

static META: Meta = Meta {
    id: "open-resolver",
    summary: "a resolver is open to sources outside that are not limited to a few networks",
    severity: Severity::High,
    profiles: &[Profile::Nist80053, Profile::Rfc],
    sources: &["NIST SP 800-53r5 SC-5", "RFC 5358 §4"],
    page: include_str!("open_resolver.md"),
};

/// DNS.
const NAMES: Ports = Ports { tcp: &[53], udp: &[53] };

impl Check for OpenResolver {
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
        let asked = questions(context);
        let broad = |index, cube: &Cube| is_broad(context.decisions(), index, cube, End::Source);
        let cubes = asked.cubes().iter();
        let hits = cubes.flat_map(|cube| context.hits(cube).filter(move |hit| broad(hit.index, cube)));
        findings.extend(context.once_each(hits).iter().map(|permit| {
            context
                .finding_about(permit, "opens a resolver to everybody outside")
                .note("a small question with a forged source makes it send a large answer to a victim")
                .help("allow `dns` from the networks that the resolver serves; a server that answers for your own domains has the role `nameserver`")
        }));
    }
}

/// Questions from outside to hosts that resolve and do not answer for domains of their own.
fn questions(context: &Context<'_>) -> Packets {
    let hosts = &context.policy().hosts;
    let with = |role| hosts.iter().filter(move |host: &&Host| host.roles.contains(&role));
    let all = |role| with(role).fold(Addresses::none(), |all, host| all.union(&host.addresses));
    let exposing = NAMES.of(&exposure::exposing(context)).not_from(&listed(context.policy()));
    let resolvers = all(Role::Resolver).subtract(&all(Role::Nameserver));
    let to_others = exposing.not_in_hook(Hook::Input).only_to(&resolvers);
    let is_self = |role| with(role).any(|host| host.is_self);
    if !is_self(Role::Resolver) || is_self(Role::Nameserver) {
        return to_others;
    }
    Packets::new([exposing.in_hook(Hook::Input).cubes(), to_others.cubes()].concat())
}

/// The networks of zones outside that are lists, such as the customers of a provider, and not the Internet.
fn listed(policy: &Policy) -> Addresses {
    let outside = policy.zones.iter().filter(|zone| zone.trust == Trust::Untrusted && zone.has_networks);
    let lists = outside.filter(|zone| !Family::ALL.iter().any(|&family| is_internet(zone, family)));
    lists.fold(Addresses::none(), |all, zone| all.union(&zone.addresses))
}

/// Whether a zone holds an eighth of all addresses of a family, as `2000::/3` does (RFC 4291 §2.4): that is no list.
fn is_internet(zone: &Zone, family: Family) -> bool {
    size(zone.addresses.of(family)) >= size(&family.every_address()) / 8
}
