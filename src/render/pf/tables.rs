//! Addresses: one prefix stands in the rule, more of them in a table.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::model::{AddressSet, Addresses, Name, Policy};
use crate::packet::{Family, IntervalSet};
use crate::render::addresses::{self, prefix_words};
use crate::render::piece::{Piece, piece};

/// The longest name of a table (`PF_TABLE_NAME_SIZE` is 32 with the closing NUL).
const LONGEST_NAME: usize = 31;

/// The tables of one ruleset, by name.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// What each set of addresses is called, used or not.
    names: BTreeMap<Addresses, Piece>,
    /// The names that are in `names`.
    taken: BTreeSet<Piece>,
    /// Tables that rules refer to.
    used: BTreeMap<Piece, Addresses>,
    /// Operands by the identity of the intervals: rules share those of a zone or network, so this saves comparing
    /// long lists again and again. The addresses are kept, so that no others can take their place in memory.
    seen: BTreeMap<Identity, (Addresses, Option<Piece>)>,
}

/// Where the intervals of both families are in memory, and the families asked for.
type Identity = (usize, usize, Vec<Family>);

impl Tables {
    /// No tables yet; the networks of a zone will be called after it.
    pub(super) fn new(policy: &Policy) -> Self {
        let mut tables = Self::default();
        for zone in policy.zones.iter().filter(|zone| zone.has_networks) {
            tables.name(&zone.addresses, &piece!("{}", zone.name.value));
        }
        tables
    }

    /// The tables that rules refer to, by name, each with its prefixes.
    pub(super) fn used(&self) -> impl Iterator<Item = (&Piece, Vec<IpNet>)> {
        self.used.iter().map(|(name, addresses)| (name, prefixes(addresses)))
    }

    /// The operand of `from` or `to` in a rule for packets of these families; none if every address will do.
    /// `fallback` names a set without a name of its own.
    pub(super) fn operand(
        &mut self,
        set: &AddressSet,
        families: &[Family],
        fallback: &Piece,
    ) -> Option<Piece> {
        let place = |of: &IntervalSet<u128>| of.intervals().as_ptr().addr();
        let key = (place(&set.addresses.v4), place(&set.addresses.v6), families.to_vec());
        if let Some((_, operand)) = self.seen.get(&key) {
            return operand.clone();
        }
        let operand = self.new_operand(set, families, fallback);
        self.seen.insert(key, (set.addresses.clone(), operand.clone()));
        operand
    }

    /// Only one prefix or a table is ever negated: pf reads a negated list as "not the first or not the second",
    /// which is everything.
    fn new_operand(&mut self, set: &AddressSet, families: &[Family], fallback: &Piece) -> Option<Piece> {
        let part = restrict(&set.addresses, families);
        let rest = restrict(&Addresses::every(), families).subtract(&part);
        if rest.is_empty() {
            return None;
        }
        let (inside, outside) = (prefixes(&part), shorter(&rest, &part));
        match (&*inside, outside.as_deref(), families) {
            ([one], _, [_]) => Some(prefix_words(*one)),
            (_, Some([one]), [_]) => Some(piece!("! {}", prefix_words(*one))),
            (_, Some(_), _) => {
                let called = without_not(set).unwrap_or_else(|| fallback.clone());
                Some(piece!("! {}", self.table(&rest, &called)))
            }
            _ => {
                let called = set.name.as_ref().map_or_else(|| fallback.clone(), |name| piece!("{}", *name));
                Some(self.table(shared(&set.addresses, &part), &called))
            }
        }
    }

    /// A table with exactly these addresses, called like that if no other is.
    pub(super) fn table(&mut self, addresses: &Addresses, called: &Piece) -> Piece {
        let name = self.name(addresses, called);
        self.used.entry(name.clone()).or_insert_with(|| addresses.clone());
        piece!("<{}>", name)
    }

    /// The name for a set of addresses: the one it has already, or a new one that no other set has.
    fn name(&mut self, addresses: &Addresses, called: &Piece) -> Piece {
        if let Some(name) = self.names.get(addresses) {
            return name.clone();
        }
        let plain = piece!("mw_{}", *called).shorten(LONGEST_NAME);
        let numbered = (2_u32..).map(|number| piece!("mw_{}_{}", *called, number).shorten(LONGEST_NAME));
        let mut candidates = std::iter::once(plain.clone()).chain(numbered);
        let name = candidates.find(|name| !self.taken.contains(name)).unwrap_or(plain);
        self.names.insert(addresses.clone(), name.clone());
        self.taken.insert(name.clone());
        name
    }
}

/// The addresses to put in the table: those of both families, so that rules for one family share a table with
/// others, unless that would take in a whole family.
fn shared<'a>(addresses: &'a Addresses, part: &'a Addresses) -> &'a Addresses {
    let whole = Family::ALL.into_iter().any(|family| addresses.is_every(family));
    if whole { part } else { addresses }
}

