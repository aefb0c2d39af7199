//! The services that a policy speaks about, by the names it uses for them.

use std::collections::BTreeSet;

use super::{Portrait, Vocabulary};
use crate::catalog::{self, Service, Status, Tls};
use crate::model::{Origin, Policy, Rule, Traffic};
use crate::packet::{Cube, Family, Hook, IntervalSet};
use crate::source::{At, Kind, NodeId, Site, Sources, Tree};

/// A service and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The name in the policy; `TCP 8443` and the like for what has none.
    pub name: String,
    /// Its packets.
    pub traffic: Traffic,
}

/// The services of mail that everybody asks about first.
const MAIL: [&str; 7] = ["smtp", "submissions", "submission", "imaps", "imap", "pop3s", "pop3"];

/// Mail, and then everything that rules name, in the order of the policy. Disabled rules name nothing.
#[must_use]
pub fn spoken(policy: &Policy, sources: &Sources) -> Vec<Spoken> {
    let mut spoken: Vec<Spoken> = MAIL.iter().filter_map(|name| known(policy, name)).collect();
    let mut names: BTreeSet<String> = spoken.iter().map(|one| one.name.clone()).collect();
    let vocabulary = Vocabulary::of(policy);
    let rules = policy.rules.iter().enumerate().filter(|(_, rule)| rule.disabled.is_none());
    for one in rules.flat_map(|(index, rule)| of_rule(policy, index, rule, (sources, &vocabulary))) {
        if names.insert(one.name.clone()) {
            spoken.push(one);
        }
    }
    spoken
}

/// The services that a rule names; what it says without a name as one.
fn of_rule(policy: &Policy, index: usize, rule: &Rule, words: (&Sources, &Vocabulary<'_>)) -> Vec<Spoken> {
    let (sources, vocabulary) = words;
    let named: Vec<Spoken> =
        written(sources, rule.services).iter().filter_map(|name| known(policy, name)).collect();
    let Some(entry) = policy.entries.iter().find(|entry| entry.origin == Origin::Rule(index)) else {
        return named;
    };
    let all = |traffic: &Traffic| {
        IntervalSet::union_of(&traffic.terms().iter().map(crate::model::Term::transport).collect::<Vec<_>>())
    };
    let told = IntervalSet::union_of(&named.iter().map(|one| all(&one.traffic)).collect::<Vec<_>>());
    let rest: Vec<_> =
        entry.when.traffic.terms().iter().filter(|term| !term.transport().is_subset(&told)).collect();
    let unnamed = Traffic::of(rest.into_iter().cloned()).map(|traffic| {
        let every = Family::ALL.map(|family| Cube::every(Hook::Forward, family));
        let cubes = every.into_iter().map(|cube| Cube {
            transport: all(&traffic),
            states: crate::packet::States::NEW,
            ..cube
        });
        let words: Vec<String> =
            vocabulary.portraits(&cubes.collect::<Vec<_>>()).iter().flat_map(services).collect();
        Spoken { name: words.join(", "), traffic }
    });
    named.into_iter().chain(unnamed).collect()
}

fn services(portrait: &Portrait) -> Vec<String> {
    portrait.services.clone()
}

/// A service of that name.
fn known(policy: &Policy, name: &str) -> Option<Spoken> {
    let declared = policy.services.iter().find(|service| service.name.value.as_str() == name);
    let traffic = match declared {
        Some(service) => Some(service.value.clone()),
        None => Traffic::of(catalog::service(name)?.terms().iter().cloned()),
    };
    Some(Spoken { name: name.to_owned(), traffic: traffic? })
}

/// The scalars that are written at a place, in a list or alone.
fn written(sources: &Sources, site: Site) -> Vec<String> {
    let At::Node(node) = site.at else { return Vec::new() };
    let tree = sources.file(site.file).and_then(|file| file.tree());
    tree.map(|tree| scalars(tree, node)).unwrap_or_default()
}

fn scalars(tree: &Tree, node: NodeId) -> Vec<String> {
    let text = |id: NodeId| match tree.node(id).map(|node| &node.kind) {
        Some(Kind::Scalar { text, .. }) => Some(text.to_string()),
        _ => None,
    };
    match tree.node(node).map(|node| &node.kind) {
        Some(Kind::Sequence(items)) => items.iter().filter_map(|&item| text(item)).collect(),
        _ => text(node).into_iter().collect(),
    }
}

/// The transports of services that can be read on the way and that something encrypted takes the place of: POP3 and IMAP
/// without TLS, telnet, and the like.
#[must_use]
pub fn cleartext() -> IntervalSet<u32> {
    let is_open = |service: &&Service| match service.tls() {
        Tls::Cleartext => service.replaced_by().is_some(),
        Tls::Starttls => service.replaced_by().is_some() && service.status() != Status::Current,
        Tls::Implicit | Tls::Opportunistic | Tls::Own | Tls::None => false,
    };
    let open = catalog::services().filter(is_open).flat_map(Service::terms);
    IntervalSet::union_of(&open.map(crate::model::Term::transport).collect::<Vec<_>>())
}
