//! A ruleset in the making: entries of the policy into rules of pf.

use super::clause::{Clause, Grouping, clauses};
use super::icmp::drop_not_new;
use super::rule::{Action, Direction, Options, Packets, Rule};
use super::tables::Tables;
use super::wiring::{Loopback, Wiring};
use crate::model::{BaselinePart, Entry, Match, Origin, Policy, Verdict};
use crate::packet::{Family, Hook};
use crate::render::piece::{Piece, piece};
use crate::render::{Dialect, Rendering, origin};
use crate::source::Diagnostic;

/// What the sections of a ruleset are written with.
pub(super) struct Draft<'r> {
    pub(super) rendering: Rendering<'r>,
    pub(super) wiring: Wiring<'r>,
    pub(super) tables: Tables,
    /// What pf cannot say.
    pub(super) problems: Vec<Diagnostic>,
}

/// Rules under one heading.
#[derive(Debug)]
pub(super) struct Section {
    /// Comment lines.
    pub(super) title: Vec<&'static str>,
    /// Groups of rules, in order.
    pub(super) blocks: Vec<Block>,
}

/// Rules that belong together, and the comment lines above them.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Where they come from, if from one origin.
    pub(super) origin: Option<Origin>,
    /// Comment lines.
    pub(super) remarks: Vec<Piece>,
    pub(super) rules: Vec<Rule>,
}

/// Where an entry decides: one of the conditions on interface and tag that its rules get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// The operand of `on`.
    pub(super) on: Option<Piece>,
    /// `tagged` or `! tagged` with its operand.
    pub(super) tagged: Option<Piece>,
}

/// What the rules of an entry have in common.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) direction: Direction,
    pub(super) spots: Vec<Spot>,
    /// The tag for what passes.
    pub(super) tag: Option<Piece>,
}

impl Block {
    /// Rules that no entry of the policy stands behind.
    pub(super) fn of(rules: Vec<Rule>) -> Self {
        Self { rules, ..Self::default() }
    }
}

impl<'r> Draft<'r> {
    pub(super) fn new(rendering: Rendering<'r>, dialect: Dialect) -> Self {
        let policy = rendering.policy;
        let loopback = if policy.baseline.loopback { Loopback::Skipped } else { Loopback::Filtered };
        let wiring = Wiring::new(&policy.interfaces, dialect, loopback);
        Self { rendering, wiring, tables: Tables::new(policy), problems: Vec::new() }
    }

