//! Rules and the small chains that log and refuse for them.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::conditions::{Line, identifier};
use crate::model::{Entry, Log, Origin, RatePer, Verdict};
use crate::render::piece::{Piece, piece};
use crate::render::protocols::Protocols;
use crate::render::{Rendering, origin};

/// A rule of a ruleset.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// The condition; empty if there is none.
    matches: Piece,
    /// What happens.
    action: Piece,
    /// Id and `file:line`, quoted.
    comment: Piece,
}

/// What entries share a chain for: a limit on logging counts for a whole rule of the policy.
type Purpose = (Origin, Verdict, Log, Protocols);

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
    /// The rules for one condition of an entry.
    ///
    /// # Errors
    /// What nft has no words for.
    pub(super) fn rules(
        &mut self,
        rendering: &Rendering<'_>,
        entry: &Entry,
        line: &Line,
    ) -> Result<Vec<Rule>, &'static str> {
        let comment = comment(rendering, entry);
        let rule = |action| Rule { matches: line.matches.clone(), action, comment: comment.clone() };
        let Some(log) = entry.log else { return Ok(vec![rule(self.counted(entry.verdict, line.protocols))]) };
        let logging = limited_log(rendering, entry, log)?;
        Ok(match entry.verdict {
            Verdict::Observe => vec![rule(piece!("counter {}", logging))],
            verdict if line.matches.is_empty() => {
                vec![rule(logging), rule(self.counted(verdict, line.protocols))]
            }
            verdict => {
                let body = [logging, self.verdict(verdict, line.protocols)];
                let purpose = (entry.origin, verdict, log, line.protocols.for_verdict(verdict));
                let name = self.logged(rendering, entry, purpose, body);
                vec![rule(piece!("counter goto {}", name))]
            }
        })
    }

    /// The chains by name.
    pub(super) fn into_chains(self) -> BTreeMap<Piece, Vec<Rule>> {
        self.chains
    }

    fn logged(
        &mut self,
        rendering: &Rendering<'_>,
        entry: &Entry,
        purpose: Purpose,
        body: [Piece; 2],
    ) -> Piece {
        if let Some(name) = self.names.get(&purpose) {
            return name.clone();
        }
        let base = identifier(&origin::set_name(rendering.policy, entry));
        let candidates = std::iter::once(base.clone()).chain((2_u32..).map(|n| piece!("{}_{}", base, n)));
        let name = candidates.into_iter().find(|name| !self.chains.contains_key(name)).unwrap_or_default();
        let comment = comment(rendering, entry);
        let rule = |action| Rule { matches: Piece::default(), action, comment: comment.clone() };
        self.chains.insert(name.clone(), body.map(rule).into());
        self.names.insert(purpose, name.clone());
        name
    }

    fn counted(&mut self, verdict: Verdict, protocols: Protocols) -> Piece {
        match verdict {
            Verdict::Observe => piece!("counter"),
            verdict => piece!("counter {}", self.verdict(verdict, protocols)),
        }
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
        let rule = |matches, action| Rule { matches, action, comment: comment.clone() };
        let body = || {
            vec![
                rule(piece!("meta l4proto tcp"), Piece::literal(RESET)),
                rule(Piece::default(), Piece::literal(PROHIBITED)),
            ]
        };
        self.chains.entry(name.clone()).or_insert_with(body);
        piece!("goto {}", name)
    }
}

impl From<Rule> for Value {
    fn from(rule: Rule) -> Self {
        let (matches, action, comment) = (rule.matches, rule.action, rule.comment);
        context! {
            matches => Self::from(matches),
            action => Self::from(action),
            comment => Self::from(comment),
        }
    }
}

fn comment(rendering: &Rendering<'_>, entry: &Entry) -> Piece {
    origin::comment(rendering.policy, rendering.sources, entry, LONGEST_COMMENT)
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
