//! A netfilter ruleset: chains with jumps between them, and the base chains that packets come through.

use super::clause::Clause;
use super::meaning::Fate;
use crate::model::Rate;
use crate::packet::Family;
use crate::source::Site;

/// Chains, and which of them packets come through.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    /// The chains; [`Act::Jump`], [`Act::Goto`] and [`Base::chain`] are indices.
    pub(super) chains: Vec<Chain>,
    /// Where packets come in.
    pub(super) bases: Vec<Base>,
}

/// Rules, in order.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// Its rules.
    pub(super) rules: Vec<Rule>,
    /// Where it was declared.
    pub(super) site: Site,
}

/// One rule, or the part of one that does the same to all its packets.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Which packets: any of these; none of them means no packet at all.
    pub(super) when: Vec<Clause>,
    /// What is done to them.
    pub(super) act: Act,
    /// Where it stands.
    pub(super) site: Site,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Logs, at most that often; the packet goes on.
    Log(Option<Rate>),
    /// The packet leaves the base chain.
    Decide(Fate),
    /// Another chain, and then the next rule.
    Jump(usize),
    /// Another chain, and then whatever comes after this chain.
    Goto(usize),
    /// Whatever comes after this chain.
    Return,
}

/// A chain that packets come through by themselves.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// The chain.
    pub(super) chain: usize,
    /// Where in the path of packets.
    pub(super) point: Point,
    /// Lower ones first.
    pub(super) priority: i32,
    /// The families it sees.
    pub(super) families: Vec<Family>,
    /// What becomes of packets at its end.
    pub(super) policy: Fate,
    /// Where its policy is written.
    pub(super) site: Site,
}

/// A hook of netfilter, in the order in which packets come through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Point {
    /// Before routing; the outgoing interface is not known yet.
    Prerouting,
    /// To this machine.
    Input,
    /// Through this machine.
    Forward,
    /// From this machine.
    Output,
    /// After routing; the incoming interface is not known any more.
    Postrouting,
}
