//! Options of states, in parentheses after `keep state`.

use std::collections::BTreeSet;

use super::Parser;
use crate::readback::pf::syntax::{Extra, Keeping, Options};
use crate::readback::pf::{LONGEST_TABLE, lexer::Token, problem};
use crate::source::Diagnostic;

/// Timeouts (`pf_timeouts` of `pfctl_parser.c`).
const TIMEOUTS: &[&str] = &[
    "adaptive.end",
    "adaptive.start",
    "frag",
    "icmp.error",
    "icmp.first",
    "interval",
    "other.first",
    "other.multiple",
    "other.single",
    "sctp.closed",
    "sctp.closing",
    "sctp.established",
    "sctp.first",
    "sctp.opening",
    "src.track",
    "tcp.closed",
    "tcp.closing",
    "tcp.established",
    "tcp.finwait",
    "tcp.first",
    "tcp.opening",
    "tcp.tsdiff",
    "udp.first",
    "udp.multiple",
    "udp.single",
];

/// Options with a number of states or connections beyond which packets are dropped.
const LIMITS: &[&str] = &["max", "max-src-states", "max-src-conn", "max-src-nodes"];

impl Parser<'_> {
    /// `( option, … )`.
    pub(super) fn state_options(&mut self, options: &mut Options) -> Result<(), Diagnostic> {
        let mut seen = BTreeSet::new();
        self.parenthesised(|parser| parser.state_option(options, &mut seen))?;
        options.limits.sort();
        Ok(())
    }

    /// One option.
    pub(super) fn state_option(
        &mut self,
        options: &mut Options,
        seen: &mut BTreeSet<String>,
    ) -> Result<(), Diagnostic> {
        let name = match self.take()? {
            Token::Keyword(word) => word.to_owned(),
            Token::Text(name) => name,
            _ => return Err(problem(self.last, "no option of states")),
        };
        let site = self.last;
        if LIMITS.contains(&name.as_str()) {
            self.limit(options, &name)?;
        } else {
            match name.as_str() {
                "no-sync" | "pflow" | "if-bound" | "floating" | "allow-related" => {}
                "sloppy" => options.keeping = Some(Keeping::Sloppy),
                "max-src-conn-rate" => self.connection_rate(options)?,
                "overload" => self.overload(options)?,
                "source-track" => self.source_track(options)?,
                timeout if TIMEOUTS.contains(&timeout) && timeout.contains('.') => {
                    self.number("a number of seconds", i64::from(u32::MAX))?;
                }
                _ => return Err(problem(site, format!("`{name}` is no option of states"))),
            }
        }
        let kind = if name == "floating" { "if-bound".to_owned() } else { name };
        if !seen.insert(kind) {
            return Err(problem(site, "an option of states is there twice"));
        }
        Ok(())
    }

    fn limit(&mut self, options: &mut Options, name: &str) -> Result<(), Diagnostic> {
        let number = self.number("a limit", i64::from(u32::MAX))?;
        if number == 0 {
            let is_none = name == "max";
            return if is_none { Ok(()) } else { Err(problem(self.last, format!("`{name}` must not be 0"))) };
        }
        match name {
            "max-src-nodes" => options.extras.extend([Extra::Nodes]),
            "max-src-conn" => options.extras.extend([Extra::Connections, Extra::TrackRule]),
            _ => {}
        }
        options.limits.push(format!("{name} {number}"));
        Ok(())
    }

    fn connection_rate(&mut self, options: &mut Options) -> Result<(), Diagnostic> {
        let connections = self.number("a number of connections", i64::from(u32::MAX) / 1000)?;
        self.expect('/')?;
        let seconds = self.number("a number of seconds", i64::from(u32::MAX))?;
        if connections == 0 || seconds == 0 {
            return Err(problem(self.last, "a rate must not be 0"));
        }
        options.limits.push(format!("max-src-conn-rate {connections}/{seconds}"));
        options.extras.extend([Extra::Connections, Extra::TrackRule]);
        Ok(())
    }

    /// `overload <table> [flush [global]]`: pf puts addresses into the table.
    fn overload(&mut self, options: &mut Options) -> Result<(), Diagnostic> {
        self.expect('<')?;
        let name = self.table_name()?;
        debug_assert!(name.len() <= LONGEST_TABLE);
        self.tables.entry(name).or_default().is_open = true;
        if self.keyword("flush")? {
            self.keyword("global")?;
        }
        options.extras.push(Extra::Overload);
        Ok(())
    }

    fn source_track(&mut self, options: &mut Options) -> Result<(), Diagnostic> {
        if self.keyword("global")? {
            options.extras.push(Extra::TrackGlobal);
        } else {
            self.keyword("rule")?;
            options.extras.push(Extra::TrackRule);
        }
        Ok(())
    }

    /// The name of a timeout, and seconds.
    pub(super) fn timeout(&mut self) -> Result<(), Diagnostic> {
        let name = match self.take()? {
            Token::Text(name) => name,
            Token::Keyword(word) => word.to_owned(),
            _ => return Err(problem(self.last, "no timeout")),
        };
        if !TIMEOUTS.contains(&name.as_str()) {
            return Err(problem(self.last, format!("`{name}` is no timeout")));
        }
        self.number("a number of seconds", i64::from(u32::MAX)).map(drop)
    }
}
