//! The conditions of an entry as rules: all that one rule can say in one, choices in chains of their own, so that
//! the rules grow with the sum of the choices and not with their product.

use super::table::{ChainId, Rule, Table};
use super::traffic::{Ask, Choice, asks};
use super::verdicts::limited_log;
use crate::model::{AddressSet, Entry, Interfaces, Verdict};
use crate::packet::{Family, IntervalSet, TCP};
use crate::render::addresses::{AddressCheck, AddressWords, Operand, Sets, prefix, prefix_words, prefixes};
use crate::render::interfaces::{self, InterfaceCheck};
use crate::render::origin;
use crate::render::piece::{Piece, piece};
use crate::render::protocols::Protocols;
use crate::render::state::{StateCheck, Tracked};

/// A rule takes one prefix; ranges and lists of more than [`FEW`] prefixes are sets. A set's name has 31 bytes
/// (`IPSET_MAXNAMELEN`), and the set that is filled while the other one is in use has four more.
pub(super) const WORDS: AddressWords = AddressWords {
    literal: |family, interval| prefix(family, interval).map(prefix_words),
    set_name: |name, family| match family {
        Family::V4 => piece!("mw-{}-v4", name.shorten(21)),
        Family::V6 => piece!("mw-{}-v6", name.shorten(21)),
    },
};

/// So many prefixes are rules rather than a set: as fast, easier to read, and they need no `ipset`.
const FEW: usize = 4;

/// What an entry asks of the interfaces of one side.
#[derive(Default)]
struct Side {
    /// One of these.
    choice: Option<Choice>,
    /// None of these.
    except: Choice,
}

/// Appends the rules of one entry.
pub(super) struct Writer<'w, 'r> {
    pub(super) table: &'w mut Table<'r>,
    pub(super) sets: &'w mut Sets,
    pub(super) entry: &'w Entry,
    /// The chain of the hook.
    pub(super) home: ChainId,
    /// Id and `file:line` of the entry.
    pub(super) comment: Piece,
    /// Comment lines for the first rule.
    pub(super) remarks: &'w mut Vec<Piece>,
}

impl Writer<'_, '_> {
    /// Appends the rules of the entry to the chain of the hook, and more chains where it takes some.
    ///
    /// # Errors
    /// What iptables has no words for.
    pub(super) fn write(&mut self, checks: &[StateCheck]) -> Result<(), &'static str> {
        let when = &self.entry.when;
        let family = self.table.family;
        if when.source.addresses.of(family).is_empty() || when.destination.addresses.of(family).is_empty() {
            return Ok(());
        }
        let asks = asks(&when.traffic, family)?;
        for check in checks {
            let asks: Vec<Ask> = asks.iter().filter_map(|ask| ask.in_state(check)).collect();
            if !asks.is_empty() {
                self.write_state(check, &asks)?;
            }
        }
        Ok(())
    }

    /// Appends the rules for one question about the state; there is at least one ask.
    fn write_state(&mut self, check: &StateCheck, asks: &[Ask]) -> Result<(), &'static str> {
        let known = &self.table.rendering.policy.interfaces;
        let incoming = interface("-i", &self.entry.when.incoming, known)?;
        let outgoing = interface("-o", &self.entry.when.outgoing, known)?;
        let places = [state(check), incoming.choice, outgoing.choice, self.source(), self.destination()];
        let mut places: Vec<Choice> = places.into_iter().flatten().collect();
        let mut chain = self.home;
        let except: Choice = incoming.except.into_iter().chain(outgoing.except).collect();
        let several = asks.len() > 1 && places.iter().any(|choice| choice.len() > 1);
        if several || !except.is_empty() {
            let branch = self.table.branch(self.entry);
            self.append(chain, &std::mem::take(&mut places), None, &piece!("-j {}", self.table.name(branch)));
            chain = branch;
        }
        for one in except {
            self.push(chain, one, piece!("-j RETURN"));
        }
        asks.iter().try_for_each(|ask| self.write_ask(chain, &places, ask))
    }

    fn write_ask(&mut self, chain: ChainId, places: &[Choice], ask: &Ask) -> Result<(), &'static str> {
        let protocol = ask.protocol.as_ref();
        let choices = places.iter().cloned().chain(protocol.map(|one| vec![one.clone()]));
        let choices: Vec<Choice> = choices.chain(ask.choices.iter().cloned()).collect();
        if choices.is_empty() && chain == self.home && self.entry.verdict != Verdict::Observe {
            return self.write_unconditional(ask);
        }
        let ending = self.table.ending(self.entry, ask.protocols)?;
        self.append(chain, &choices, protocol, &ending);
        Ok(())
    }

    /// Appends a verdict for everything: the log needs no chain of its own, since nothing comes after it.
    fn write_unconditional(&mut self, ask: &Ask) -> Result<(), &'static str> {
        if let Some(log) = self.entry.log {
            let logging = limited_log(&self.table.rendering, self.entry, log)?;
            self.push(self.home, Piece::default(), logging);
        }
        let verdict = self.table.verdict(self.entry.verdict, ask.protocols);
        self.push(self.home, Piece::default(), verdict);
        Ok(())
    }

    /// Appends rules that match if one of each choice holds: the first real choice here, the others in a chain of
    /// their own, where the protocol is said again: ports and types need it in the same rule.
    fn append(&mut self, chain: ChainId, choices: &[Choice], protocol: Option<&Piece>, jump: &Piece) {
        let mut several = 0;
        let (here, later): (Vec<Choice>, Vec<Choice>) = choices.iter().cloned().partition(|choice| {
            several += usize::from(choice.len() > 1);
            choice.len() == 1 || several == 1
        });
        if later.is_empty() {
            self.push_each(chain, &here, jump);
            return;
        }
        let branch = self.table.branch(self.entry);
        self.push_each(chain, &here, &piece!("-j {}", self.table.name(branch)));
        let again = protocol.map(|one| vec![one.clone()]);
        let later: Vec<Choice> = again.into_iter().chain(later).collect();
        self.append(branch, &later, protocol, jump);
    }

    /// Appends a rule for each part of the one choice that has several.
    fn push_each(&mut self, chain: ChainId, choices: &[Choice], jump: &Piece) {
        let rules = choices.iter().map(Vec::len).max().unwrap_or(1);
        for index in 0..rules {
            let part = |choice: &Choice| choice.get(index).or(choice.first()).cloned();
            self.push(chain, Piece::join(choices.iter().filter_map(part), " "), jump.clone());
        }
    }

    fn push(&mut self, chain: ChainId, matches: Piece, jump: Piece) {
        for remark in std::mem::take(self.remarks) {
            self.table.push(chain, Rule { matches: remark, ..Rule::default() });
        }
        self.table.push(chain, Rule { matches, jump, comment: self.comment.clone() });
    }

    fn source(&mut self) -> Option<Choice> {
        let (policy, entry) = (self.table.rendering.policy, self.entry);
        let (family, set) = (self.table.family, &entry.when.source);
        let otherwise = || piece!("{}-from", origin::set_name(policy, entry));
        few("-s", family, set).or_else(|| address("-s", "src", self.sets.check(family, set, otherwise)))
    }

    fn destination(&mut self) -> Option<Choice> {
        let (policy, entry) = (self.table.rendering.policy, self.entry);
        let (family, set) = (self.table.family, &entry.when.destination);
        let otherwise = || piece!("{}-to", origin::set_name(policy, entry));
        few("-d", family, set).or_else(|| address("-d", "dst", self.sets.check(family, set, otherwise)))
    }
}

