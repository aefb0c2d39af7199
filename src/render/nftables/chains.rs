//! Rules and the small chains that log and refuse for them.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::conditions::{Line, identifier};
use super::traffic::joined;
use crate::model::{Entry, Log, Origin, RatePer, Verdict};
use crate::render::piece::{Piece, piece};
use crate::render::protocols::Protocols;
use crate::render::{Rendering, origin};

/// A rule, or a comment line above one.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Condition and what happens, or the comment line.
    says: Piece,
    /// Id and `file:line`, quoted; empty for a comment line.
    comment: Piece,
}

/// What entries share a chain for: a limit on logging counts for a whole rule of the policy.
type Purpose = (Origin, Verdict, Option<Log>, Protocols);

/// The chains that rules go to.
///
/// A rule that logged under a limit and decided at once would let pass what exceeds the limit, so a logged verdict
/// is a chain: log if the limit allows, then decide. It is entered with `goto`, and every way through it decides.
#[derive(Debug, Default)]
pub(super) struct Chains {
    names: BTreeMap<Purpose, Piece>,
    chains: BTreeMap<Piece, Vec<Rule>>,
}

/// Bytes of a comment (nft 1.0.6 refuses 129).
const LONGEST_COMMENT: usize = 128;

/// Refuses TCP.
const RESET: &str = "reject with tcp reset";

/// Refuses everything else, in both families.
const PROHIBITED: &str = "reject with icmpx admin-prohibited";

impl Chains {
    /// The rules for the conditions of an entry.
    ///
    /// # Errors
    /// What nft has no words for.
    pub(super) fn rules(
        &mut self,
        rendering: &Rendering<'_>,
        entry: &Entry,
        lines: &[Line],
    ) -> Result<Vec<Rule>, &'static str> {
        let comment = origin::comment(rendering.policy, rendering.sources, entry, LONGEST_COMMENT);
        let logging = entry.log.map(|log| limited_log(rendering, entry, log)).transpose()?;
        let mut rules = Vec::new();
        for line in lines {
            let says = |action| joined([line.matches.clone(), action]);
            let actions = self.actions(rendering, entry, line, logging.as_ref());
            rules.extend(
                actions.into_iter().map(|action| Rule { says: says(action), comment: comment.clone() }),
            );
        }
        Ok(rules)
    }

    /// What happens to the packets of one condition, one rule each.
    fn actions(
        &mut self,
        rendering: &Rendering<'_>,
        entry: &Entry,
        line: &Line,
        logging: Option<&Piece>,
    ) -> Vec<Piece> {
        let Line { matches, protocols } = line;
        match (entry.verdict, logging) {
            (Verdict::Observe, logging) => {
                vec![joined([piece!("counter"), logging.cloned().unwrap_or_default()])]
            }
            (verdict, None) => vec![piece!("counter {}", self.verdict(verdict, *protocols))],
            (verdict, Some(logging)) if matches.is_empty() => {
                vec![logging.clone(), piece!("counter {}", self.verdict(verdict, *protocols))]
            }
            (_, Some(logging)) => {
                vec![piece!("counter goto {}", self.logged(rendering, entry, *protocols, logging))]
            }
        }
    }

    /// The chains by name.
    pub(super) fn into_chains(self) -> BTreeMap<Piece, Vec<Rule>> {
        self.chains
    }

    /// The chain that logs and then decides, made when it is first needed.
    fn logged(
        &mut self,
        rendering: &Rendering<'_>,
        entry: &Entry,
        protocols: Protocols,
        logging: &Piece,
    ) -> Piece {
        let purpose = (entry.origin, entry.verdict, entry.log, protocols.for_verdict(entry.verdict));
        if let Some(name) = self.names.get(&purpose) {
            return name.clone();
        }
        let base = identifier(&origin::set_name(rendering.policy, entry));
        let candidates = std::iter::once(base.clone()).chain((2_u32..).map(|n| piece!("{}_{}", base, n)));
        let name = candidates.into_iter().find(|name| !self.chains.contains_key(name)).unwrap_or_default();
        let comment = origin::comment(rendering.policy, rendering.sources, entry, LONGEST_COMMENT);
        let body = [logging.clone(), self.verdict(entry.verdict, protocols)];
        let rules = body.map(|says| Rule { says, comment: comment.clone() });
        self.chains.insert(name.clone(), rules.into());
        self.names.insert(purpose, name.clone());
        name
    }

    fn verdict(&mut self, verdict: Verdict, protocols: Protocols) -> Piece {
        match (verdict, protocols) {
            (Verdict::Observe, _) => piece!("continue"),
            (Verdict::Accept, _) => piece!("accept"),
            (Verdict::Drop, _) => piece!("drop"),
            (Verdict::Reject, Protocols::Tcp) => piece!("{}", Piece::literal(RESET)),
            (Verdict::Reject, Protocols::Others) => piece!("{}", Piece::literal(PROHIBITED)),
            (Verdict::Reject, Protocols::Mixed) => self.refuse(),
        }
    }

    /// A reset for TCP and an ICMP error for the rest takes two rules: they are a chain of their own.
    fn refuse(&mut self) -> Piece {
        let name = piece!("refuse");
        let comment = piece!("\"reset or administratively prohibited\"");
        let body = || {
            let reset = piece!("meta l4proto tcp {}", Piece::literal(RESET));
            [reset, Piece::literal(PROHIBITED)].map(|says| Rule { says, comment: comment.clone() }).into()
        };
        self.chains.entry(name.clone()).or_insert_with(body);
        piece!("goto {}", name)
    }
}

impl Rule {
    /// A comment line.
    pub(super) fn remark(text: Piece) -> Self {
        Self { says: text, comment: Piece::default() }
    }
}

impl From<Rule> for Value {
    fn from(rule: Rule) -> Self {
        let (says, comment) = (rule.says, rule.comment);
        context! { says => Self::from(says), comment => Self::from(comment) }
    }
}

/// Logs what the limit allows and decides nothing. The prefix holds no text of a user: nft would expand a `$` in it.
fn limited_log(rendering: &Rendering<'_>, entry: &Entry, log: Log) -> Result<Piece, &'static str> {
    let (unit, nanoseconds) = match log.rate.per {
        RatePer::Second => ("second", SECOND),
        RatePer::Minute => ("minute", 60 * SECOND),
        RatePer::Hour => ("hour", 3_600 * SECOND),
        RatePer::Day => ("day", 86_400 * SECOND),
    };
    let pause = nanoseconds / u64::from(log.rate.count.max(1));
    let reserve = pause.checked_mul(u64::from(log.rate.burst));
    if log.rate.count == 0 || log.rate.burst == 0 || pause == 0 || reserve.is_none() {
        return Err("its log limit is beyond what the kernel can count");
    }
    let limit =
        piece!("limit rate {}/{} burst {} packets", log.rate.count, Piece::literal(unit), log.rate.burst);
    let id = origin::id(rendering.policy, entry);
    Ok(piece!("{} log prefix \"{}: \" level info", limit, id))
}

const SECOND: u64 = 1_000_000_000;
