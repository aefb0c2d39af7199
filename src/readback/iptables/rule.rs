//! Rules: what they ask of packets, and what they do.

use super::fields;
use super::given::{Fault, Given, Match, Written};
use super::limit;
use super::opaque;
use super::target::{self, Action};
use super::test::{Test, Writable};
use super::value::{self, Value};
use super::words::Word;
use crate::model::Rate;
use crate::packet::{Family, TCP, UDP};
use crate::source::Site;

/// A rule.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// What it asks, all of which must hold.
    pub(super) tests: Vec<Test>,
    /// What it does.
    pub(super) action: Action,
    /// How often it logs at most.
    pub(super) rate: Option<Rate>,
    /// What its target writes.
    pub(super) writes: &'static [Writable],
    /// The sets that its target changes.
    pub(super) fills: Vec<String>,
    /// Whether it keeps packets from being tracked.
    pub(super) untracks: bool,
    /// Its whole text, for a rule that comes to too much.
    pub(super) text: String,
    /// Where it stands.
    pub(super) site: Site,
}

/// The words of a rule after those that name its chain, and where they stand.
pub(super) struct Source<'w> {
    /// The words.
    pub(super) words: &'w [Word],
    /// Its whole text.
    pub(super) text: &'w str,
    /// Where it stands.
    pub(super) site: Site,
}

/// Reads a rule of a table that has such chains; none if it is for the other family only.
pub(super) fn read(
    source: &Source<'_>,
    family: Family,
    is_chain: impl Fn(&str) -> bool,
) -> Result<Option<Rule>, Fault> {
    let written = Written::read(source.words)?;
    let own = match family {
        Family::V4 => '4',
        Family::V6 => '6',
    };
    if written.only.is_some_and(|only| only != own) {
        return Ok(None);
    }
    let action = match &written.target {
        None => Action::Nothing,
        Some(target) if is_chain(&target.name.text) => {
            Action::Chain { name: target.name.text.clone(), goes: target.goes }
        }
        Some(target) => target::action(target, family)?,
    };
    let reader = Reader { family, protocol: protocol(&written) };
    let (tests, rate) = reader.tests(&written, &action)?;
    let target = written.target.as_ref();
    let options = target.map(|target| target.options.as_slice()).unwrap_or_default();
    let name = target.map_or("", |target| target.name.text.as_str());
    Ok(Some(Rule {
        tests,
        action,
        rate,
        writes: target::writes(name),
        fills: options.iter().filter(|_| name == "SET").filter_map(filled).collect(),
        untracks: name == "NOTRACK" || (name == "CT" && options.iter().any(|given| given.name == "notrack")),
        text: source.text.to_owned(),
        site: source.site,
    }))
}

/// The set that an option of the target `SET` changes.
fn filled(given: &Given) -> Option<String> {
    let changes = ["add-set", "del-set"].contains(&given.name.as_str());
    given.values.first().filter(|_| changes).map(|word| word.text.clone())
}

fn protocol(written: &Written) -> Option<u8> {
    match value::protocol(written.protocol()?) {
        Value::Known(number) if number > 0 => Some(number),
        _ => None,
    }
}

/// Reads what a rule asks.
struct Reader {
    family: Family,
    /// The one protocol that it is for.
    protocol: Option<u8>,
}

impl Reader {
    /// All tests of a rule. The first limit of a rule that logs is its rate.
    fn tests(&self, written: &Written, action: &Action) -> Result<(Vec<Test>, Option<Rate>), Fault> {
        let mut tests = Vec::new();
        let mut log_rate = None;
        for given in &written.matches {
            match limit::rate(given).filter(|_| given.name == "limit") {
                Some(rate) if *action == Action::Log && log_rate.is_none() => log_rate = Some(rate),
                Some(rate) => tests.push(limit::test(rate)),
                None => self.all(given, &mut tests)?,
            }
        }
        Ok((tests, log_rate))
    }

    /// The tests of a match.
    fn all(&self, of: &Match, tests: &mut Vec<Test>) -> Result<(), Fault> {
        if of.name == "comment" {
            return Ok(());
        }
        // To note an address in a list always succeeds (`xt_recent.c`).
        let sets = |given: &Given| of.name == "recent" && given.name == "set";
        if let Some(given) = of.options.iter().find(|given| sets(given)) {
            tests.push(Test::always().negated_if(given.negated));
            return Ok(());
        }
        if of.name == "set" && of.options.len() == 1 {
            tests.extend(of.options.first().map(|given| self.option(of, given)).transpose()?);
        } else if opaque::is_independent(&of.name) {
            for given in &of.options {
                tests.push(self.option(of, given)?);
            }
        } else {
            tests.push(opaque::whole(of));
        }
        Ok(())
    }

    fn option(&self, of: &Match, given: &Given) -> Result<Test, Fault> {
        let test = self.positive(of, given)?.unwrap_or_else(|| opaque::option(of, given));
        Ok(test.negated_if(given.negated))
    }

    /// What an option asks without the `!` in front of it.
    fn positive(&self, of: &Match, given: &Given) -> fields::Reading {
        let text = || opaque::option_text(&of.name, given);
        match (of.name.as_str(), given.name.as_str()) {
            (Match::CORE, _) => fields::core(given, self.family),
            ("tcp", "syn") => Ok(Some(fields::syns())),
            ("tcp", "tcp-flags") => fields::tcp_flags(given, &text()),
            ("tcp", _) => fields::port(given, TCP),
            // The same match serves UDP-Lite, whose ports packets are not told apart by.
            ("udp", _) if self.protocol.is_none_or(|protocol| protocol == UDP) => fields::port(given, UDP),
            ("multiport", _) => fields::multiport(given, self.protocol, &text()),
            ("icmp", "icmp-type") if self.family == Family::V4 => fields::icmp_type(given, self.family),
            ("icmp6" | "icmpv6", "icmpv6-type") if self.family == Family::V6 => {
                fields::icmp_type(given, self.family)
            }
            ("conntrack", "ctstate") | ("state", "state") => fields::states(given),
            ("iprange", _) => fields::range(given, self.family),
            ("set", "match-set" | "set") => fields::member(given, &text()),
            _ => Ok(None),
        }
    }
}