impl Ask {
    /// The same in that state; none if it has no such packets.
    fn in_state(&self, check: &StateCheck) -> Option<Self> {
        if *check != StateCheck::Midstream {
            return Some(self.clone());
        }
        let choices = self.choices.iter().cloned().chain([vec![piece!("! --syn")]]).collect();
        let ask = Self { protocol: Some(piece!("-p tcp")), choices, protocols: Protocols::of([TCP]) };
        (self.protocols != Protocols::Others).then_some(ask)
    }
}

/// The addresses as a choice of prefixes, if there are several but few.
fn few(option: &'static str, family: Family, set: &AddressSet) -> Option<Choice> {
    let option = Piece::literal(option);
    let nets =
        || set.addresses.of(family).intervals().iter().flat_map(|&interval| prefixes(family, interval));
    let choice = || nets().map(|net| piece!("{} {}", option, prefix_words(net))).collect();
    (2..=FEW).contains(&nets().take(FEW + 1).count()).then(choice)
}

fn address(option: &'static str, side: &'static str, check: Option<AddressCheck>) -> Option<Choice> {
    let check = check?;
    let sign = Piece::literal(if check.negated { "! " } else { "" });
    let (option, side) = (Piece::literal(option), Piece::literal(side));
    Some(vec![match check.operand {
        Operand::Literal(literal) => piece!("{}{} {}", sign, option, literal),
        Operand::Set(name) => piece!("-m set {}--match-set {} {}", sign, name, side),
    }])
}

fn interface(option: &'static str, set: &IntervalSet<u16>, known: &Interfaces) -> Result<Side, &'static str> {
    let option = Piece::literal(option);
    let each = |names: Vec<Piece>| names.into_iter().map(|name| piece!("{} {}", option, name)).collect();
    match interfaces::check(set, known)
        .ok_or("it means some of the interfaces that have no name in the policy")?
    {
        InterfaceCheck::Nothing => Ok(Side::default()),
        InterfaceCheck::OneOf(names) => Ok(Side { choice: Some(each(names)), except: Vec::new() }),
        InterfaceCheck::NoneOf(names) if names.len() == 1 => {
            let choice = each(names).into_iter().map(|argument: Piece| piece!("! {}", argument)).collect();
            Ok(Side { choice: Some(choice), except: Vec::new() })
        }
        InterfaceCheck::NoneOf(names) => Ok(Side { choice: None, except: each(names) }),
    }
}

fn state(check: &StateCheck) -> Option<Choice> {
    match check {
        StateCheck::Nothing => None,
        StateCheck::NotNew => Some(vec![piece!("-m conntrack ! --ctstate NEW")]),
        StateCheck::Midstream => Some(vec![piece!("-m conntrack --ctstate NEW")]),
        StateCheck::OneOf(states) => {
            let words = Piece::join(states.iter().map(|&tracked| word(tracked)), ",");
            Some(vec![piece!("-m conntrack --ctstate {}", words)])
        }
    }
}

fn word(tracked: Tracked) -> Piece {
    Piece::literal(match tracked {
        Tracked::New => "NEW",
        Tracked::Established => "ESTABLISHED",
        Tracked::Related => "RELATED",
        Tracked::Invalid => "INVALID",
        Tracked::Untracked => "UNTRACKED",
    })
}