/// `near-lan` for a set called `not-lan`: what is left out is what belongs where `lan` is. If that is `lan` itself,
/// it has its own name already.
fn without_not(set: &AddressSet) -> Option<Piece> {
    let name = set.name.as_ref()?.as_str().strip_prefix("not-")?;
    Name::new(name).ok().map(|name| piece!("near-{}", name))
}

fn restrict(addresses: &Addresses, families: &[Family]) -> Addresses {
    let of = |family| {
        if families.contains(&family) { addresses.of(family).clone() } else { IntervalSet::empty() }
    };
    Addresses { v4: of(Family::V4), v6: of(Family::V6) }
}

/// The prefixes of the rest, if they are fewer than those of the part.
fn shorter(rest: &Addresses, part: &Addresses) -> Option<Vec<IpNet>> {
    let part = prefixes(part).len();
    let intervals = rest.v4.intervals().len() + rest.v6.intervals().len();
    (intervals < part).then(|| prefixes(rest)).filter(|rest| rest.len() < part)
}

/// The fewest prefixes that hold these addresses: tables know no ranges.
fn prefixes(set: &Addresses) -> Vec<IpNet> {
    let of = |family| set.of(family).intervals().iter().map(move |&interval| (family, interval));
    Family::ALL
        .into_iter()
        .flat_map(of)
        .flat_map(|(family, interval)| addresses::prefixes(family, interval))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: &[Family] = &Family::ALL;
    const V4: &[Family] = &[Family::V4];

    fn set(prefixes: &[&str], name: Option<&str>) -> AddressSet {
        let nets: Vec<IpNet> = prefixes.iter().map(|prefix| prefix.parse().unwrap()).collect();
        AddressSet {
            addresses: Addresses::of_prefixes(&nets),
            name: name.map(|name| Name::new(name).unwrap()),
        }
    }

    fn operand(tables: &mut Tables, set: &AddressSet, families: &[Family]) -> Option<String> {
        tables.operand(set, families, &piece!("rule-from")).map(|piece| piece.as_str().to_owned())
    }

    #[test]
    fn one_prefix_stands_in_the_rule_and_more_in_a_table() {
        let mut tables = Tables::default();
        assert_eq!(operand(&mut tables, &AddressSet::every(), BOTH), None);
        assert_eq!(operand(&mut tables, &set(&["10.0.0.0/8"], None), V4).unwrap(), "10.0.0.0/8");
        let both = set(&["10.0.0.0/8", "2001:db8::/32"], Some("lan"));
        assert_eq!(operand(&mut tables, &both, BOTH).unwrap(), "<mw_lan>");
        let range = set(&["10.0.0.1/32", "10.0.0.2/32"], None);
        assert_eq!(operand(&mut tables, &range, V4).unwrap(), "<mw_rule-from>");
        assert_eq!(tables.used().count(), 2);
    }

    #[test]
    fn a_set_is_said_by_what_it_leaves_out_where_that_is_shorter() {
        let mut tables = Tables::default();
        let not = |of: &AddressSet, name| AddressSet {
            addresses: Addresses::every().subtract(&of.addresses),
            name: Name::new(name).ok(),
        };
        let lan = not(&set(&["10.0.0.0/8", "2001:db8::/32"], None), "not-lan");
        assert_eq!(operand(&mut tables, &lan, BOTH).unwrap(), "! <mw_near-lan>");
        assert_eq!(operand(&mut tables, &lan, V4).unwrap(), "! 10.0.0.0/8");
    }

    #[test]
    fn different_sets_have_different_names() {
        let mut tables = Tables::default();
        let (one, other) = (set(&["10.0.0.1/32", "::1/128"], None), set(&["10.0.0.2/32", "::1/128"], None));
        assert_eq!(operand(&mut tables, &one, BOTH).unwrap(), "<mw_rule-from>");
        assert_eq!(operand(&mut tables, &other, BOTH).unwrap(), "<mw_rule-from_2>");
        assert_eq!(operand(&mut tables, &one, BOTH).unwrap(), "<mw_rule-from>");
    }

    #[test]
    fn names_fit_into_pf() {
        let mut tables = Tables::default();
        let long = set(&["10.0.0.1/32", "::1/128"], Some("a-name-of-forty-eight-characters-or-nearly-so-x"));
        assert_eq!(operand(&mut tables, &long, BOTH).unwrap().len(), "<>".len() + LONGEST_NAME);
    }

    proptest! {
        #[test]
        fn prefixes_hold_exactly_the_addresses(bounds in proptest::collection::vec((0..5_000_u128, 0..5_000_u128), 1..6)) {
            let v6 = IntervalSet::from_intervals(bounds);
            let addresses = Addresses { v4: v6.clone(), v6 };
            prop_assert_eq!(Addresses::of_prefixes(&prefixes(&addresses)), addresses);
        }
    }

    #[test]
    fn whole_families_are_one_prefix() {
        let all: Vec<String> = prefixes(&Addresses::every()).iter().map(ToString::to_string).collect();
        assert_eq!(all, ["0.0.0.0/0", "::/0"]);
    }
}
