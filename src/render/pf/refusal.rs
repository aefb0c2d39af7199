//! What pf cannot say: each a diagnostic, never a ruleset that says less or more.

use crate::model::{BaselinePart, Entry, Interface, Origin, Policy, Term, Verdict};
use crate::packet::{Hook, IntervalSet, every_code};
use crate::render::{Dialect, Rendering};
use crate::source::{Diagnostic, Site};

/// Names of groups of interfaces that FreeBSD itself makes, and the word for every interface.
const GROUPS: [&str; 4] = ["all", "any", "egress", "self"];

/// Everything in the policy that pf has no words for.
pub(super) fn refusals(rendering: &Rendering<'_>, dialect: Dialect) -> Vec<Diagnostic> {
    let interfaces = rendering.policy.interfaces.named();
    let interfaces = interfaces.filter_map(|(number, name)| interface(rendering, dialect, number, name));
    let traffic = rendering.policy.entries.iter().filter_map(|entry| traffic(rendering, entry));
    baseline(rendering).into_iter().chain(interfaces).chain(traffic).collect()
}

fn cannot_say(rendering: &Rendering<'_>, site: Site, what: &str) -> Diagnostic {
    Diagnostic::error("cannot-say", site, format!("{} cannot say {what}", rendering.target.name()))
}

fn baseline(rendering: &Rendering<'_>) -> Vec<Diagnostic> {
    let policy = rendering.policy;
    let site = policy.baseline.site.unwrap_or(policy.site);
    let established = (!policy.baseline.established).then(|| {
        cannot_say(rendering, site, "that packets of known flows are judged like others")
            .note("pf looks for a state before any rule, and lets a packet pass that has one")
            .help("leave `established` on, or leave this target out")
    });
    let errors = (!policy.baseline.icmp_errors && forwards(policy)).then(|| {
        cannot_say(rendering, site, "which of its own ICMP errors are about known forwarded flows")
            .note("without `icmp-errors` these would be dropped, and path-MTU discovery with them")
            .help("leave `icmp-errors` on, or leave this target out")
    });
    established.into_iter().chain(errors).collect()
}

/// Whether some flow is forwarded.
fn forwards(policy: &Policy) -> bool {
    let flows = |entry: &Entry| {
        entry.verdict == Verdict::Accept
            && !matches!(entry.origin, Origin::Baseline(part) if part != BaselinePart::Echo)
    };
    policy.entries(Hook::Forward).any(flows)
}

/// A name that pf reads as something else than one interface: as a group, as every interface, or as the loopback,
/// which it does not filter.
fn interface(
    rendering: &Rendering<'_>,
    dialect: Dialect,
    number: u16,
    name: &Interface,
) -> Option<Diagnostic> {
    let text = name.as_str();
    let numbered = text.ends_with(|c: char| c.is_ascii_digit());
    let loopback = text.strip_prefix("lo").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
    let group = match dialect {
        Dialect::OpenBsd => !numbered,
        Dialect::FreeBsd => GROUPS.contains(&text),
    };
    let site = site_of(rendering.policy, number);
    let loopback = loopback.then(|| {
        cannot_say(rendering, site, &format!("rules for `{text}`"))
            .note("that is the loopback, which the baseline speaks of")
    });
    let group = group.then(|| {
        cannot_say(rendering, site, &format!("interface `{text}`"))
            .note("there it is the name of a group of interfaces: it would match more than one")
    });
    loopback.or(group).map(|diagnostic| diagnostic.help("write the interface's own name, such as `em0`"))
}

/// The first zone that has the interface.
fn site_of(policy: &Policy, number: u16) -> Site {
    let has = |zone: &&crate::model::Zone| !zone.interfaces.is_full() && zone.interfaces.contains(number);
    policy.zones.iter().find(has).map_or(policy.site, |zone| zone.name.site)
}

/// The authentication header (RFC 4302).
const AH: u8 = 51;

/// Traffic that pf sees as something else. It walks over authentication headers to what they protect
/// (`pf_walk_header` in `sys/net/pf.c` of OpenBSD and newer FreeBSD), so that no rule for them ever matches and a
/// refusal would refuse nothing. Other numbers it would read as "any": it keeps protocols in a byte in which 0 stands for all of them, and ICMP
/// types and codes plus one in a byte, so that 255 becomes 0 as well.
fn traffic(rendering: &Rendering<'_>, entry: &Entry) -> Option<Diagnostic> {
    let misread = |term: &Term| match term {
        Term::Protocol(AH) => Some("pf looks through authentication headers and never sees protocol 51"),
        Term::Protocol(0) => Some("pf takes protocol 0 for every protocol"),
        Term::Icmp(kinds) | Term::Icmpv6(kinds) if overflows(kinds) => {
            Some("pf takes ICMP type 255 and code 255 for every type and code")
        }
        _ => None,
    };
    entry.when.traffic.terms().iter().find_map(misread).map(|what| rendering.unsayable(entry, what))
}

/// Whether a type 255, or a code 255 of a type that is not there as a whole, would have to be written out.
fn overflows(kinds: &IntervalSet<u16>) -> bool {
    let last_code = |number| u16::from_be_bytes([number, u8::MAX]);
    let partly = |number| kinds.contains(last_code(number)) && !every_code(number).is_subset(kinds);
    !kinds.is_full() && (kinds.overlaps(&every_code(u8::MAX)) || (0..u8::MAX).any(partly))
}
