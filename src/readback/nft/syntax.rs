//! What a ruleset is written in: expressions, statements and rules.

use std::sync::Arc;

use super::fields::Field;
use crate::model::{Rate, RatePer};
use crate::source::Site;

/// A value, a selector of packet data, or a combination of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// Something of a packet that is understood.
    Field(Field),
    /// Something else of a packet, by its canonical text.
    Selector(Box<str>),
    /// A name, number or address; `*` at the end stands for anything.
    Word(Box<str>),
    /// An address and how many bits of it count.
    Prefix(Box<Self>, u8),
    /// From one value to another.
    Range(Box<[Self; 2]>),
    /// A value of those bits that are in a mask: `syn / fin,syn,rst,ack`.
    Masked(Box<[Self; 2]>),
    /// Two operands.
    Binary(Bitwise, Box<[Self; 2]>),
    /// Several side by side: `ip saddr . tcp dport`.
    Concat(Vec<Self>),
    /// Bits, of which any will do: `established,related`.
    List(Vec<Self>),
    /// An anonymous set or map.
    Set(Arc<[Element]>),
    /// A set or map by name.
    Named(Box<str>),
    /// What a map holds for a key.
    Lookup(Box<[Self; 2]>),
}

/// An operation on bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bitwise {
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `<<`
    Left,
    /// `>>`
    Right,
}

/// A member of a set, or a key of a map and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// The member; `*` for everything else.
    pub(super) key: Expr,
    /// Where a verdict map leads to.
    pub(super) verdict: Option<Verdict>,
}

/// How a match compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// No operator: equal, or for bits any of them.
    Implicit,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `!`: none of these bits.
    Without,
}

/// A condition on packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// What is looked at.
    pub(super) left: Expr,
    /// How it is compared.
    pub(super) comparison: Comparison,
    /// With what.
    pub(super) right: Expr,
}

/// Where a packet goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It leaves the base chain.
    Accept,
    /// It vanishes.
    Drop,
    /// To the next rule.
    Continue,
    /// Back to the calling chain.
    Return,
    /// To another chain, and back.
    Jump(Destination),
    /// To another chain, and not back.
    Goto(Destination),
    /// To a program, by the text of the statement.
    Queue(Box<str>),
}

/// A chain to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// By name.
    Chain(Box<str>),
    /// Written in place: `jump { … }`.
    Inline(Arc<[Rule]>),
}

/// How a packet is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reject {
    /// The default of the family.
    Plain,
    /// A TCP reset; other protocols are not meant.
    TcpReset,
    /// An ICMP error of a kind: `icmp`, `icmpv6` or `icmpx`, and its name or number.
    Icmp(Box<str>, Box<str>),
}

/// A limit on how often packets pass a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    /// Its canonical text.
    pub(super) text: Box<str>,
    /// The rate, where it is one of packets that [`Rate`] can hold and they pass up to it.
    pub(super) rate: Option<Rate>,
}

/// What a rule does to a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Memory {
    /// The set.
    pub(super) set: Box<str>,
    /// What is put into it; packets without that do not go on.
    pub(super) key: Expr,
    /// Its canonical text, where packets go on only if it succeeds and its conditions hold.
    pub(super) doubt: Option<Box<str>>,
}

/// A part of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// Only these packets go on.
    Match(Match),
    /// A verdict for each key: the key and the map.
    Dispatch(Expr, Expr),
    /// The end of the rule.
    Verdict(Verdict),
    /// A refusal.
    Reject(Reject),
    /// Logs.
    Log,
    /// Only so many packets go on.
    Limit(Limit),
    /// Only some packets go on, and not always the same ones.
    Sometimes(Box<str>),
    /// Changes or remembers something that only some packets have: the rest do not go on.
    Touches(Expr),
    /// The address or port is translated; packets go on as if accepted.
    Translate,
    /// Puts something of the packet into a set, or takes it out.
    Remember(Memory),
    /// A match that is not understood.
    Foreign(Box<str>),
    /// A statement that may accept or drop packets, or let them go on.
    Anything(Box<str>),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Its parts, in order.
    pub(super) statements: Vec<Statement>,
    /// Where it stands.
    pub(super) site: Site,
}

impl Destination {
    /// The rules that are written in place.
    pub(super) fn inline(&self) -> &[Rule] {
        match self {
            Self::Chain(_) => &[],
            Self::Inline(rules) => rules,
        }
    }
}

impl Limit {
    /// A limit of so many of a unit (packets, if it has no name) in a unit of time, and so many at once.
    pub(super) fn new(rate: (u64, &str, &str), burst: Option<(u64, &str)>, is_over: bool) -> Self {
        let (count, unit, per) = rate;
        let is_packets = matches!(unit, "" | "packets");
        let default = is_packets.then_some((Rate::DEFAULT_BURST.into(), "packets"));
        let burst = burst.filter(|&(burst, _)| burst > 0).or(default);
        let over = if is_over { "over " } else { "" };
        let unit = if is_packets { String::new() } else { format!(" {unit}") };
        let at_once = burst.map_or_else(String::new, |(burst, of)| {
            format!(" burst {burst} {}", if of.is_empty() { "packets" } else { of })
        });
        let text = format!("limit rate {over}{count}{unit}/{per}{at_once}");
        let unit_of_time = [RatePer::Second, RatePer::Minute, RatePer::Hour, RatePer::Day];
        let per = unit_of_time.into_iter().find(|known| known.name() == per);
        let rate = || {
            let burst = burst.and_then(|(burst, _)| u32::try_from(burst).ok())?;
            Some(Rate { count: u32::try_from(count).ok()?, per: per?, burst })
        };
        let rate = if is_packets && !is_over { rate() } else { None };
        Self { text: text.into(), rate }
    }
}

impl Memory {
    /// What an operation with a key, under conditions, does to a set.
    pub(super) fn new(operation: &str, set: &str, key: Expr, conditions: &[Statement]) -> Self {
        let text = |condition: &Statement| match condition {
            Statement::Limit(limit) => Some(format!("{} ", limit.text)),
            Statement::Sometimes(text) | Statement::Foreign(text) => Some(format!("{text} ")),
            _ => None,
        };
        let conditions: String = conditions.iter().filter_map(text).collect();
        let doubt = || format!("{operation} @{set} {{ {key} {conditions}}}").into();
        let doubt = (operation != "delete").then(doubt);
        Self { set: set.into(), key, doubt }
    }
}

impl Expr {
    /// A name, number or address.
    pub(super) fn word(text: &str) -> Self {
        Self::Word(text.into())
    }
}
