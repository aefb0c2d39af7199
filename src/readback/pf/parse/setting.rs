//! `set …`.

use std::collections::BTreeSet;

use super::{Parser, UNREACHABLE};
use crate::readback::pf::syntax::{On, Options, Refusal};
use crate::readback::pf::{Dialect, lexer::Token, problem};
use crate::source::Diagnostic;

const LIMITS: &[&str] =
    &["anchors", "eth-anchors", "frags", "pktdelay-pkts", "src-nodes", "states", "table-entries", "tables"];
const OPTIMIZATIONS: &[&str] =
    &["aggressive", "conservative", "default", "high-latency", "normal", "satellite"];
const RULESET_OPTIMIZATIONS: &[&str] = &["basic", "none", "profile"];
const DEBUG_LEVELS: &[&str] = &[
    "alert", "crit", "debug", "emerg", "err", "info", "loud", "misc", "none", "notice", "urgent", "warning",
];

impl Parser<'_> {
    /// One option.
    pub(super) fn setting(&mut self) -> Result<(), Diagnostic> {
        self.expect_keyword("set")?;
        let Token::Keyword(name) = self.take()? else {
            return Err(problem(self.last, "pf has no such option"));
        };
        match name {
            "block-policy" => self.block_policy = self.policy()?,
            "fail-policy" => drop(self.policy()?),
            "skip" => self.skip()?,
            "timeout" => self.list(Self::timeout)?,
            "limit" => self.list(|parser| {
                parser.one_of(LIMITS, "a limit")?;
                parser.number("a number", i64::from(u32::MAX)).map(drop)
            })?,
            "state-defaults" => self.defaults()?,
            "state-policy" => {
                if !self.keyword("if-bound")? {
                    self.expect_keyword("floating")?;
                }
            }
            "optimization" => self.one_of(OPTIMIZATIONS, "an optimization")?,
            "ruleset-optimization" => self.one_of(RULESET_OPTIMIZATIONS, "an optimization")?,
            "debug" => self.one_of(DEBUG_LEVELS, "a level")?,
            "reassemble" => {
                self.yes_or_no()?;
                self.keyword("no-df")?;
            }
            "require-order" => self.yes_or_no()?,
            "loginterface" => {
                if !self.keyword("all")? {
                    self.text("an interface")?;
                }
            }
            "fingerprints" => drop(self.text("the name of a file")?),
            "hostid" => self.host_id()?,
            "syncookies" => self.syncookies()?,
            "keepcounters" => {}
            _ => return Err(problem(self.last, format!("pf has no option `{name}`"))),
        }
        Ok(())
    }

    /// One of some words.
    fn one_of(&mut self, words: &[&str], wanted: &str) -> Result<(), Diagnostic> {
        let found = match self.peek()? {
            Token::Text(text) => words.contains(&text.as_str()),
            Token::Keyword(word) => words.contains(word),
            _ => false,
        };
        if found { self.take().map(drop) } else { self.unexpected(wanted) }
    }

    fn syncookies(&mut self) -> Result<(), Diagnostic> {
        self.one_of(&["never", "adaptive", "always"], "`never`, `adaptive` or `always`")?;
        if *self.peek()? != Token::Sign('(') {
            return Ok(());
        }
        self.parenthesised(|parser| {
            parser.one_of(&["start", "end"], "`start` or `end`")?;
            parser.text("a percentage").map(drop)
        })
    }

    fn yes_or_no(&mut self) -> Result<(), Diagnostic> {
        self.one_of(&["yes", "no"], "`yes` or `no`")
    }

    fn policy(&mut self) -> Result<Refusal, Diagnostic> {
        if self.keyword("return")? {
            return Ok(Refusal::Return(UNREACHABLE));
        }
        self.expect_keyword("drop")?;
        Ok(Refusal::Drop)
    }

    fn skip(&mut self) -> Result<(), Diagnostic> {
        let interfaces = self.on()?;
        for interface in interfaces {
            if interface.negated || matches!(interface.item, On::Domain(_)) {
                return Err(problem(self.last, "pf skips interfaces and groups by their names"));
            }
            if interface.item != On::Named("none".to_owned()) {
                self.skipped.push((interface.item, self.last));
            }
        }
        Ok(())
    }

    fn defaults(&mut self) -> Result<(), Diagnostic> {
        if self.state_defaults.is_some() {
            return Err(problem(self.last, "`state-defaults` is there twice"));
        }
        let mut options = Options::default();
        let mut seen = BTreeSet::new();
        self.state_option(&mut options, &mut seen)?;
        while !matches!(self.peek()?, Token::Newline | Token::End) {
            self.sign(',')?;
            self.state_option(&mut options, &mut seen)?;
        }
        options.limits.sort();
        self.state_defaults = Some(options);
        Ok(())
    }

    fn host_id(&mut self) -> Result<(), Diagnostic> {
        let is_zero = match self.take()? {
            Token::Number(number) => Some(number == 0),
            Token::Text(text) => {
                let hex = text.strip_prefix("0x").and_then(|hex| u32::from_str_radix(hex, 16).ok());
                hex.map(|number| number == 0)
            }
            _ => None,
        };
        match is_zero {
            Some(false) => Ok(()),
            _ => Err(problem(self.last, "the number of a host is not 0")),
        }
    }

    /// Whether the file is for FreeBSD.
    pub(super) fn is_freebsd(&self) -> bool {
        self.dialect == Dialect::FreeBsd
    }
}