    pub(super) fn policy(&self) -> &'r Policy {
        self.rendering.policy
    }

    /// The rules of an entry: one for each part of its traffic, family where the families differ, and spot.
    pub(super) fn rules(&mut self, entry: &Entry, frame: &Frame) -> Vec<Rule> {
        let grouping = if entry.verdict == Verdict::Reject { Grouping::TcpApart } else { Grouping::Together };
        let label = self.label(entry);
        let mut rules = Vec::new();
        for clause in clauses(&entry.when.traffic, grouping) {
            let action = action(entry, &clause);
            let tag = frame.tag.clone().filter(|_| action == Action::Pass);
            let packets = self.packets(entry, &clause);
            let rule = |packets: &Packets, spot: &Spot| Rule {
                log: entry.log.is_some(),
                on: spot.on.clone(),
                packets: packets.clone(),
                tagged: spot.tagged.clone(),
                tag: tag.clone(),
                label: Some(label.clone()),
                ..Rule::new(action, frame.direction)
            };
            rules.extend(
                packets.iter().flat_map(|packets| frame.spots.iter().map(|spot| rule(packets, spot))),
            );
        }
        rules
    }

    /// Adds the rules of an entry to those of the entry before it, where both come from the same rule.
    pub(super) fn add(&mut self, entry: &Entry, frame: &Frame, blocks: &mut Vec<Block>) {
        let rules = self.rules(entry, frame);
        match blocks.last_mut() {
            Some(block) if block.origin == Some(entry.origin) => block.rules.extend(rules),
            _ => {
                let remarks = origin::remarks(self.rendering.policy, self.rendering.sources, entry);
                blocks.push(Block { origin: Some(entry.origin), remarks, rules });
            }
        }
    }

    /// The rule that drops packets which make no sense, as the policy wants them dropped in a hook.
    pub(super) fn dropping_invalid(&self, hook: Hook, direction: Direction) -> Option<Rule> {
        let of = |part| {
            let is = move |entry: &&Entry| entry.origin == Origin::Baseline(part);
            self.policy().entries(hook).find(is)
        };
        let entry = of(BaselinePart::Invalid).or_else(|| of(BaselinePart::NotNew))?;
        Some(self.dropping(entry, direction))
    }

    /// The rules of the `not-new` entry, for packets with that tag.
    pub(super) fn not_new(&self, entry: &Entry, direction: Direction, tagged: Option<&Piece>) -> Block {
        let tagged = |rule| Rule { tagged: tagged.cloned(), ..rule };
        let not_new = self.dropping(entry, direction);
        let invalid = self.dropping_invalid(entry.hook, direction).unwrap_or_else(|| not_new.clone());
        Block::of(drop_not_new(&tagged(not_new), &tagged(invalid), self.policy()))
    }

    /// A rule that drops what an entry drops, for every packet of a direction.
    pub(super) fn dropping(&self, entry: &Entry, direction: Direction) -> Rule {
        Rule {
            log: entry.log.is_some(),
            label: Some(self.label(entry)),
            ..Rule::new(Action::Drop, direction)
        }
    }

    /// The label for the rules of an entry.
    pub(super) fn label(&self, entry: &Entry) -> Piece {
        origin::id(self.rendering.policy, entry)
    }

    /// The conditions on addresses and traffic, apart for each family where the families differ.
    fn packets(&mut self, entry: &Entry, clause: &Clause) -> Vec<Packets> {
        let exists = |family: &Family| {
            entry.when.exists_in(*family) && clause.family().is_none_or(|only| only == *family)
        };
        let families: Vec<Family> = Family::ALL.into_iter().filter(exists).collect();
        let options = if is_discovery(entry) { Options::Allowed } else { Options::Blocked };
        let mut all = Vec::new();
        for group in groups(&entry.when, &families) {
            let (from, to) = self.addresses(entry, &group);
            let family = if let [one] = *group { Some(one) } else { None };
            let with = |packets: Packets| Packets {
                family,
                from: from.clone(),
                to: to.clone(),
                options: if options == Options::Allowed { options } else { packets.options },
                ..packets
            };
            all.extend(clause.packets().into_iter().map(with));
        }
        all
    }

    fn addresses(&mut self, entry: &Entry, families: &[Family]) -> (Option<Piece>, Option<Piece>) {
        let id = match (self.policy().rule_of(entry), entry.origin) {
            (Some(rule), _) => piece!("{}", rule.id.value),
            (None, Origin::Baseline(part)) => Piece::literal(part.name()),
            (None, Origin::Rule(_) | Origin::Default) => Piece::literal("default"),
        };
        let from = self.tables.operand(&entry.when.source, families, &piece!("{}-from", id));
        let to = self.tables.operand(&entry.when.destination, families, &piece!("{}-to", id));
        (from, to)
    }
}

/// What pf does by itself: it skips the loopback, lets known flows pass and drops what is wrong in them.
pub(super) fn is_inherent(entry: &Entry) -> bool {
    use BaselinePart::{Established, Invalid, Loopback};
    matches!(entry.origin, Origin::Baseline(Loopback | Established | Invalid))
}

/// What pf does with the packets of one clause.
fn action(entry: &Entry, clause: &Clause) -> Action {
    match entry.verdict {
        Verdict::Accept if is_stateless(entry) => Action::PassStateless,
        Verdict::Accept => Action::Pass,
        Verdict::Drop => Action::Drop,
        Verdict::Reject if clause.is_tcp() => Action::Reset,
        Verdict::Reject => Action::Unreachable,
        Verdict::Observe => Action::Match,
    }
}

/// Whether it is the guard after which rules see only packets that open a flow.
pub(super) fn is_not_new(entry: &Entry) -> bool {
    entry.origin == Origin::Baseline(BaselinePart::NotNew)
}

/// What passes without a look at states, and leaves none: the model accepts it in any state.
fn is_stateless(entry: &Entry) -> bool {
    is_discovery(entry) || entry.origin == Origin::Baseline(BaselinePart::IcmpErrors)
}

/// Multicast listener messages carry a hop-by-hop option (RFC 2710 §3), which pf takes only where it is told to.
fn is_discovery(entry: &Entry) -> bool {
    entry.origin == Origin::Baseline(BaselinePart::NeighbourDiscovery)
}

/// The families that one rule can speak of: both if each address is limited in both or in neither.
fn groups(when: &Match, families: &[Family]) -> Vec<Vec<Family>> {
    let open = |family: &Family| {
        (when.source.addresses.is_every(*family), when.destination.addresses.is_every(*family))
    };
    match families {
        [one, other] if open(one) != open(other) => vec![vec![*one], vec![*other]],
        [] => Vec::new(),
        some => vec![some.to_vec()],
    }
}
