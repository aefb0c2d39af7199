//! The conditions of an entry in nft's words.

use super::lists::{Kind, Lists};
use super::traffic::{Group, groups, joined};
use crate::model::{Entry, Policy, address};
use crate::packet::{Family, IntervalSet};
use crate::render::addresses::{AddressCheck, AddressWords, Operand, Sets, prefix, prefix_words};
use crate::render::interfaces::{self, InterfaceCheck};
use crate::render::origin;
use crate::render::piece::{Piece, piece};
use crate::render::protocols::Protocols;
use crate::render::state::{StateCheck, Tracked};

/// One rule's condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The condition; empty if it holds for every packet.
    pub(super) matches: Piece,
    /// The protocols it can mean.
    pub(super) protocols: Protocols,
}

/// Puts conditions into words and remembers the sets that they need.
#[derive(Debug)]
pub(super) struct Wording<'p> {
    policy: &'p Policy,
    pub(super) addresses: Sets,
    pub(super) lists: Lists,
}

/// `ip saddr` and `ip daddr` take prefixes and ranges as they are.
const WORDS: AddressWords = AddressWords {
    literal: |family, (first, last)| {
        let range = || piece!("{}-{}", address(family, first), address(family, last));
        Some(prefix(family, (first, last)).map_or_else(range, prefix_words))
    },
    set_name: |name, family| match family {
        Family::V4 => piece!("{}_v4", identifier(name)),
        Family::V6 => piece!("{}_v6", identifier(name)),
    },
};

/// A name as nft's grammar has them. With the prefix or suffix that every use adds it is no keyword.
pub(super) fn identifier(name: &Piece) -> Piece {
    name.replace("-", "_").replace(":", "_")
}

impl<'p> Wording<'p> {
    /// No sets yet.
    pub(super) fn new(policy: &'p Policy) -> Self {
        Self { policy, addresses: Sets::new(policy, WORDS), lists: Lists::new(policy) }
    }

    /// The conditions of an entry, one rule each: one for both families where nothing in it depends on the family.
    ///
    /// # Errors
    /// What nft has no words for.
    pub(super) fn lines(&mut self, entry: &Entry, checks: &[StateCheck]) -> Result<Vec<Line>, &'static str> {
        let incoming = self.interface("iif", &entry.when.incoming)?;
        let outgoing = self.interface("oif", &entry.when.outgoing)?;
        let mut lines = Vec::new();
        for group in groups(&entry.when.traffic, &mut self.lists) {
            let families = self.families(entry, &group);
            let meant = checks.iter().filter(|check| group.has(check));
            let both = meant.flat_map(|check| families.iter().map(move |addresses| (check, addresses)));
            lines.extend(both.map(|(check, addresses)| {
                let parts = [&state(check), &incoming, &outgoing, addresses, &group.matches];
                Line { matches: joined(parts.map(Clone::clone)), protocols: group.protocols }
            }));
        }
        Ok(lines)
    }

    /// The conditions on family and addresses, one rule each.
    fn families(&mut self, entry: &Entry, group: &Group) -> Vec<Piece> {
        let when = &entry.when;
        let possible = |family: &Family| {
            group.family.is_none_or(|only| only == *family)
                && !when.source.addresses.of(*family).is_empty()
                && !when.destination.addresses.of(*family).is_empty()
        };
        let families: Vec<Family> = Family::ALL.into_iter().filter(possible).collect();
        let mut said =
            |family: &Family| joined([self.source(*family, entry), self.destination(*family, entry)]);
        let addresses: Vec<Piece> = families.iter().map(&mut said).collect();
        if families.len() == Family::ALL.len() && addresses.iter().all(Piece::is_empty) {
            return vec![Piece::default()];
        }
        let named = families.into_iter().zip(addresses);
        named.map(|(family, said)| if said.is_empty() { group.only(family) } else { said }).collect()
    }

    /// `lo` is always there, so it may be asked for by its number; others come and go, so only their names last.
    fn interface(&mut self, word: &'static str, set: &IntervalSet<u16>) -> Result<Piece, &'static str> {
        let word = Piece::literal(word);
        let check = interfaces::check(set, &self.policy.interfaces);
        let (sign, names) =
            match check.ok_or("it means some of the interfaces that have no name in the policy")? {
                InterfaceCheck::Nothing => return Ok(Piece::default()),
                InterfaceCheck::OneOf(names) => (piece!(""), names),
                InterfaceCheck::NoneOf(names) => (piece!("!= "), names),
            };
        let by = Piece::literal(if names == [piece!("lo")] { "" } else { "name" });
        let quoted = names.into_iter().map(|name| piece!("\"{}\"", name)).collect();
        Ok(piece!("{}{} {}{}", word, by, sign, self.lists.operand(Kind::Interfaces, quoted)))
    }

    fn source(&mut self, family: Family, entry: &Entry) -> Piece {
        let otherwise = || piece!("{}-from", origin::set_name(self.policy, entry));
        address_words(family, "saddr", self.addresses.check(family, &entry.when.source, otherwise))
    }

    fn destination(&mut self, family: Family, entry: &Entry) -> Piece {
        let otherwise = || piece!("{}-to", origin::set_name(self.policy, entry));
        address_words(family, "daddr", self.addresses.check(family, &entry.when.destination, otherwise))
    }
}

impl Group {
    /// Whether it has packets that a state check asks for.
    fn has(&self, check: &StateCheck) -> bool {
        *check != StateCheck::Midstream || self.protocols != Protocols::Others
    }

    /// The condition on the family alone; nothing where the group implies it.
    fn only(&self, family: Family) -> Piece {
        match family {
            _ if self.family == Some(family) => Piece::default(),
            Family::V4 => piece!("meta nfproto ipv4"),
            Family::V6 => piece!("meta nfproto ipv6"),
        }
    }
}

fn address_words(family: Family, side: &'static str, check: Option<AddressCheck>) -> Piece {
    let Some(check) = check else { return Piece::default() };
    let header = match family {
        Family::V4 => Piece::literal("ip"),
        Family::V6 => Piece::literal("ip6"),
    };
    let sign = Piece::literal(if check.negated { "!= " } else { "" });
    match check.operand {
        Operand::Literal(literal) => piece!("{} {} {}{}", header, Piece::literal(side), sign, literal),
        Operand::Set(name) => piece!("{} {} {}@{}", header, Piece::literal(side), sign, name),
    }
}

fn state(check: &StateCheck) -> Piece {
    match check {
        StateCheck::Nothing => Piece::default(),
        StateCheck::NotNew => piece!("ct state != new"),
        StateCheck::Midstream => piece!("ct state new tcp flags & (fin|syn|rst|ack) != syn"),
        StateCheck::OneOf(states) => {
            piece!("ct state {}", Piece::join(states.iter().map(|&tracked| word(tracked)), ","))
        }
    }
}

fn word(tracked: Tracked) -> Piece {
    Piece::literal(match tracked {
        Tracked::New => "new",
        Tracked::Established => "established",
        Tracked::Related => "related",
        Tracked::Invalid => "invalid",
        Tracked::Untracked => "untracked",
    })
}
