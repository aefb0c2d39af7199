//! The filter table of one family while it is being filled.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Value, context};

use super::verdicts::{jump, limited_log, refusal, refuse};
use crate::model::{Entry, Log, Origin, Verdict};
use crate::packet::Family;
use crate::render::piece::{Piece, piece};
use crate::render::protocols::Protocols;
use crate::render::{Rendering, origin};

/// A rule, or a comment line above one.
#[derive(Clone, Debug, Default)]
pub(super) struct Rule {
    /// The condition, empty if there is none; or the comment line.
    pub(super) matches: Piece,
    /// What happens; empty if it only counts.
    pub(super) jump: Piece,
    /// Id and `file:line`, quoted; empty for a comment line.
    pub(super) comment: Piece,
}

/// A chain of our own, by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChainId(usize);

/// What entries share a chain for: a limit on logging counts for a whole rule of the policy.
type Purpose = (Origin, Verdict, Log, Protocols);

/// The table.
#[derive(Debug)]
pub(super) struct Table<'r> {
    pub(super) rendering: Rendering<'r>,
    pub(super) family: Family,
    chains: Vec<(Piece, Vec<Rule>)>,
    taken: BTreeSet<Piece>,
    logged: BTreeMap<Purpose, Piece>,
}

/// Bytes of a comment: `XT_MAX_COMMENT_LEN` in `xt_comment.h` with its NUL; longer ones are cut without a word.
const LONGEST_COMMENT: usize = 255;

/// Bytes of a chain's name: `XT_EXTENSION_MAXNAMELEN` in `x_tables.h` with its NUL.
const LONGEST_CHAIN: usize = 28;

impl<'r> Table<'r> {
    /// No chains yet.
    pub(super) fn new(rendering: Rendering<'r>, family: Family) -> Self {
        Self { rendering, family, chains: Vec::new(), taken: BTreeSet::new(), logged: BTreeMap::new() }
    }

    /// Adds an empty chain; the name is not in use.
    pub(super) fn add(&mut self, name: Piece) -> ChainId {
        self.taken.insert(name.clone());
        self.chains.push((name, Vec::new()));
        ChainId(self.chains.len() - 1)
    }

    /// Adds an empty chain that is named after an entry.
    pub(super) fn branch(&mut self, entry: &Entry) -> ChainId {
        let id = origin::id(self.rendering.policy, entry).replace(":", "-");
        let named = |suffix: Piece| {
            let room = LONGEST_CHAIN - "mw-".len() - suffix.as_str().len();
            piece!("mw-{}{}", id.shorten(room), suffix)
        };
        let suffixes = std::iter::once(Piece::default()).chain((2_u32..).map(|n| piece!("-{}", n)));
        let free = suffixes.map(named).find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.add(free)
    }

    /// The name of a chain.
    pub(super) fn name(&self, chain: ChainId) -> Piece {
        self.chains.get(chain.0).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// Appends a rule.
    pub(super) fn push(&mut self, chain: ChainId, rule: Rule) {
        if let Some((_, rules)) = self.chains.get_mut(chain.0) {
            rules.push(rule);
        }
    }

    /// Id and `file:line` of an entry.
    pub(super) fn comment(&self, entry: &Entry) -> Piece {
        origin::comment(self.rendering.policy, self.rendering.sources, entry, LONGEST_COMMENT)
    }

    /// What a rule of the entry ends with: the verdict, or the chain that comes to it.
    ///
    /// # Errors
    /// What iptables has no words for.
    pub(super) fn ending(&mut self, entry: &Entry, protocols: Protocols) -> Result<Piece, &'static str> {
        match (entry.verdict, entry.log) {
            (Verdict::Observe, Some(log)) => limited_log(&self.rendering, entry, log),
            (_, Some(log)) => self.logged(entry, log, protocols),
            (_, None) => Ok(self.verdict(entry.verdict, protocols)),
        }
    }

    /// What a rule with that verdict ends with.
    pub(super) fn verdict(&mut self, verdict: Verdict, protocols: Protocols) -> Piece {
        let with_chain = verdict == Verdict::Reject && protocols == Protocols::Mixed;
        if with_chain && !self.taken.contains(&refuse()) {
            let chain = self.add(refuse());
            for rule in refusal(self.family) {
                self.push(chain, rule);
            }
        }
        jump(verdict, protocols, self.family)
    }

    /// The chain that logs under a limit and then decides, made when it is first needed.
    ///
    /// One rule cannot do both: LOG and the verdict are two targets, and a limit would let the excess fall through.
    fn logged(&mut self, entry: &Entry, log: Log, protocols: Protocols) -> Result<Piece, &'static str> {
        let purpose = (entry.origin, entry.verdict, log, protocols.for_verdict(entry.verdict));
        if let Some(name) = self.logged.get(&purpose) {
            return Ok(piece!("-g {}", name));
        }
        let verdict = self.verdict(entry.verdict, protocols);
        let (logging, comment) = (limited_log(&self.rendering, entry, log)?, self.comment(entry));
        let rule = |matches, jump| Rule { matches, jump, comment: comment.clone() };
        let (chain, matches) = (self.branch(entry), reset_only(entry.verdict, protocols));
        self.push(chain, rule(Piece::default(), logging));
        self.push(chain, rule(matches, verdict));
        self.logged.insert(purpose, self.name(chain));
        Ok(piece!("-g {}", self.name(chain)))
    }

    /// The chains in the order they were added.
    pub(super) fn into_view(self) -> Vec<Value> {
        let chain = |(name, rules): (Piece, Vec<Rule>)| {
            let rules: Vec<Value> = rules.into_iter().map(Value::from).collect();
            context! { name => Value::from(name), rules }
        };
        self.chains.into_iter().map(chain).collect()
    }
}

/// `tcp-reset` is refused by the kernel in a rule without `-p tcp`.
fn reset_only(verdict: Verdict, protocols: Protocols) -> Piece {
    match (verdict, protocols) {
        (Verdict::Reject, Protocols::Tcp) => piece!("-p tcp"),
        _ => Piece::default(),
    }
}

impl From<Rule> for Value {
    fn from(rule: Rule) -> Self {
        let (matches, jump, comment) = (rule.matches, rule.jump, rule.comment);
        context! {
            matches => Self::from(matches),
            jump => Self::from(jump),
            comment => Self::from(comment),
        }
    }
}
