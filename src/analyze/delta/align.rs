//! Two policies with one numbering of interfaces.

use crate::model::{Entry, Interface, Interfaces, Match, Policy, Zone};
use crate::packet::IntervalSet;

/// The same two policies, with one number for each interface that either of them names. For a policy that does not
/// name an interface it is one of the others, as it was before. Only what decides packets and what has names comes along.
pub(super) fn aligned(old: &Policy, new: &Policy) -> (Policy, Policy) {
    if old.interfaces == new.interfaces {
        return (renumbered(old, &old.interfaces), renumbered(new, &new.interfaces));
    }
    let only_new = new.interfaces.named().filter(|(_, name)| old.interfaces.number(name).is_none());
    let names = old.interfaces.named().chain(only_new).map(|(_, name)| name.clone());
    let common = Interfaces::new(names.collect::<Vec<Interface>>());
    (renumbered(old, &common), renumbered(new, &common))
}

fn renumbered(policy: &Policy, common: &Interfaces) -> Policy {
    let numbering = Numbering::new(&policy.interfaces, common);
    let zone = |zone: &Zone| Zone { interfaces: numbering.set(&zone.interfaces), ..zone.clone() };
    let entry = |entry: &Entry| {
        let (incoming, outgoing) = (numbering.set(&entry.when.incoming), numbering.set(&entry.when.outgoing));
        Entry { when: Match { incoming, outgoing, ..entry.when.clone() }, ..entry.clone() }
    };
    let mut baseline = policy.baseline.clone();
    baseline.dhcp_client =
        baseline.dhcp_client.iter().filter_map(|&number| numbering.number(number)).collect();
    Policy {
        name: policy.name.clone(),
        description: None,
        owner: None,
        reviewed: None,
        profiles: Vec::new(),
        interfaces: common.clone(),
        zones: policy.zones.iter().map(zone).collect(),
        networks: policy.networks.clone(),
        services: policy.services.clone(),
        hosts: Vec::new(),
        flows: None,
        waivers: Vec::new(),
        defaults: policy.defaults,
        baseline,
        rules: Vec::new(),
        entries: policy.entries.iter().map(entry).collect(),
        disabled: Vec::new(),
        expectations: Vec::new(),
        site: policy.site,
        document: policy.document,
    }
}

/// From the numbers of one policy to common ones.
struct Numbering {
    /// The new number of each number that the policy uses; the loopback has number 0 everywhere.
    numbers: Vec<u16>,
    /// What the policy does not name, in the new numbers.
    others: IntervalSet<u16>,
    is_same: bool,
}

impl Numbering {
    fn new(own: &Interfaces, common: &Interfaces) -> Self {
        let named = own.named().filter_map(|(_, name)| common.number(name));
        let numbers: Vec<u16> = std::iter::once(Interfaces::LOOPBACK).chain(named).collect();
        let is_same = own == common || (0..).zip(&numbers).all(|(old, &new): (u16, &u16)| old == new);
        let used = IntervalSet::from_intervals(numbers.iter().map(|&number| (number, number)));
        Self { numbers, others: used.complement(), is_same }
    }

    fn number(&self, own: u16) -> Option<u16> {
        self.numbers.get(usize::from(own)).copied()
    }

    /// The same interfaces. A set has all of those that its policy does not name or none, since nothing tells them
    /// apart.
    fn set(&self, own: &IntervalSet<u16>) -> IntervalSet<u16> {
        if self.is_same || own.is_full() {
            return own.clone();
        }
        let named = own
            .intervals()
            .iter()
            .flat_map(|&(first, last)| (first..=last).map_while(|own| self.number(own)));
        let named = IntervalSet::from_intervals(named.map(|number| (number, number)));
        if own.contains(u16::MAX) { named.union(&self.others) } else { named }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower;
    use crate::parse;
    use crate::source::Sources;

    fn policy(zones: &str) -> Policy {
        let rule = "{ id: r, action: deny, from: any, to: any, services: any }";
        let text = format!("version: 1\nname: p\nzones: {{ {zones} }}\nrules: [{rule}]\n");
        let lowered = lower(parse::text("p.yaml", text, &mut Sources::default()));
        lowered.policy.unwrap_or_else(|| panic!("{:?}", lowered.diagnostics))
    }

    fn names(policy: &Policy) -> Vec<&str> {
        policy.interfaces.named().map(|(_, name)| name.as_str()).collect()
    }

    #[test]
    fn one_interface_has_one_number() {
        let old = policy("a: { interfaces: [lan0] }, b: { interfaces: [wan0] }");
        let new = policy("b: { interfaces: [wan0, wan1] }, a: { interfaces: [lan0] }");
        let (old, new) = aligned(&old, &new);
        assert_eq!(names(&old), ["lan0", "wan0", "wan1"]);
        assert_eq!(names(&new), ["lan0", "wan0", "wan1"]);
        assert_eq!(old.zones[0].interfaces, new.zones[1].interfaces);
        assert_eq!(new.zones[0].interfaces, IntervalSet::range(2, 3));
    }

    #[test]
    fn an_interface_without_a_name_stays_one_of_the_others() {
        let old = policy("a: { interfaces: [lan0] }");
        let new = policy("b: { interfaces: [wan0] }");
        let (_, new) = aligned(&old, &new);
        let numbering = Numbering::new(&policy("b: { interfaces: [wan0] }").interfaces, &new.interfaces);
        let others = IntervalSet::range(2, u16::MAX);
        assert_eq!(
            numbering.set(&others),
            IntervalSet::from_intervals([(1, 1), (3, u16::MAX)]),
            "lan0 and the rest"
        );
        assert_eq!(numbering.set(&IntervalSet::single(1)), IntervalSet::single(2), "wan0");
        assert_eq!(numbering.set(&IntervalSet::range(0, 0)), IntervalSet::single(0), "the loopback");
    }
}
