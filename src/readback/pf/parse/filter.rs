//! What follows the addresses of a rule, in any order.

use super::Parser;
use super::port::Account;
use crate::packet::Family;
use crate::readback::pf::syntax::{Extra, Flags, Keeping, Not, On, Rule};
use crate::readback::pf::{Dialect, LONGEST_NAME, lexer::Token, problem};
use crate::source::Diagnostic;

/// TCP flags by their letters (`tcpflags` of `pfctl_parser.c`).
const FLAGS: &[(char, u8)] =
    &[('F', 1), ('S', 2), ('R', 4), ('P', 8), ('A', 16), ('U', 32), ('E', 64), ('W', 128)];

/// The largest number that pf keeps.
const LARGEST: i64 = u32::MAX as i64;

impl Parser<'_> {
    /// Options up to the first word that is none.
    pub(super) fn filter_options(&mut self, rule: &mut Rule) -> Result<(), Diagnostic> {
        loop {
            let word = match *self.peek()? {
                Token::Keyword(word) => word,
                Token::Sign('!') => "!",
                _ => return Ok(()),
            };
            let found = self.condition(rule, word)?
                || self.state(rule, word)?
                || self.mark(rule, word)?
                || self.treatment(rule, word)?
                || self.redirection(rule, word)?;
            if !found {
                return Ok(());
            }
        }
    }

    /// What else packets must be like.
    fn condition(&mut self, rule: &mut Rule, word: &str) -> Result<bool, Diagnostic> {
        match word {
            "flags" => self.flags(rule)?,
            "icmp-type" | "icmp6-type" => self.icmp_types(rule, word)?,
            "user" | "group" => {
                self.take()?;
                let account = if word == "user" { Account::User } else { Account::Group };
                let accounts = self.accounts(account)?;
                rule.options.unknown.push(accounts);
                rule.options.extras.push(Extra::Owner);
            }
            "tos" => {
                self.take()?;
                let tos = self.tos()?;
                rule.options.unknown.push(vec![format!("tos {tos}")]);
            }
            "prio" => {
                self.take()?;
                let priority = self.number("a priority", 7)?;
                rule.options.unknown.push(vec![format!("prio {priority}")]);
            }
            "fragment" => {
                self.take()?;
                rule.options.unknown.push(vec!["fragment".to_owned()]);
                rule.options.extras.push(Extra::Fragment);
            }
            "probability" => {
                self.take()?;
                let chance = self.probability()?;
                rule.options.changing.push(format!("probability {chance}%"));
            }
            "once" => {
                self.take()?;
                rule.options.changing.push("once".to_owned());
            }
            "max-pkt-rate" => {
                self.take()?;
                let packets = self.number("a number of packets", LARGEST)?;
                self.expect('/')?;
                let seconds = self.number("a number of seconds", LARGEST)?;
                rule.options.changing.push(format!("max-pkt-rate {packets}/{seconds}"));
            }
            "max-pkt-size" => {
                self.take()?;
                let size = self.number("a number of bytes", 65_535)?;
                rule.options.unknown.push(vec![format!("max-pkt-size {size}")]);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn icmp_types(&mut self, rule: &mut Rule, word: &str) -> Result<(), Diagnostic> {
        self.take()?;
        if rule.options.icmp.is_some() {
            return Err(problem(self.last, "`icmp-type` is there twice"));
        }
        let family = if word == "icmp-type" { Family::V4 } else { Family::V6 };
        rule.options.icmp = Some((family, self.icmp(family)?));
        Ok(())
    }

    /// `flags S/SA`, `flags /S` or `flags any`.
    fn flags(&mut self, rule: &mut Rule) -> Result<(), Diagnostic> {
        self.take()?;
        if rule.options.flags.is_some() {
            return Err(problem(self.last, "`flags` is there twice"));
        }
        let mut flags = Flags { set: 0, of: 0 };
        if !self.keyword("any")? {
            if !self.sign('/')? {
                flags.set = self.flag_letters()?;
                self.expect('/')?;
            }
            flags.of = self.flag_letters()?;
        }
        if flags.set & flags.of != flags.set {
            return Err(problem(self.last, "no packet has flags that are not looked at"));
        }
        rule.options.flags = Some(flags);
        Ok(())
    }

    fn flag_letters(&mut self) -> Result<u8, Diagnostic> {
        let letters = self.text("TCP flags")?;
        let bit = |letter| FLAGS.iter().find(|(known, _)| *known == letter).map(|&(_, bit)| bit);
        let bits = letters.chars().try_fold(0, |bits, letter| Some(bits | bit(letter)?));
        bits.ok_or_else(|| problem(self.last, format!("`{letters}` are no TCP flags")))
    }

    /// The number of a type of service, by number or name.
    fn tos(&mut self) -> Result<String, Diagnostic> {
        if let Token::Number(_) = self.peek()? {
            return Ok(format!("{:#04x}", self.number("a type of service", 255)?));
        }
        let name = self.text("a type of service")?;
        let known = match name.as_str() {
            "lowdelay" => Some(0x10),
            "throughput" => Some(0x08),
            "reliability" => Some(0x04),
            _ => name.strip_prefix("0x").and_then(|hex| u8::from_str_radix(hex, 16).ok()),
        };
        Ok(known.map_or(name, |number| format!("{number:#04x}")))
    }

    /// A chance in per cent.
    fn probability(&mut self) -> Result<f64, Diagnostic> {
        let wrong = "a chance from 0 to 1 or from 0% to 100%";
        if let Token::Number(_) = self.peek()? {
            return Ok(if self.number(wrong, 1)? == 1 { 100.0 } else { 0.0 });
        }
        let text = self.text(wrong)?;
        let (number, factor) = text.strip_suffix('%').map_or((&*text, 100.0), |number| (number, 1.0));
        let chance = number.parse::<f64>().ok().map(|number| number * factor);
        chance
            .filter(|chance| (0.0..=100.0).contains(chance))
            .ok_or_else(|| problem(self.last, format!("`{text}` is not {wrong}")))
    }

    /// `keep state` and its like.
    fn state(&mut self, rule: &mut Rule, word: &str) -> Result<bool, Diagnostic> {
        if !matches!(word, "no" | "keep" | "modulate" | "synproxy") {
            return Ok(false);
        }
        self.take()?;
        self.expect_keyword("state")?;
        if rule.options.keeping.is_some() {
            return Err(problem(self.last, "what becomes of states is there twice"));
        }
        rule.options.keeping = Some(if word == "no" { Keeping::No } else { Keeping::Normal });
        if matches!(word, "modulate" | "synproxy") {
            rule.options.extras.push(Extra::Modulate);
        }
        if word != "no" && *self.peek()? == Token::Sign('(') {
            self.state_options(&mut rule.options)?;
        }
        Ok(true)
    }

    /// Names that are given to packets or asked for, and where packets came in.
    fn mark(&mut self, rule: &mut Rule, word: &str) -> Result<bool, Diagnostic> {
        match word {
            "tag" => {
                self.take()?;
                rule.options.tag = Some(self.tag()?);
            }
            "!" | "tagged" | "received-on" => {
                let negated = self.not()?;
                if self.keyword("received-on")? {
                    return self.received_on(rule, negated).map(|()| true);
                }
                self.expect_keyword("tagged")?;
                rule.options.tagged = Some(Not { negated, item: self.tag()? });
            }
            "label" => {
                self.take()?;
                self.label()?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn received_on(&mut self, rule: &mut Rule, negated: bool) -> Result<(), Diagnostic> {
        let item = self.interface()?;
        if rule.options.received_on.is_some() || matches!(item, On::Domain(_)) {
            return Err(problem(self.last, "`received-on` takes one interface, once"));
        }
        rule.options.received_on = Some(Not { negated, item });
        Ok(())
    }

    fn tag(&mut self) -> Result<String, Diagnostic> {
        let tag = self.texts("a tag")?;
        if tag.len() > LONGEST_NAME {
            return Err(problem(self.last, format!("tag `{tag}` is longer than {LONGEST_NAME} characters")));
        }
        Ok(tag)
    }

    /// The text of a label.
    pub(super) fn label(&mut self) -> Result<(), Diagnostic> {
        let label = self.text("a label")?;
        if label.len() > LONGEST_NAME {
            return Err(problem(
                self.last,
                format!("label `{label}` is longer than {LONGEST_NAME} characters"),
            ));
        }
        Ok(())
    }

    /// What happens to packets that pass, which decides nothing.
    fn treatment(&mut self, rule: &mut Rule, word: &str) -> Result<bool, Diagnostic> {
        match word {
            "allow-opts" => {
                self.take()?;
                rule.options.extras.push(Extra::AllowOptions);
            }
            "queue" => {
                self.take()?;
                self.queue_names()?;
            }
            "rtable" => {
                self.take()?;
                self.number("a routing table", 255)?;
            }
            "ridentifier" | "dnpipe" | "dnqueue" => {
                self.take()?;
                self.numbers()?;
            }
            "set" => {
                self.take()?;
                if *self.peek()? == Token::Sign('(') {
                    self.parenthesised(Self::set)?;
                } else {
                    self.set()?;
                }
            }
            "scrub" => self.scrub(rule)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// A number, or several in parentheses.
    fn numbers(&mut self) -> Result<(), Diagnostic> {
        let number = |parser: &mut Self| parser.number("a number", LARGEST).map(drop);
        if *self.peek()? == Token::Sign('(') { self.parenthesised(number) } else { number(self) }
    }

    /// One thing that `set` changes in packets.
    fn set(&mut self) -> Result<(), Diagnostic> {
        if self.keyword("queue")? {
            return self.queue_names();
        }
        if self.keyword("tos")? {
            return self.tos().map(drop);
        }
        if self.keyword("delay")? {
            return self.number("a delay", 65_535).map(drop);
        }
        self.expect_keyword("prio")?;
        if *self.peek()? == Token::Sign('(') {
            return self.parenthesised(|parser| parser.number("a priority", 7).map(drop));
        }
        self.number("a priority", 7).map(drop)
    }

    fn queue_names(&mut self) -> Result<(), Diagnostic> {
        if *self.peek()? == Token::Sign('(') {
            return self.parenthesised(Self::queue_name);
        }
        self.queue_name()
    }

    /// A queue that there is.
    pub(super) fn queue_name(&mut self) -> Result<(), Diagnostic> {
        let name = self.text("a queue")?;
        if self.dialect == Dialect::OpenBsd && !self.queues.contains(&name) {
            return Err(problem(self.last, format!("queue `{name}` is not defined")));
        }
        Ok(())
    }

    /// `scrub (…)`.
    fn scrub(&mut self, rule: &mut Rule) -> Result<(), Diagnostic> {
        self.take()?;
        self.parenthesised(|parser| {
            if parser.keyword("no-df")? || parser.keyword("random-id")? {
                rule.options.extras.push(Extra::ScrubV4);
                return Ok(());
            }
            parser.scrub_option()
        })
    }

    fn scrub_option(&mut self) -> Result<(), Diagnostic> {
        if self.keyword("min-ttl")? {
            return self.number("a time to live", 255).map(drop);
        }
        if self.keyword("max-mss")? {
            return self.number("a segment size", 65_535).map(drop);
        }
        self.expect_keyword("reassemble")?;
        if self.text("`tcp`")?.eq_ignore_ascii_case("tcp") {
            return Ok(());
        }
        Err(problem(self.last, "only TCP is reassembled here"))
    }
}
