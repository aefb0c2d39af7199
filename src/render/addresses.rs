//! Address conditions: a prefix in the rule where one is enough, a named set where it is not.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::{IpNet, IpSubnets, Ipv4Subnets, Ipv6Subnets};

use super::piece::{Piece, piece};
use crate::model::{AddressSet, Policy, address};
use crate::packet::{Family, IntervalSet};

/// First and last address of a run, as numbers.
pub(super) type Interval = (u128, u128);

/// How a target says addresses.
#[derive(Clone, Copy, Debug)]
pub(super) struct AddressWords {
    /// A run of addresses as it stands in a rule; none if it needs a set.
    pub(super) literal: fn(Family, Interval) -> Option<Piece>,
    /// The name of a set, from what it is called in the policy.
    pub(super) set_name: fn(&Piece, Family) -> Piece,
}

/// A condition on one address of a packet of a known family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AddressCheck {
    /// Whether it holds for the addresses outside.
    pub(super) negated: bool,
    /// Which addresses.
    pub(super) operand: Operand,
}

/// What an address is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A prefix or a range.
    Literal(Piece),
    /// A set by its name.
    Set(Piece),
}

/// A named set of one family.
#[derive(Clone, Debug)]
pub(super) struct NamedSet {
    /// Its name on the target.
    pub(super) name: Piece,
    /// The family of its addresses.
    pub(super) family: Family,
    /// Its addresses.
    pub(super) addresses: IntervalSet<u128>,
}

/// The sets that rules have asked for, each content once.
#[derive(Debug)]
pub(super) struct Sets {
    words: AddressWords,
    /// What contents are called in the policy.
    called: BTreeMap<(Family, IntervalSet<u128>), Piece>,
    /// Sets by content.
    known: BTreeMap<(Family, IntervalSet<u128>), Piece>,
    /// Checks by the identity of the intervals: rules share those of a zone or network, so this saves comparing
    /// long lists again and again. The intervals are kept, so that no others can take their place in memory.
    seen: BTreeMap<(Family, usize, usize), (IntervalSet<u128>, AddressCheck)>,
    taken: BTreeSet<Piece>,
}

impl Sets {
    /// No sets yet; they are called as the zones and networks of the policy.
    pub(super) fn new(policy: &Policy, words: AddressWords) -> Self {
        let (called, known, seen) = (names(policy), BTreeMap::new(), BTreeMap::new());
        Self { words, called, known, seen, taken: BTreeSet::new() }
    }

    /// The condition for addresses of one family, none if there is none; `otherwise` names a set that has no
    /// name in the policy.
    pub(super) fn check(
        &mut self,
        family: Family,
        set: &AddressSet,
        otherwise: impl FnOnce() -> Piece,
    ) -> Option<AddressCheck> {
        let wanted = set.addresses.of(family);
        if set.addresses.is_every(family) {
            return None;
        }
        let identity = (family, wanted.intervals().as_ptr().addr(), wanted.intervals().len());
        if let Some((_, check)) = self.seen.get(&identity) {
            return Some(check.clone());
        }
        let check = self.resolve(family, wanted, otherwise);
        self.seen.insert(identity, (wanted.clone(), check.clone()));
        Some(check)
    }

    /// The sets by name.
    pub(super) fn into_list(self) -> Vec<NamedSet> {
        let named = |((family, addresses), name)| NamedSet { name, family, addresses };
        let mut list: Vec<NamedSet> = self.known.into_iter().map(named).collect();
        list.sort_by(|one, other| one.name.cmp(&other.name));
        list
    }

    fn resolve(
        &mut self,
        family: Family,
        wanted: &IntervalSet<u128>,
        otherwise: impl FnOnce() -> Piece,
    ) -> AddressCheck {
        let rest = family.every_address().subtract(wanted);
        let negated = rest.intervals().len() < wanted.intervals().len();
        let addresses = if negated { rest } else { wanted.clone() };
        let literal = match addresses.intervals() {
            [interval] => (self.words.literal)(family, *interval),
            _ => None,
        };
        let operand =
            literal.map_or_else(|| Operand::Set(self.set(family, addresses, otherwise)), Operand::Literal);
        AddressCheck { negated, operand }
    }

    fn set(
        &mut self,
        family: Family,
        addresses: IntervalSet<u128>,
        otherwise: impl FnOnce() -> Piece,
    ) -> Piece {
        let content = (family, addresses);
        if let Some(name) = self.known.get(&content) {
            return name.clone();
        }
        let base = self.called.get(&content).cloned().unwrap_or_else(otherwise);
        let candidates = std::iter::once(base.clone()).chain((2_u32..).map(|n| piece!("{}-{}", base, n)));
        let mut names = candidates.map(|candidate| (self.words.set_name)(&candidate, family));
        let free = names.find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(free.clone());
        self.known.insert(content, free.clone());
        free
    }
}

/// What contents are called: the zones first, in their order, then whatever the entries name.
fn names(policy: &Policy) -> BTreeMap<(Family, IntervalSet<u128>), Piece> {
    let zones = policy.zones.iter().map(|zone| (&zone.addresses, &zone.name.value));
    let sides = policy.entries.iter().flat_map(|entry| [&entry.when.source, &entry.when.destination]);
    let named = sides.filter_map(|side| Some((&side.addresses, side.name.as_ref()?)));
    let (mut called, mut seen) = (BTreeMap::new(), BTreeSet::new());
    for (addresses, name) in zones.chain(named) {
        for family in Family::ALL {
            let content = addresses.of(family);
            if seen.insert((family, content.intervals().as_ptr().addr(), content.intervals().len())) {
                called.entry((family, content.clone())).or_insert_with(|| piece!("{}", name));
            }
        }
    }
    called
}

