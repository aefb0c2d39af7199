//! Rules as written into rules that can be asked: lists become sets, names become numbers, anchors become conditions of
//! the rules in them.

mod condition;
mod place;
mod table;
mod traffic;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) use condition::{Condition, Way, with};

use super::Dialect;
use super::syntax::{Action, Config, Direction, Entry, Keeping, Not, On, Refusal, Rule};
use crate::model::Addresses;
use crate::readback::clause::Clause;
use crate::readback::conditions::Occurrences;
use crate::readback::{Conditions, InterfacePattern, InterfaceTable};
use crate::source::Site;

/// Drivers of the BSDs: their names without a number are groups of all their interfaces. (`ifconfig -C`, section 4 of
/// the manuals.)
const DRIVERS: &[&str] = &[
    "aggr", "alc", "ale", "ath", "athn", "axe", "axen", "bce", "bge", "bnx", "bnxt", "bridge", "bwfm",
    "carp", "cas", "cdce", "cue", "cxgbe", "dc", "dwge", "enc", "em", "epair", "et", "fxp", "gem", "genet",
    "gif", "gre", "hn", "hvn", "igb", "igc", "ipw", "iwi", "iwm", "iwn", "iwx", "ix", "ixl", "ixv", "jme",
    "kue", "lagg", "lii", "lo", "mce", "mcx", "mos", "mpe", "msk", "mvneta", "mvpp", "nfe", "nge", "ng",
    "oce", "pair", "pflog", "pflow", "pfsync", "ppp", "pppoe", "ral", "re", "rge", "rl", "rsu", "rtwn",
    "run", "sge", "sis", "sk", "ste", "stf", "svlan", "tap", "ti", "tpmr", "trunk", "tun", "udav", "umb",
    "ure", "url", "urndis", "urtw", "vether", "veb", "vic", "vio", "vlan", "vmx", "vport", "vr", "vtnet",
    "vte", "vxlan", "wg", "wlan", "wpi", "xl", "xn", "xnf", "zyd",
];

/// Which tag a packet has, of those that some rule asks for; 0 is any other, or none.
pub(super) type Tag = u32;

/// A rule that can be asked.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    /// Where it stands.
    pub(super) site: Site,
    /// What it does.
    pub(super) act: Act,
    /// Which way; none for both.
    pub(super) direction: Option<Direction>,
    /// Whether it logs.
    pub(super) log: bool,
    /// Whether no later rule is asked.
    pub(super) quick: bool,
    /// The tag that packets get.
    pub(super) tag: Option<Tag>,
    /// Tags that they must have, or must not.
    pub(super) tagged: Vec<Not<Tag>>,
    /// What packets must be like: of the rule itself and of the anchors that it is in.
    pub(super) conditions: Vec<Arc<Condition>>,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Packets pass.
    Pass {
        /// Whether a state begins.
        keeps: bool,
        /// The condition under which it can, if that is limited.
        limit: Option<u32>,
    },
    /// Packets are blocked.
    Block(Refusal),
    /// The next rules decide.
    Match,
    /// Nobody knows.
    Unknown,
}

/// The interfaces that a ruleset speaks of.
pub(super) fn interfaces(config: &Config, dialect: Dialect) -> Vec<InterfacePattern> {
    let mut names = BTreeSet::new();
    names.extend(config.skipped.iter().filter_map(|(on, _)| pattern(on, dialect)));
    let mut look = |rule: &Rule| {
        let all = rule.on.iter().chain(&rule.options.received_on);
        names.extend(all.filter_map(|on| pattern(&on.item, dialect)));
        let scopes = rule.source.hosts.iter().chain(&rule.destination.hosts);
        let scopes = scopes.filter_map(|host| host.item.scope().cloned()).map(On::Named);
        names.extend(scopes.filter_map(|on| pattern(&on, dialect)));
    };
    config.passing.iter().for_each(&mut look);
    collect(&config.entries, &mut look);
    names.into_iter().collect()
}

/// Looks at every rule, and the rules of anchors themselves.
fn collect(entries: &[Entry], look: &mut impl FnMut(&Rule)) {
    for entry in entries {
        match entry {
            Entry::Rule(rule) => look(rule),
            Entry::Anchor { rule, body, .. } => {
                look(rule);
                collect(body.as_deref().unwrap_or_default(), look);
            }
        }
    }
}

/// What a name stands for; none for a group whose members are not known. Names of OpenBSD's interfaces end in a digit,
/// and names of groups do not; FreeBSD's interfaces may be renamed.
fn pattern(on: &On, dialect: Dialect) -> Option<InterfacePattern> {
    let On::Named(name) = on else { return None };
    if name.ends_with(|last: char| last.is_ascii_digit()) {
        return Some(InterfacePattern::Name(name.clone()));
    }
    if DRIVERS.contains(&name.as_str()) {
        return Some(InterfacePattern::Prefix(name.clone()));
    }
    let is_name = dialect == Dialect::FreeBsd && name != "egress";
    is_name.then(|| InterfacePattern::Name(name.clone()))
}

