//! Tables, chains and sets as they are after all commands of a file.

use std::collections::{BTreeMap, BTreeSet};

use super::syntax::{Element, Rule, Statement, Verdict};
use crate::packet::Family;
use crate::readback::Fate;
use crate::readback::program::Point;
use crate::source::Site;

/// Things by name, in the order in which they were made.
#[derive(Clone, Debug)]
pub(super) struct Named<T> {
    items: Vec<(Box<str>, T)>,
    places: BTreeMap<Box<str>, usize>,
}

/// The tables of a ruleset.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// By family and name.
    pub(super) all: Named<Table>,
    /// Whether rules change the marks that other rules may look at.
    pub(super) marks: bool,
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// `ip`, `ip6`, `inet`, `arp`, `bridge` or `netdev`.
    pub(super) family: &'static str,
    /// Whether its base chains are asleep.
    pub(super) is_dormant: bool,
    /// Its chains.
    pub(super) chains: Named<Chain>,
    /// Its sets and maps.
    pub(super) sets: Named<Set>,
}

/// A chain.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// Its rules.
    pub(super) rules: Vec<Rule>,
    /// Where packets come in; none for a chain that is only jumped to.
    pub(super) hook: Option<Hook>,
    /// Whether packets that come to its end are dropped; none as long as nobody said.
    pub(super) policy: Option<(Fate, Site)>,
    /// Where it was first declared.
    pub(super) site: Site,
}

/// Where packets come into a base chain.
#[derive(Clone, Debug)]
pub(super) struct Hook {
    /// `filter`, `nat` or `route`.
    pub(super) kind: Box<str>,
    /// Where; none for hooks that are not looked at, such as `ingress`.
    pub(super) point: Option<Point>,
    /// Lower ones first.
    pub(super) priority: i32,
}

/// A set or a map.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    /// Its elements.
    pub(super) elements: Vec<Element>,
    /// Whether packets change it, or not every member matches every time.
    pub(super) is_changing: bool,
}

/// The families of tables (nft(8), address families).
pub(super) const FAMILIES: [&str; 6] = ["ip", "ip6", "inet", "arp", "bridge", "netdev"];

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { items: Vec::new(), places: BTreeMap::new() }
    }
}

impl<T> Named<T> {
    /// The one of a name.
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.items.get(self.place(name)?).map(|(_, item)| item)
    }

    /// The one of a name, to change it.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let place = self.place(name)?;
        self.items.get_mut(place).map(|(_, item)| item)
    }

    /// Its place among all.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Makes sure that one of that name is there.
    pub(super) fn add(&mut self, name: &str, make: impl FnOnce() -> T) {
        if !self.places.contains_key(name) {
            self.places.insert(name.into(), self.items.len());
            self.items.push((name.into(), make()));
        }
    }

    /// Keeps those that a test says.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&str, &T) -> bool) {
        self.items.retain(|(name, item)| keep(name, item));
        self.places = (0..).zip(&self.items).map(|(place, (name, _))| (name.clone(), place)).collect();
    }

    /// All, in the order in which they were made.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(|(_, item)| item)
    }

    /// All, to change them.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.items.iter_mut().map(|(_, item)| item)
    }
}

impl Tables {
    /// The table of a family and name, which is made if it is not there.
    pub(super) fn table(&mut self, family: &'static str, name: &str) -> Option<&mut Table> {
        let key = key(family, name);
        self.all.add(&key, || Table::new(family));
        self.all.get_mut(&key)
    }

    /// The same, with a note at every set that rules change.
    pub(super) fn settled(mut self) -> Self {
        for table in self.all.iter_mut() {
            let mut changed = BTreeSet::new();
            table.chains.iter().for_each(|chain| changed_sets(&chain.rules, &mut changed));
            for (name, set) in &mut table.sets.items {
                set.is_changing |= changed.contains(name);
            }
        }
        self
    }
}

/// The sets that rules put something into or take something out of.
fn changed_sets(rules: &[Rule], changed: &mut BTreeSet<Box<str>>) {
    for statement in rules.iter().flat_map(|rule| &rule.statements) {
        match statement {
            Statement::Remember(memory) => drop(changed.insert(memory.set.clone())),
            Statement::Verdict(Verdict::Jump(to) | Verdict::Goto(to)) => changed_sets(to.inline(), changed),
            _ => {}
        }
    }
}

/// What a table is known by.
pub(super) fn key(family: &str, name: &str) -> String {
    format!("{family} {name}")
}

impl Table {
    /// An empty table.
    pub(super) fn new(family: &'static str) -> Self {
        Self { family, is_dormant: false, chains: Named::default(), sets: Named::default() }
    }

    /// The families of packets that come through it.
    pub(super) fn families(&self) -> &'static [Family] {
        match self.family {
            "ip" => &[Family::V4],
            "ip6" => &[Family::V6],
            "inet" => &Family::ALL,
            _ => &[],
        }
    }
}

impl Chain {
    /// A chain without rules.
    pub(super) const fn new(site: Site) -> Self {
        Self { rules: Vec::new(), hook: None, policy: None, site }
    }
}
