//! A policy as a first-match list of boxes.

use std::ops::Range;

use crate::model::{Addresses, Entry, Log, Origin, Policy, Verdict, Zone};
use crate::packet::{Familiar, Family, Hook, Line, List};

/// The boxes of a policy, and to which entry each belongs.
#[derive(Debug)]
pub(super) struct Boxes {
    pub(super) list: List,
    /// The index in [`Policy::entries`] of each line.
    // INVARIANT: sorted.
    entries: Vec<usize>,
    /// What the owners of the lines stand for: each rule, each part of the baseline, the default of each hook.
    // INVARIANT: sorted.
    owners: Vec<Owner>,
}

/// What stands behind lines; for defaults with the hook.
type Owner = (Origin, Option<Hook>);

impl Boxes {
    /// The boxes of a policy. Two lines have the same outcome if the same is done to their packets and they are
    /// logged alike.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut owners: Vec<Owner> = policy.entries.iter().map(owner).collect();
        owners.sort_unstable();
        owners.dedup();
        let mut outcomes: Vec<(Verdict, Option<Log>)> = policy.entries.iter().map(outcome).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        let mut lines = Vec::with_capacity(policy.entries.len() * 2);
        let mut entries = Vec::with_capacity(policy.entries.len() * 2);
        for (index, entry) in policy.entries.iter().enumerate() {
            let owner = owners.binary_search(&owner(entry)).unwrap_or_default();
            let decides = entry.verdict != Verdict::Observe;
            let outcome = outcomes.binary_search(&outcome(entry)).ok().filter(|_| decides);
            for cube in entry.cubes() {
                lines.push(Line { cube, owner, outcome });
                entries.push(index);
            }
        }
        Self { list: List::new(lines).with_familiar(familiar(policy)).prepared(), entries, owners }
    }

    /// The numbers of the lines of an entry.
    pub(super) fn lines_of(&self, entry: usize) -> Range<usize> {
        let start = self.entries.partition_point(|&other| other < entry);
        start..self.entries.partition_point(|&other| other <= entry)
    }

    /// The entry that a line belongs to.
    pub(super) fn entry(&self, line: usize) -> Option<usize> {
        self.entries.get(line).copied()
    }

    /// What an owner stands for.
    fn origin(&self, owner: usize) -> Option<Origin> {
        self.owners.get(owner).map(|owner| owner.0)
    }

    /// The owner of the lines of a rule; none if it has no lines.
    pub(super) fn rule(&self, index: usize) -> Option<usize> {
        self.owners.binary_search(&(Origin::Rule(index), None)).ok()
    }

    /// The owner of the lines of the default of a hook; none if it has no lines.
    pub(super) fn default_of(&self, hook: Hook) -> Option<usize> {
        self.owners.binary_search(&(Origin::Default, Some(hook))).ok()
    }

    /// What some owners stand for.
    pub(super) fn origins<'o>(&self, owners: impl IntoIterator<Item = &'o usize>) -> Vec<Origin> {
        owners.into_iter().filter_map(|&owner| self.origin(owner)).collect()
    }
}

fn owner(entry: &Entry) -> Owner {
    (entry.origin, (entry.origin == Origin::Default).then_some(entry.hook))
}

fn outcome(entry: &Entry) -> (Verdict, Option<Log>) {
    (entry.verdict, entry.log)
}

/// The hosts of a policy, those with roles, then the addresses that stand alone under a name; and where addresses are.
fn familiar(policy: &Policy) -> Familiar {
    let with_roles = policy.hosts.iter().map(|host| &host.addresses);
    let sides = policy.entries.iter().flat_map(|entry| [&entry.when.source, &entry.when.destination]);
    let named = sides.filter(|set| set.name.is_some()).map(|set| &set.addresses);
    let mut familiar = Familiar::default();
    for addresses in with_roles.chain(named) {
        for (family, address) in alone(addresses) {
            familiar.add(family, address);
        }
    }
    add_homes(&mut familiar, policy);
    familiar
}

/// Where the addresses of a policy are, and no host of it.
pub(super) fn homes(policy: &Policy) -> Familiar {
    let mut familiar = Familiar::default();
    add_homes(&mut familiar, policy);
    familiar
}

/// The networks of zones are behind their interfaces, and behind those of zones without networks is what no zone lists.
fn add_homes(familiar: &mut Familiar, policy: &Policy) {
    let (listed, open): (Vec<&Zone>, Vec<&Zone>) = policy.zones.iter().partition(|zone| zone.has_networks);
    let known = listed.iter().fold(Addresses::none(), |all, zone| all.union(&zone.addresses));
    let elsewhere = Addresses::every().subtract(&known);
    let homes = listed.iter().map(|zone| (&zone.addresses, &zone.interfaces));
    for (addresses, interfaces) in homes.chain(open.iter().map(|zone| (&elsewhere, &zone.interfaces))) {
        for family in Family::ALL {
            familiar.add_home(family, addresses.of(family).clone(), interfaces.clone());
        }
    }
}

/// The addresses that are the only one of their family.
fn alone(addresses: &Addresses) -> impl Iterator<Item = (Family, u128)> + '_ {
    Family::ALL.into_iter().filter_map(|family| match addresses.of(family).intervals() {
        [(first, last)] if first == last => Some((family, *first)),
        _ => None,
    })
}