/// Makes all rules ready: first those that stand for `set skip`, then translations that pass.
pub(super) fn compile(
    config: &Config,
    dialect: Dialect,
    interfaces: &InterfaceTable,
    conditions: &mut Conditions,
) -> Vec<Compiled> {
    let mut tags = BTreeMap::new();
    collect(&config.entries, &mut |rule| {
        if let Some(tagged) = &rule.options.tagged {
            let next = u32::try_from(tags.len()).unwrap_or(u32::MAX).saturating_add(1);
            tags.entry(tagged.item.clone()).or_insert(next);
        }
    });
    let tables = config.tables.iter().filter(|(_, table)| !table.is_open);
    let mut compiler = Compiler {
        dialect,
        interfaces,
        conditions,
        occurrences: Occurrences::default(),
        every: Clause::every(),
        tables: tables.map(|(name, table)| (name.as_str(), table::addresses(&table.entries))).collect(),
        tags,
        rules: Vec::new(),
    };
    for (on, site) in &config.skipped {
        let mut rule = Rule::new(*site, Action::Pass);
        rule.on = vec![Not { negated: false, item: on.clone() }];
        rule.quick = true;
        rule.options.keeping = Some(Keeping::No);
        compiler.rule(&rule, &Scope::default());
    }
    for rule in &config.passing {
        let inside = compiler.inside(rule, &Scope::default());
        compiler.undecided(rule, "a translation that passes decides", inside);
    }
    compiler.entries(&config.entries, &Scope::default());
    compiler.rules
}

/// What rules are in.
#[derive(Clone, Default)]
struct Scope {
    direction: Option<Direction>,
    conditions: Vec<Arc<Condition>>,
    tagged: Vec<Not<Tag>>,
    /// Whether no packet gets there: an anchor for one direction in one for the other.
    is_dead: bool,
}

/// Makes rules ready.
struct Compiler<'c> {
    dialect: Dialect,
    interfaces: &'c InterfaceTable,
    conditions: &'c mut Conditions,
    occurrences: Occurrences,
    /// Every packet; kept since it is copied for each rule.
    every: Clause,
    /// Tables whose addresses are known.
    tables: BTreeMap<&'c str, Addresses>,
    tags: BTreeMap<String, Tag>,
    rules: Vec<Compiled>,
}

impl<'c> Compiler<'c> {
    fn entries(&mut self, entries: &'c [Entry], scope: &Scope) {
        for entry in entries {
            match entry {
                Entry::Rule(rule) => self.rule(rule, scope),
                Entry::Anchor { rule, name, body } => self.anchor(rule, name, body.as_deref(), scope),
            }
        }
    }

    fn rule(&mut self, rule: &Rule, scope: &Scope) {
        let scope = self.inside(rule, scope);
        let keeps = rule.keeping() != Keeping::No;
        let act = match rule.action {
            Action::Pass => Act::Pass { keeps, limit: self.limit(rule) },
            Action::Block(refusal) => Act::Block(refusal),
            Action::Match => Act::Match,
        };
        self.push(rule, act, scope);
    }

    fn push(&mut self, rule: &Rule, act: Act, scope: Scope) {
        if scope.is_dead {
            return;
        }
        let tag = rule.options.tag.as_ref().map(|tag| self.tags.get(tag).copied().unwrap_or(0));
        self.rules.push(Compiled {
            site: rule.site,
            act,
            direction: scope.direction,
            log: rule.log,
            quick: rule.quick,
            tag,
            tagged: scope.tagged,
            conditions: scope.conditions,
        });
    }

    /// The condition under which a packet may begin a state.
    fn limit(&mut self, rule: &Rule) -> Option<u32> {
        let limits = &rule.options.limits;
        let text = format!("within the limits of states ({})", limits.join(", "));
        (!limits.is_empty()).then(|| self.conditions.changing(&text, &mut self.occurrences))
    }

    /// What the rules of an anchor are in, and rules themselves: its conditions added to those around it.
    fn inside(&mut self, rule: &Rule, scope: &Scope) -> Scope {
        let mut scope = scope.clone();
        match (scope.direction, rule.direction) {
            (Some(outer), Some(inner)) if outer != inner => scope.is_dead = true,
            (None, direction) => scope.direction = direction,
            _ => {}
        }
        if let Some(Not { negated, item }) = &rule.options.tagged {
            let tag = self.tags.get(item).copied().unwrap_or(0);
            scope.tagged.push(Not { negated: *negated, item: tag });
        }
        scope.conditions.push(Arc::new(self.condition(rule)));
        scope
    }

    fn anchor(&mut self, rule: &Rule, name: &str, body: Option<&'c [Entry]>, scope: &Scope) {
        let inner = self.inside(rule, scope);
        if rule.options.tag.is_some() {
            self.push(rule, Act::Match, inner.clone());
        }
        let Some(body) = body else {
            return self.undecided(rule, &format!("anchor \"{name}\" decides"), inner);
        };
        let first = self.rules.len();
        self.entries(body, &inner);
        if rule.quick {
            self.end_quick(first, inner.conditions.len());
        }
    }

    /// Packets of which nobody knows what becomes of them, if a condition holds.
    fn undecided(&mut self, rule: &Rule, condition: &str, mut scope: Scope) {
        let number = self.conditions.number(condition);
        scope.conditions.push(Arc::new(Condition::unknown(&self.every, number)));
        let unknown = Rule { quick: true, ..Rule::new(rule.site, Action::Match) };
        self.push(&unknown, Act::Unknown, scope);
    }

    /// At the end of a quick anchor, the last of its own rules that matched decides: they are asked again, last first.
    /// `depth` is how many conditions the anchor has; rules of anchors in it have more than one more.
    fn end_quick(&mut self, first: usize, depth: usize) {
        let own = self.rules.get(first..).unwrap_or_default().iter().rev();
        let decides = |rule: &&Compiled| {
            !rule.quick
                && !matches!(rule.act, Act::Match | Act::Unknown)
                && rule.conditions.len() == depth + 1
        };
        let again: Vec<Compiled> =
            own.filter(decides).map(|rule| Compiled { quick: true, ..rule.clone() }).collect();
        self.rules.extend(again);
    }
}
