//! What changes in traffic between two versions of a policy.

mod align;
mod compare;
mod group;
mod lists;
mod narrow;
mod raw;
mod tell;
#[cfg(test)]
mod tests;

use super::{Portrait, Subject};
use crate::model::{Baseline, BaselinePart, Defaults, Entry, Log, Origin, Policy, RuleAction, Verdict};
use crate::packet::{Cube, Packet};
use crate::source::Site;
use compare::Compared;
use raw::{Exception, Hand};
use tell::Teller;

/// Everything that two policies do differently to packets.
#[derive(Debug, Default)]
pub struct Delta<'p> {
    /// What changes, the kinds in their order, within a kind in the order of the policies. Each is a fact; where
    /// nothing is undecided, every packet that meets something else is in one of them.
    pub changes: Vec<Change<'p>>,
    /// What could not be told.
    pub undecided: Vec<Undecided<'p>>,
}

/// A way in which traffic changes, the one that needs most care first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It was refused and passes now.
    Allowed,
    /// It passed and is refused now.
    Denied,
    /// It was refused and still is, in another way: silently or with an answer.
    Refusal,
    /// It meets the same verdict and is logged otherwise.
    Logging,
}

/// Packets that one rule began to treat in another way, or no longer treats.
#[derive(Clone, Debug)]
pub struct Change<'p> {
    /// What happened to them.
    pub kind: ChangeKind,
    /// Which packets.
    pub parts: Vec<Part>,
    /// The largest parts in words, exceptions left aside, as few as say the same.
    pub words: Vec<Portrait>,
    /// How many parts are not said in words, since nobody would read them.
    pub unsaid: usize,
    /// Who treated them before.
    pub before: Vec<Cause<'p>>,
    /// Who treats them now.
    pub after: Vec<Cause<'p>>,
    /// Who took packets out of the parts before.
    pub spared_before: Vec<Subject<'p>>,
    /// Who takes packets out of the parts now.
    pub spared_after: Vec<Subject<'p>>,
    /// One of the packets, its interfaces numbered as nobody else numbers them.
    pub packet: Packet,
    /// That packet in words.
    pub example: String,
}

/// A box of packets without those of other boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The box.
    pub cube: Cube,
    /// What is taken out of it.
    pub except: Vec<Cube>,
}

/// A rule, a part of the baseline or a default that treats packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause<'p> {
    /// Who it is.
    pub subject: Subject<'p>,
    /// Where it was written: in the files of its own policy.
    pub site: Site,
    /// What it does with them; [`Verdict::Observe`] if it only looks on.
    pub verdict: Verdict,
    /// How it logs them.
    pub log: Option<Log>,
}

/// Two that may treat some packets differently: it was too hard to tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Undecided<'p> {
    /// Whether what one of them decided before is decided by the other now.
    Pair(Cause<'p>, Cause<'p>),
    /// How packets are logged: too many rules observe what too many others decide.
    Logging,
}

impl Part {
    /// Whether a packet is in it.
    #[must_use]
    pub fn contains(&self, packet: &Packet) -> bool {
        self.cube.contains(packet) && !self.except.iter().any(|cube| cube.contains(packet))
    }
}

/// The same policy before anybody wrote a rule: its zones, its baseline but for the DHCP client, and nothing else passes.
/// What a policy does that has no other version shows in comparison with it.
#[must_use]
pub fn without_rules(policy: &Policy) -> Policy {
    let stays = |entry: &&Entry| match entry.origin {
        Origin::Baseline(part) => part != BaselinePart::DhcpClient,
        Origin::Default => true,
        Origin::Rule(_) => false,
    };
    let closed = |entry: &Entry| match entry.origin {
        Origin::Default => Entry { verdict: Verdict::Drop, log: policy.defaults.log, ..entry.clone() },
        Origin::Baseline(_) | Origin::Rule(_) => entry.clone(),
    };
    let deny = RuleAction::Deny;
    Policy {
        defaults: Defaults { input: deny, forward: deny, output: deny, ..policy.defaults },
        baseline: Baseline { dhcp_client: Vec::new(), ..policy.baseline.clone() },
        rules: Vec::new(),
        disabled: Vec::new(),
        entries: policy.entries.iter().filter(stays).map(closed).collect(),
        expectations: Vec::new(),
        ..policy.clone()
    }
}

/// What changes in traffic when a policy takes the place of another one.
///
/// Verdicts are compared exactly. A packet is logged as the first rule says that logs it: one that observes it, or the
/// one that decides it.
#[must_use]
pub fn delta<'p>(old: &'p Policy, new: &'p Policy) -> Delta<'p> {
    let (old_aligned, new_aligned) = align::aligned(old, new);
    let Compared { raws, undecided, .. } = compare::compared(&old_aligned, &new_aligned);
    let teller = Teller::new((old, &old_aligned), (new, &new_aligned));
    let raws =
        raw::absorbed(raws).into_iter().map(|raw| raw.trimmed(|exception| is_baseline(exception, old, new)));
    let groups = group::grouped(raws.collect(), old, new);
    let mut undecided: Vec<Undecided<'p>> = undecided.into_iter().map(|doubt| teller.doubt(doubt)).collect();
    undecided.sort_unstable();
    undecided.dedup();
    Delta { changes: groups.into_iter().filter_map(|group| teller.change(group)).collect(), undecided }
}

/// Whether it is the baseline that takes something out. It comes before every rule, so that nobody needs to hear what it
/// leaves.
fn is_baseline(exception: &Exception, old: &Policy, new: &Policy) -> bool {
    let policy = match exception.hand {
        Hand::Left => old,
        Hand::Right => new,
    };
    let entry = policy.entries.get(exception.actor.decider);
    entry.is_some_and(|entry| matches!(entry.origin, Origin::Baseline(_)))
}
