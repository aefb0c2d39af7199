//! Rules up to their options: what, which way, where, from, to.

use super::{Parser, UNREACHABLE};
use crate::packet::Family;
use crate::readback::names;
use crate::readback::pf::check::settle;
use crate::readback::pf::syntax::{Action, Codes, Direction, Entry, Extra, Host, Not, On, Refusal, Rule};
use crate::readback::pf::{Dialect, lexer::Token, problem};
use crate::source::Diagnostic;

/// The longest name of an interface (`IFNAMSIZ` - 1).
const LONGEST_INTERFACE: usize = 15;

impl Parser<'_> {
    /// `pass`, `block` or `match` to the end of the rule.
    pub(super) fn rule(&mut self) -> Result<Rule, Diagnostic> {
        let start = self.site()?;
        let action = self.action()?;
        let mut rule = Rule::new(start, action);
        rule.direction = self.direction()?;
        self.log_and_quick(&mut rule)?;
        self.matches(&mut rule)?;
        rule.site = self.since(start);
        let defaults = self.state_defaults.as_ref();
        if let Some(defaults) =
            defaults.filter(|_| rule.action == Action::Pass && rule.options.keeping.is_none())
        {
            rule.options.limits.clone_from(&defaults.limits);
            rule.options.keeping = defaults.keeping;
        }
        settle(&mut rule, self.dialect)?;
        Ok(rule)
    }

    /// `on … inet proto … from … to …` and options: what rules and anchors share.
    pub(super) fn matches(&mut self, rule: &mut Rule) -> Result<(), Diagnostic> {
        rule.on = self.on()?;
        if self.dialect == Dialect::FreeBsd {
            self.route(&mut rule.options)?;
        }
        rule.family = self.family()?;
        rule.protocols = self.protocols()?;
        self.ends(rule)?;
        self.filter_options(rule)
    }

    fn action(&mut self) -> Result<Action, Diagnostic> {
        Ok(match self.take()? {
            Token::Keyword("pass") => Action::Pass,
            Token::Keyword("match") => Action::Match,
            _ => Action::Block(self.refusal()?),
        })
    }

    /// What follows `block`.
    fn refusal(&mut self) -> Result<Refusal, Diagnostic> {
        if self.keyword("drop")? {
            return Ok(Refusal::Drop);
        }
        if self.keyword("return")? {
            return Ok(Refusal::Return(UNREACHABLE));
        }
        if self.keyword("return-rst")? {
            if self.sign('(')? {
                self.expect_keyword("ttl")?;
                self.number("a time to live", 255)?;
                self.expect(')')?;
            }
            return Ok(Refusal::Reset);
        }
        if self.keyword("return-icmp")? {
            return Ok(Refusal::Icmp(self.refusal_codes(Family::V4)?));
        }
        if self.keyword("return-icmp6")? {
            return Ok(Refusal::Icmp(self.refusal_codes(Family::V6)?));
        }
        Ok(self.block_policy)
    }

    /// `(code)` or `(code, code6)`. With one code, pf gives the other family the type and code of an IPv4 error, even
    /// IPv6.
    fn refusal_codes(&mut self, family: Family) -> Result<Codes, Diagnostic> {
        if !self.sign('(')? {
            return Ok(UNREACHABLE);
        }
        let first = self.unreachable_code(family)?;
        let codes = match family {
            Family::V6 => Codes { v6: first, ..UNREACHABLE },
            Family::V4 if *self.peek()? == Token::Sign(')') => Codes { v4: first, v6: UNREACHABLE.v4 },
            Family::V4 => {
                self.sign(',')?;
                Codes { v4: first, v6: self.unreachable_code(Family::V6)? }
            }
        };
        self.expect(')')?;
        Ok(codes)
    }

    /// `in` or `out`.
    pub(super) fn direction(&mut self) -> Result<Option<Direction>, Diagnostic> {
        if self.keyword("in")? {
            return Ok(Some(Direction::In));
        }
        Ok(self.keyword("out")?.then_some(Direction::Out))
    }

    /// `log (…)` and `quick`, in any order.
    pub(super) fn log_and_quick(&mut self, rule: &mut Rule) -> Result<(), Diagnostic> {
        rule.quick = self.keyword("quick")?;
        rule.log = self.keyword("log")?;
        if rule.log && *self.peek()? == Token::Sign('(') {
            self.parenthesised(Self::log_option)?;
        }
        rule.quick |= self.keyword("quick")?;
        Ok(())
    }

    fn log_option(&mut self) -> Result<(), Diagnostic> {
        for word in ["all", "matches", "user"] {
            if self.keyword(word)? {
                return Ok(());
            }
        }
        self.expect_keyword("to")?;
        let name = self.texts("a pflog interface")?;
        let number = name.strip_prefix("pflog").and_then(|rest| rest.parse::<u8>().ok());
        if number.is_none() {
            return Err(problem(self.last, format!("`{name}` is no pflog interface")));
        }
        Ok(())
    }

    /// `on` and interfaces; none if it is not there.
    pub(super) fn on(&mut self) -> Result<Vec<Not<On>>, Diagnostic> {
        let mut all = Vec::new();
        if self.keyword("on")? {
            self.list(|parser| {
                let negated = parser.not()?;
                all.push(Not { negated, item: parser.interface()? });
                Ok(())
            })?;
        }
        Ok(all)
    }

    /// One interface.
    pub(super) fn interface(&mut self) -> Result<On, Diagnostic> {
        if self.keyword("any")? {
            return Ok(On::Any);
        }
        if self.keyword("rdomain")? {
            return Ok(On::Domain(self.number("a routing domain", 255)?));
        }
        let name = self.text("an interface")?;
        if name.len() > LONGEST_INTERFACE {
            return Err(problem(self.last, format!("the name of interface `{name}` is too long")));
        }
        Ok(On::Named(name))
    }

    /// `inet` or `inet6`.
    pub(super) fn family(&mut self) -> Result<Option<Family>, Diagnostic> {
        if self.keyword("inet")? {
            return Ok(Some(Family::V4));
        }
        Ok(self.keyword("inet6")?.then_some(Family::V6))
    }

    /// `proto` and protocols.
    pub(super) fn protocols(&mut self) -> Result<Vec<u8>, Diagnostic> {
        let mut all = Vec::new();
        if self.keyword("proto")? {
            self.list(|parser| {
                all.push(parser.protocol()?);
                Ok(())
            })?;
        }
        Ok(all)
    }

    fn protocol(&mut self) -> Result<u8, Diagnostic> {
        let number = match self.peek()? {
            Token::Text(name) => names::protocol(name),
            Token::Number(number) => u8::try_from(*number).ok(),
            _ => return self.unexpected("a protocol"),
        };
        self.take()?;
        number.filter(|&number| number != 0).ok_or_else(|| problem(self.last, "pf knows no such protocol"))
    }

    /// `all`, or `from … os … to …`, any of which may be missing.
    pub(super) fn ends(&mut self, rule: &mut Rule) -> Result<(), Diagnostic> {
        if self.keyword("all")? {
            return Ok(());
        }
        if self.keyword("from")? {
            rule.source = self.end()?;
        }
        if self.keyword("os")? {
            let mut systems = Vec::new();
            self.list(|parser| {
                systems.push(format!("os {}", parser.text("an operating system")?));
                Ok(())
            })?;
            rule.options.unknown.push(systems);
            rule.options.extras.push(Extra::Os);
        }
        if self.keyword("to")? {
            rule.destination = self.end()?;
            let failed = Host::Other("urpf-failed".to_owned());
            if rule.destination.hosts.iter().any(|host| host.item == failed) {
                return Err(problem(self.last, "`urpf-failed` is no destination"));
            }
        }
        Ok(())
    }

    /// `antispoof for …`, as the rules that it stands for (pf.conf(5)).
    pub(super) fn antispoof(&mut self, entries: &mut Vec<Entry>) -> Result<(), Diagnostic> {
        let start = self.site()?;
        self.expect_keyword("antispoof")?;
        let mut model = Rule::new(start, Action::Block(Refusal::Drop));
        model.direction = Some(Direction::In);
        self.log_and_quick(&mut model)?;
        self.expect_keyword("for")?;
        let mut interfaces = Vec::new();
        self.list(|parser| {
            let is_dynamic = parser.sign('(')?;
            interfaces.push((parser.interface()?, is_dynamic));
            if is_dynamic { parser.expect(')') } else { Ok(()) }
        })?;
        model.family = self.family()?;
        loop {
            if self.keyword("label")? {
                self.label()?;
            } else if self.keyword("rtable")? || self.keyword("ridentifier")? {
                self.number("a number", i64::from(u32::MAX))?;
            } else {
                break;
            }
        }
        model.site = self.since(start);
        for (interface, is_dynamic) in interfaces {
            let On::Named(name) = &interface else { continue };
            let mut network = model.clone();
            network.source.hosts = self.own_addresses(&format!("{name}:network"), is_dynamic)?;
            let own = Rule { on: Vec::new(), ..network.clone() };
            network.on = vec![Not { negated: true, item: interface.clone() }];
            entries.push(Entry::Rule(network));
            if name != "lo0" {
                let hosts = self.own_addresses(name, is_dynamic)?;
                let source = crate::readback::pf::syntax::End { hosts, ports: None };
                entries.push(Entry::Rule(Rule { source, ..own }));
            }
        }
        Ok(())
    }

    fn own_addresses(&self, name: &str, is_dynamic: bool) -> Result<Vec<Not<Host>>, Diagnostic> {
        if is_dynamic {
            let host = Host::Dynamic(name.to_owned(), None);
            return Ok(vec![Not { negated: false, item: host }]);
        }
        self.resolve(name, None, false)
    }
}
