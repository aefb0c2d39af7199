//! Translation and routing of packets, which is read and not decided.

use super::Parser;
use crate::packet::Family;
use crate::readback::names;
use crate::readback::pf::syntax::{Action, Extra, Host, Not, Options, Rule};
use crate::readback::pf::{lexer::Token, problem};
use crate::source::{Diagnostic, Site};

/// What addresses are translated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Source,
    Destination,
    Route,
}

/// Options of a pool of addresses.
#[derive(Default)]
struct Pool {
    hosts: Vec<Not<Host>>,
    has_port: bool,
    options: Vec<&'static str>,
}

impl Parser<'_> {
    /// What changes where packets of a rule go.
    pub(super) fn redirection(&mut self, rule: &mut Rule, word: &str) -> Result<bool, Diagnostic> {
        match word {
            "nat-to" | "rdr-to" | "binat-to" => {
                let start = self.site()?;
                self.take()?;
                let kind = if word == "rdr-to" { Kind::Destination } else { Kind::Source };
                let hosts = self.pool(kind)?;
                rule.options.pools.push(hosts);
                rule.options.extras.push(Extra::Translation);
                if word == "binat-to" {
                    rule.options.extras.push(Extra::Both);
                }
                self.translated(start, word);
            }
            "af-to" => self.family_translation(rule)?,
            "route-to" | "reply-to" | "dup-to" if !self.is_freebsd() => self.route(&mut rule.options)?,
            "divert-to" => self.divert(rule)?,
            "divert-reply" => {
                self.take()?;
                rule.options.extras.push(Extra::DivertReply);
            }
            "divert-packet" => {
                let start = self.site()?;
                self.take()?;
                self.expect_keyword("port")?;
                self.port()?;
                let site = self.since(start);
                self.remark(site, "what a program makes of diverted packets is not known");
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn translated(&mut self, start: Site, word: &str) {
        let site = self.since(start);
        self.remark(site, format!("`{word}` changes addresses; rules are read as if it did not"));
    }

    /// `af-to inet from … to …`.
    fn family_translation(&mut self, rule: &mut Rule) -> Result<(), Diagnostic> {
        let start = self.site()?;
        self.take()?;
        let Some(family) = self.family()? else { return self.unexpected("`inet` or `inet6`") };
        self.expect_keyword("from")?;
        self.pool(Kind::Source)?;
        if self.keyword("to")? {
            self.pool(Kind::Destination)?;
        }
        rule.options.extras.extend([Extra::Translation, Extra::Family(family)]);
        self.translated(start, "af-to");
        Ok(())
    }

    fn divert(&mut self, rule: &mut Rule) -> Result<(), Diagnostic> {
        let start = self.site()?;
        self.take()?;
        // FreeBSD takes a port alone, and forgets an address.
        if !self.is_freebsd() {
            let text = self.text("an address")?;
            rule.options.pools.push(self.resolve(&text, None, false)?);
            self.expect_keyword("port")?;
        } else if matches!(self.peek()?, Token::Text(_)) {
            self.text("an address")?;
            self.expect_keyword("port")?;
        }
        self.port()?;
        rule.options.extras.push(Extra::DivertTo);
        let site = self.since(start);
        self.remark(site, "what a program makes of diverted packets is not known");
        Ok(())
    }

    /// `route-to`, `reply-to` or `dup-to`, if one of them comes next.
    pub(super) fn route(&mut self, options: &mut Options) -> Result<(), Diagnostic> {
        let is_freebsd = self.is_freebsd();
        let extra = match *self.peek()? {
            Token::Keyword("route-to" | "reply-to") => Extra::Route,
            Token::Keyword("dup-to") => Extra::Copy,
            Token::Keyword("fastroute") if is_freebsd => return self.take().map(drop),
            _ => return Ok(()),
        };
        self.take()?;
        let hosts = self.pool(Kind::Route)?;
        options.pools.push(hosts);
        options.extras.push(extra);
        Ok(())
    }

    /// Addresses with a port and options.
    fn pool(&mut self, kind: Kind) -> Result<Vec<Not<Host>>, Diagnostic> {
        let start = self.site()?;
        let mut pool = Pool::default();
        let mut is_list = false;
        self.list(|parser| {
            is_list |= !pool.hosts.is_empty();
            pool.hosts.extend(parser.pool_host(kind)?);
            if parser.keyword("weight")? {
                parser.number("a weight", 65_535)?;
            }
            Ok(())
        })?;
        if kind != Kind::Route && self.keyword("port")? {
            pool.has_port = true;
            self.pool_port(kind)?;
        }
        while self.pool_option(&mut pool)? {}
        let site = self.since(start);
        let is_table = |host: &Not<Host>| matches!(host.item, Host::Table(_));
        let has = |option| pool.options.contains(&option);
        let wrong = if has("bitmask") && (is_list || pool.hosts.iter().any(is_table)) {
            "`bitmask` takes one network"
        } else if has("static-port") && (kind != Kind::Source || pool.has_port || has("map-e-portset")) {
            "`static-port` is for `nat` without a port"
        } else if has("map-e-portset") && kind != Kind::Source {
            "`map-e-portset` is for `nat`"
        } else {
            return Ok(pool.hosts);
        };
        Err(problem(site, wrong))
    }

    fn pool_host(&mut self, kind: Kind) -> Result<Vec<Not<Host>>, Diagnostic> {
        let is_gateway = kind == Kind::Route && self.is_freebsd();
        if !is_gateway || !self.sign('(')? {
            return self.host();
        }
        self.text("an interface")?;
        let hosts = if *self.peek()? == Token::Sign(')') { Vec::new() } else { self.host()? };
        self.expect(')')?;
        Ok(hosts)
    }

    /// A port, a range, or on FreeBSD a port with `:*`.
    fn pool_port(&mut self, kind: Kind) -> Result<(), Diagnostic> {
        let open = match self.peek()? {
            Token::Text(text) => text.strip_suffix(":*").map(str::to_owned),
            _ => None,
        };
        if let Some(first) = open {
            self.take()?;
            let is_port = first.parse::<u16>().is_ok() || names::port(&first).is_some();
            return is_port.then_some(()).ok_or_else(|| problem(self.last, format!("`{first}` is no port")));
        }
        let (first, last) = self.port_or_range()?;
        if kind == Kind::Destination && last.is_some_and(|last| last < first) {
            return Err(problem(self.last, "a range of ports that ends before it begins"));
        }
        Ok(())
    }

    fn pool_option(&mut self, pool: &mut Pool) -> Result<bool, Diagnostic> {
        let Token::Keyword(word) = *self.peek()? else { return Ok(false) };
        match word {
            "random"
            | "round-robin"
            | "least-states"
            | "sticky-address"
            | "endpoint-independent"
            | "prefer-ipv6-nexthop"
            | "bitmask"
            | "static-port" => drop(self.take()?),
            "source-hash" => {
                self.take()?;
                self.hash_key()?;
            }
            "map-e-portset" => {
                self.take()?;
                self.port_set()?;
            }
            _ => return Ok(false),
        }
        pool.options.push(word);
        Ok(true)
    }

    /// `6/8/0x34`.
    fn port_set(&mut self) -> Result<(), Diagnostic> {
        self.number("a number", 65_535)?;
        self.expect('/')?;
        self.number("a number", 65_535)?;
        self.expect('/')?;
        self.take().map(drop)
    }

    fn hash_key(&mut self) -> Result<(), Diagnostic> {
        if !matches!(self.peek()?, Token::Text(_)) {
            return Ok(());
        }
        let key = self.texts("a key")?;
        match key.strip_prefix("0x") {
            Some(hex) if hex.len() != 32 || hex.chars().any(|c| !c.is_ascii_hexdigit()) => {
                Err(problem(self.last, "a key has 32 hexadecimal digits"))
            }
            _ => Ok(()),
        }
    }

    /// `scrub`, `nat`, `rdr`, `binat` and their anchors (FreeBSD).
    pub(super) fn translation(&mut self) -> Result<(), Diagnostic> {
        let start = self.site()?;
        let is_no = self.keyword("no")?;
        let kind = match self.take()? {
            Token::Keyword("scrub") => return self.normalization(),
            Token::Keyword("rdr") => Kind::Destination,
            Token::Keyword("nat" | "binat") => Kind::Source,
            Token::Keyword("nat-anchor" | "rdr-anchor" | "binat-anchor") if !is_no => {
                self.texts("the name of an anchor")?;
                let mut rule = Rule::new(start, Action::Match);
                rule.on = self.on()?;
                rule.family = self.family()?;
                rule.protocols = self.protocols()?;
                self.ends(&mut rule)?;
                rule.site = self.since(start);
                self.remark(
                    rule.site,
                    "the rules of an anchor for translation are not known, and may let packets pass",
                );
                self.passing.push(rule);
                return Ok(());
            }
            _ => return Err(problem(self.last, "`scrub`, `nat`, `rdr` or `binat` should be here")),
        };
        let is_passing = self.keyword("pass")?;
        if is_passing && self.keyword("log")? && *self.peek()? == Token::Sign('(') {
            self.parenthesised(|parser| parser.take().map(drop))?;
        }
        let mut rule = Rule::new(start, Action::Match);
        rule.on = self.on()?;
        rule.family = self.family()?;
        rule.protocols = self.protocols()?;
        self.ends(&mut rule)?;
        self.filter_options(&mut rule)?;
        if *self.peek()? == Token::Operator("->") {
            self.take()?;
            self.pool(kind)?;
        } else if !is_no {
            return self.unexpected("`->`");
        }
        rule.site = self.since(start);
        self.remark(rule.site, "translation of addresses is not decided");
        if is_passing && !is_no {
            self.passing.push(rule);
        }
        Ok(())
    }

    /// `scrub …`: packets are made whole and pass on.
    fn normalization(&mut self) -> Result<(), Diagnostic> {
        let mut rule = Rule::new(self.last, Action::Match);
        rule.direction = self.direction()?;
        self.log_and_quick(&mut rule)?;
        rule.on = self.on()?;
        rule.family = self.family()?;
        rule.protocols = self.protocols()?;
        self.ends(&mut rule)?;
        self.rest_of_line()
    }
}

impl Host {
    /// The family of its addresses, if it has only one.
    pub(in crate::readback::pf) fn family(&self) -> Option<Family> {
        let is_v4 = match self {
            Self::Net(net, _) => net.addr().is_ipv4(),
            Self::Range(first, _) => first.is_ipv4(),
            Self::Table(_) | Self::Dynamic(..) | Self::Named(..) | Self::Other(_) => return None,
        };
        Some(if is_v4 { Family::V4 } else { Family::V6 })
    }
}