/// The prefix that holds exactly these addresses, if there is one.
pub(super) fn prefix(family: Family, (first, last): Interval) -> Option<IpNet> {
    let host = first ^ last;
    let aligned = host & host.wrapping_add(1) == 0 && first & host == 0;
    let bits = match family {
        Family::V4 => 32,
        Family::V6 => 128,
    };
    let length = u8::try_from(bits - host.count_ones()).ok()?;
    if aligned { IpNet::new(address(family, first), length).ok() } else { None }
}

/// The fewest prefixes that hold exactly these addresses.
pub(super) fn prefixes(family: Family, (first, last): Interval) -> IpSubnets {
    let v4 = |number| Ipv4Addr::from_bits(u32::try_from(number).unwrap_or(u32::MAX));
    match family {
        Family::V4 => IpSubnets::V4(Ipv4Subnets::new(v4(first), v4(last), 0)),
        Family::V6 => IpSubnets::V6(Ipv6Subnets::new(first.into(), last.into(), 0)),
    }
}

/// A prefix as people write it: a single address without a length.
pub(super) fn prefix_words(net: IpNet) -> Piece {
    if net.prefix_len() == net.max_prefix_len() { piece!("{}", net.addr()) } else { piece!("{}", net) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Addresses, number};

    fn interval(first: &str, last: &str) -> Interval {
        (number(first.parse().unwrap()), number(last.parse().unwrap()))
    }

    #[test]
    fn runs_become_prefixes() {
        let net = |family, first, last| prefix(family, interval(first, last)).map(|net| net.to_string());
        assert_eq!(net(Family::V4, "10.0.0.0", "10.255.255.255").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(net(Family::V4, "10.0.0.1", "10.0.0.1").as_deref(), Some("10.0.0.1/32"));
        assert_eq!(net(Family::V4, "128.0.0.0", "255.255.255.255").as_deref(), Some("128.0.0.0/1"));
        assert_eq!(
            net(Family::V6, "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff").as_deref(),
            Some("fe80::/10")
        );
        assert_eq!(net(Family::V4, "10.0.0.1", "10.0.0.2"), None);
        assert_eq!(net(Family::V4, "10.0.0.2", "10.0.0.4"), None);
    }

    #[test]
    fn ranges_become_the_fewest_prefixes() {
        let nets = |family, first, last| {
            prefixes(family, interval(first, last)).map(|net| net.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(nets(Family::V4, "10.0.0.1", "10.0.0.4"), "10.0.0.1/32 10.0.0.2/31 10.0.0.4/32");
        assert_eq!(nets(Family::V4, "255.255.255.254", "255.255.255.255"), "255.255.255.254/31");
        assert_eq!(nets(Family::V6, "8000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "8000::/1");
    }

    fn sets() -> Sets {
        let words = AddressWords {
            literal: |family, interval| prefix(family, interval).map(prefix_words),
            set_name: |name, _| name.clone(),
        };
        let (called, known, seen) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Sets { words, called, known, seen, taken: BTreeSet::new() }
    }

    fn check(sets: &mut Sets, nets: &[&str], name: &'static str) -> Option<AddressCheck> {
        let nets: Vec<IpNet> = nets.iter().map(|net| net.parse().unwrap()).collect();
        let set = AddressSet { addresses: Addresses::of_prefixes(&nets), name: None };
        sets.check(Family::V4, &set, || Piece::literal(name))
    }

    #[test]
    fn one_prefix_stays_in_the_rule_and_more_become_a_set() {
        let mut sets = sets();
        let one = Operand::Literal(piece!("10.0.0.0/8"));
        assert_eq!(
            check(&mut sets, &["10.0.0.0/8"], "a"),
            Some(AddressCheck { negated: false, operand: one })
        );
        assert_eq!(check(&mut sets, &["0.0.0.0/0"], "a"), None);
        let two = Some(AddressCheck { negated: false, operand: Operand::Set(piece!("a")) });
        assert_eq!(check(&mut sets, &["10.0.0.0/8", "12.0.0.0/8"], "a"), two);
        assert_eq!(check(&mut sets, &["12.0.0.0/8", "10.0.0.0/8"], "b"), two, "same content, same set");
        let other = Some(AddressCheck { negated: false, operand: Operand::Set(piece!("a-2")) });
        assert_eq!(check(&mut sets, &["10.0.0.0/8", "14.0.0.0/8"], "a"), other, "same name, other content");
        let names: Vec<Piece> = sets.into_list().into_iter().map(|set| set.name).collect();
        assert_eq!(names, [piece!("a"), piece!("a-2")]);
    }

    #[test]
    fn an_exception_is_said_as_one() {
        let mut sets = sets();
        let all_but_ten = [
            "0.0.0.0/5",
            "8.0.0.0/7",
            "11.0.0.0/8",
            "12.0.0.0/6",
            "16.0.0.0/4",
            "32.0.0.0/3",
            "64.0.0.0/2",
            "128.0.0.0/1",
        ];
        let operand = Operand::Literal(piece!("10.0.0.0/8"));
        assert_eq!(check(&mut sets, &all_but_ten, "a"), Some(AddressCheck { negated: true, operand }));
    }
}
