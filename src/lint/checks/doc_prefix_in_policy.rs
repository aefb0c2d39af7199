//! Addresses of examples in a policy that is in use.

use crate::lint::sources::block;
use crate::lint::{Asked, Check, CheckSubject, Context, Meta};
use crate::model::{Addresses, Origin, Policy, Profile, Verdict};
use crate::packet::{Family, IntervalSet};
use crate::source::{Diagnostic, Severity, Site};

/// See the page.
pub(super) struct DocPrefixInPolicy;

static META: Meta = Meta {
    id: "doc-prefix-in-policy",
    summary: "zones, networks, hosts or rules have addresses that are set aside for documentation",
    severity: Severity::Medium,
    profiles: &[Profile::Pci],
    sources: &["RFC 5737", "RFC 3849", "PCI DSS 4.0.1 1.2.7"],
    page: include_str!("doc_prefix_in_policy.md"),
};

impl Check for DocPrefixInPolicy {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let policy = context.policy();
        let mut told = Addresses::none();
        for (site, what, addresses) in declared(policy) {
            let examples = examples_in(&addresses);
            told = told.union(&examples);
            findings.extend((!examples.is_empty()).then(|| finding(context, site, &what)));
        }
        for rule in context.rules() {
            let own = policy.entries.iter().filter(|entry| {
                let by = policy.rule_of(entry).map(|it| &it.id.value);
                matches!(entry.origin, Origin::Rule(_)) && by == Some(&rule.id.value)
            });
            let accepting = own.filter(|entry| entry.verdict == Verdict::Accept);
            let mut written = accepting.flat_map(|entry| [&entry.when.source, &entry.when.destination]);
            if written.any(|set| !examples_in(&set.addresses).subtract(&told).is_empty()) {
                findings.push(finding(context, rule.site, &format!("rule `{}`", rule.id.value)));
            }
        }
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }
}

/// What the policy gives addresses to. A network that also holds addresses that nobody has is a list of bogons.
fn declared(policy: &Policy) -> Vec<(Site, String, Addresses)> {
    let zones = policy.zones.iter().filter(|zone| zone.has_networks);
    let zones =
        zones.map(|zone| (zone.name.site, format!("zone `{}`", zone.name.value), zone.addresses.clone()));
    let nobody = ["loopback", "multicast", "reserved"];
    let nobody = nobody.iter().fold(Addresses::none(), |all, name| all.union(&block(name)));
    let networks = policy.networks.iter().filter(|network| !network.value.overlaps(&nobody));
    let networks = networks.map(|network| {
        (network.name.site, format!("network `{}`", network.name.value), network.value.clone())
    });
    let hosts = policy.hosts.iter().map(|host| (host.site, "a host".to_owned(), host.addresses.clone()));
    zones.chain(networks).chain(hosts).collect()
}

/// The addresses of examples that a set names: in intervals that do not go on beyond them.
fn examples_in(addresses: &Addresses) -> Addresses {
    let examples = block("documentation");
    let named = |family: Family| {
        let one = |&interval: &(u128, u128)| IntervalSet::from_intervals([interval]);
        let inside = |interval: &&(u128, u128)| one(interval).is_subset(examples.of(family));
        IntervalSet::from_intervals(addresses.of(family).intervals().iter().filter(inside).copied())
    };
    Addresses { v4: named(Family::V4), v6: named(Family::V6) }
}

fn finding(context: &Context<'_>, site: Site, what: &str) -> Diagnostic {
    context
        .finding(site, format!("{what} has addresses of documentation"))
        .note("nobody is reached under them: somebody copied an example and left the addresses in")
        .help("write the addresses that are meant")
}
