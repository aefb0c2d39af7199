//! Tables and chains, and where packets come through them.

use std::collections::BTreeMap;

use super::rule::Rule;
use crate::readback::Fate;
use crate::readback::program::Point;
use crate::source::Site;

/// A table that the kernel knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Its name.
    pub(super) name: &'static str,
    /// When packets come through it (`linux/netfilter_ipv4.h`).
    pub(super) priority: i32,
    /// Its built-in chains.
    pub(super) points: &'static [(&'static str, Point)],
    /// Whether it filters; that of address translation does not.
    pub(super) filters: bool,
}

/// All of them.
const KINDS: &[Kind] = &[
    Kind {
        name: "raw",
        priority: -300,
        points: &[("PREROUTING", Point::Prerouting), ("OUTPUT", Point::Output)],
        filters: true,
    },
    Kind {
        name: "mangle",
        priority: -150,
        points: &[
            ("PREROUTING", Point::Prerouting),
            ("INPUT", Point::Input),
            ("FORWARD", Point::Forward),
            ("OUTPUT", Point::Output),
            ("POSTROUTING", Point::Postrouting),
        ],
        filters: true,
    },
    Kind {
        name: "nat",
        priority: -100,
        points: &[
            ("PREROUTING", Point::Prerouting),
            ("INPUT", Point::Input),
            ("OUTPUT", Point::Output),
            ("POSTROUTING", Point::Postrouting),
        ],
        filters: false,
    },
    Kind { name: "filter", priority: 0, points: FILTERED, filters: true },
    Kind { name: "security", priority: 50, points: FILTERED, filters: true },
];

const FILTERED: &[(&str, Point)] =
    &[("INPUT", Point::Input), ("FORWARD", Point::Forward), ("OUTPUT", Point::Output)];

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Which one.
    pub(super) kind: &'static Kind,
    /// Its chains: the built-in ones first, then the others in the order of their declarations.
    pub(super) chains: Vec<Chain>,
    names: BTreeMap<String, usize>,
    /// Where it begins.
    pub(super) site: Site,
}

/// A chain.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// Its rules, in order.
    pub(super) rules: Vec<Rule>,
    /// What becomes of packets at the end of a built-in chain.
    pub(super) policy: Fate,
    /// Where it is declared; the table for a built-in one that is not.
    pub(super) site: Site,
}

impl Kind {
    /// The table of a name.
    pub(super) fn of(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// Whether a chain of that name is built in.
    pub(super) fn has(&self, chain: &str) -> bool {
        self.points.iter().any(|(name, _)| *name == chain)
    }
}

impl Table {
    /// A table whose chains are empty and accept everything.
    pub(super) fn new(kind: &'static Kind, site: Site) -> Self {
        let mut table = Self { kind, chains: Vec::new(), names: BTreeMap::new(), site };
        for (name, _) in kind.points {
            table.declare(name, Fate::Accept, site);
        }
        table
    }

    /// Declares a chain, empty; one that is there loses its rules.
    pub(super) fn declare(&mut self, name: &str, policy: Fate, site: Site) {
        let chain = Chain { rules: Vec::new(), policy, site };
        if let Some(old) = self.chain(name) {
            *old = chain;
        } else {
            self.names.insert(name.to_owned(), self.chains.len());
            self.chains.push(chain);
        }
    }

    /// The number of a chain.
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// A chain by its name.
    pub(super) fn chain(&mut self, name: &str) -> Option<&mut Chain> {
        let index = self.index(name)?;
        self.chains.get_mut(index)
    }

    /// Whether packets may jump to a chain: it is there, and not built in.
    pub(super) fn is_target(&self, name: &str) -> bool {
        !self.kind.has(name) && self.names.contains_key(name)
    }
}
