//! Differences that one sentence can tell: those behind which the same rule stands.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::ChangeKind;
use super::lists::Actor;
use super::raw::{Hand, Raw};
use crate::model::{Origin, Policy};

/// Differences of one kind that have a rule, a part of the baseline or the defaults in common, on one side at least.
pub(super) struct Group {
    pub(super) kind: ChangeKind,
    /// The largest first.
    pub(super) raws: Vec<Raw>,
}

/// Who is behind a difference on one side.
type Hub = (ChangeKind, Hand, Origin);

/// The differences in few groups: each goes with a rule, where one is behind it, and of two rules with the one that is
/// behind more differences. The groups stand in the order of their kinds, then in that of the new policy and of the old
/// one.
pub(super) fn grouped(raws: Vec<Raw>, old: &Policy, new: &Policy) -> Vec<Group> {
    let mut sizes: BTreeMap<Hub, usize> = BTreeMap::new();
    for hub in raws.iter().flat_map(|raw| hubs(raw, old, new)) {
        *sizes.entry(hub).or_default() += 1;
    }
    // Of two with the same differences the one of the new policy is the one that people look for.
    let weight = |hub: &Hub| (is_rule(hub.2), sizes.get(hub).copied(), hub.1, Reverse(hub.2));
    let mut groups: BTreeMap<Option<Hub>, Group> = BTreeMap::new();
    for raw in raws {
        let hub = hubs(&raw, old, new).into_iter().max_by_key(weight);
        groups.entry(hub).or_insert_with(|| Group { kind: raw.kind, raws: Vec::new() }).raws.push(raw);
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by_cached_key(|group| {
        (group.kind, group.first(Hand::Right, new), group.first(Hand::Left, old))
    });
    groups
}

const fn is_rule(origin: Origin) -> bool {
    matches!(origin, Origin::Rule(_))
}

fn hubs(raw: &Raw, old: &Policy, new: &Policy) -> Vec<Hub> {
    let hub =
        |hand, policy, actors: &[Actor]| Some((raw.kind, hand, origin(policy, raw.kind, actors.first()?)?));
    let both = [hub(Hand::Left, old, &raw.left), hub(Hand::Right, new, &raw.right)];
    both.into_iter().flatten().collect()
}

/// The rule, part or default that people would name.
fn origin(policy: &Policy, kind: ChangeKind, actor: &Actor) -> Option<Origin> {
    policy.entries.get(actor.entry(kind)).map(|entry| entry.origin)
}

impl Group {
    /// The first that is behind it on one side, rules before what nobody wrote.
    fn first(&self, hand: Hand, policy: &Policy) -> Option<Origin> {
        let actors = self.raws.iter().flat_map(|raw| raw.actors(hand));
        actors.filter_map(|actor| origin(policy, self.kind, actor)).min()
    }
}
