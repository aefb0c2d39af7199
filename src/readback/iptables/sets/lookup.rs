//! Packets in sets.

use std::collections::BTreeMap;

use super::element::{Element, Part};
use super::kind::Dimension;
use super::{Set, Sets};
use crate::packet::{Family, IntervalSet};
use crate::readback::InterfacePattern;
use crate::readback::iptables::test::{Membership, Test, Way};

/// Addresses that share everything else.
type Group = Vec<Member>;

/// Addresses, the length of their prefix, and whether they are an exception.
type Member = (u8, bool, IntervalSet<u128>);

impl Sets {
    /// Which packets are in a set; none if that cannot be told.
    pub(in super::super) fn members(&self, of: &Membership) -> Option<Test> {
        let set = self.0.get(&of.set)?;
        if set.kind.dimensions != [Dimension::Set] {
            return set.members(of);
        }
        let names = set.elements.iter().filter_map(|element| match element.parts.as_slice() {
            [Part::Set(name)] => Some(name),
            _ => None,
        });
        // A list holds no lists.
        names.map(|name| self.0.get(name)?.members(of)).collect::<Option<_>>().map(Test::Any)
    }

    /// The interfaces that sets speak of.
    pub(in super::super) fn interfaces(&self) -> impl Iterator<Item = &InterfacePattern> {
        let parts = self.0.values().flat_map(|set| &set.elements).flat_map(|element| &element.parts);
        parts.filter_map(|part| match part {
            Part::Interface(pattern) => Some(pattern),
            _ => None,
        })
    }
}

impl Set {
    fn members(&self, of: &Membership) -> Option<Test> {
        let dimensions = self.kind.dimensions.as_slice();
        if dimensions.is_empty() || dimensions.contains(&Dimension::Set) || of.ways.len() < dimensions.len() {
            return None;
        }
        let is_net = |dimension: &&Dimension| **dimension == Dimension::Net;
        if dimensions.iter().filter(is_net).count() > 1
            && self.elements.iter().any(|element| element.excluded)
        {
            return None;
        }
        let mut groups: BTreeMap<Vec<&Part>, Group> = BTreeMap::new();
        for element in &self.elements {
            let (rest, member) = split(element, self.kind.family)?;
            groups.entry(rest).or_default().push(member);
        }
        let has_address = matches!(dimensions.first(), Some(Dimension::Ip | Dimension::Net));
        let way = *of.ways.first()?;
        let others = of.ways.get(usize::from(has_address)..)?;
        let test = |(rest, group): (Vec<&Part>, Group)| {
            let mut all: Vec<Test> = rest
                .into_iter()
                .zip(others)
                .map(|(part, &way)| self.part(part, way))
                .collect::<Option<_>>()?;
            if has_address {
                all.push(Test::addresses(way, self.kind.family, together(group)));
            }
            Some(Test::All(all))
        };
        groups.into_iter().map(test).collect::<Option<_>>().map(Test::Any)
    }

    fn part(&self, part: &Part, way: Way) -> Option<Test> {
        Some(match part {
            Part::Addresses(set, _) => Test::addresses(way, self.kind.family, set.clone()),
            Part::Ports(protocols, (first, last)) => {
                Test::ports(way, protocols, &IntervalSet::range(*first, *last))
            }
            Part::Transport(transport) => Test::transport(transport.clone()),
            Part::Interface(pattern) => Test::Interface(way, pattern.clone()),
            Part::Set(_) | Part::Hidden(_) => return None,
        })
    }
}

/// An element without the address that it begins with, and that address; every address for one without.
fn split(element: &Element, family: Family) -> Option<(Vec<&Part>, Member)> {
    match element.parts.split_first()? {
        (Part::Addresses(set, length), rest) => {
            Some((rest.iter().collect(), (*length, element.excluded, set.clone())))
        }
        _ => Some((element.parts.iter().collect(), (0, element.excluded, family.every_address()))),
    }
}

/// The addresses of a group: the longest prefix around an address says whether it is in.
fn together(mut group: Group) -> IntervalSet<u128> {
    if !group.iter().any(|(_, excluded, _)| *excluded) {
        return IntervalSet::union_of(group.iter().map(|(_, _, set)| set));
    }
    group.sort_by_key(|(length, excluded, _)| (*length, *excluded));
    let mut all = IntervalSet::empty();
    for same in group.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let sets = IntervalSet::union_of(same.iter().map(|(_, _, set)| set));
        let excluded = same.first().is_some_and(|(_, excluded, _)| *excluded);
        all = if excluded { all.subtract(&sets) } else { all.union(&sets) };
    }
    all
}
