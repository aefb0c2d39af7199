//! What `from` and `to` name.

use super::Parser;
use super::address::network;
use crate::readback::pf::syntax::{End, Host, Not};
use crate::readback::pf::{LONGEST_TABLE, lexer::Token, problem};
use crate::source::Diagnostic;

/// What may follow the name of an interface.
const MODIFIERS: [&str; 4] = ["network", "broadcast", "peer", "0"];

impl Parser<'_> {
    /// Hosts and ports.
    pub(super) fn end(&mut self) -> Result<End, Diagnostic> {
        let mut end = End::default();
        if *self.peek()? != Token::Keyword("port") {
            end.hosts = self.hosts()?.unwrap_or_default();
        }
        if self.keyword("port")? {
            end.ports = Some(self.ports()?);
        }
        Ok(end)
    }

    /// Hosts; none for `any`, and for lists with `any` in them.
    fn hosts(&mut self) -> Result<Option<Vec<Not<Host>>>, Diagnostic> {
        if self.keyword("any")? {
            return Ok(None);
        }
        if *self.peek()? != Token::Sign('{') {
            return self.host().map(Some);
        }
        let mut lists = Vec::new();
        self.nested(|parser| {
            parser.list(|parser| {
                lists.push(parser.hosts()?);
                Ok(())
            })
        })?;
        let all: Option<Vec<Vec<Not<Host>>>> = lists.into_iter().collect();
        Ok(all.map(|lists| lists.concat()))
    }

    /// One host, which may be several addresses.
    pub(super) fn host(&mut self) -> Result<Vec<Not<Host>>, Diagnostic> {
        let negated = self.not()?;
        let other = |text: String| Ok(vec![Not { negated, item: Host::Other(text) }]);
        for word in ["no-route", "urpf-failed"] {
            if self.keyword(word)? {
                return other(word.to_owned());
            }
        }
        if self.keyword("route")? {
            let label = self.text("the label of a route")?;
            return other(format!("route \"{label}\""));
        }
        if self.sign('<')? {
            let table = self.table_name()?;
            return Ok(vec![Not { negated, item: Host::Table(table) }]);
        }
        if self.sign('(')? {
            return Ok(vec![Not { negated, item: self.dynamic()? }]);
        }
        self.address(negated)
    }

    /// The name of a table, after `<`.
    pub(super) fn table_name(&mut self) -> Result<String, Diagnostic> {
        let name = self.text("the name of a table")?;
        if name.len() > LONGEST_TABLE {
            return Err(problem(self.last, format!("the name of table `{name}` is too long")));
        }
        self.expect('>')?;
        Ok(name)
    }

    /// `(interface)`, after its parenthesis.
    fn dynamic(&mut self) -> Result<Host, Diagnostic> {
        let text = self.text("an interface")?;
        let mut parts = text.split(':');
        let name = parts.next().unwrap_or_default();
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err(problem(self.last, format!("`{text}` is no interface")));
        }
        let modifiers: Vec<&str> = parts.collect();
        if modifiers.iter().any(|modifier| !MODIFIERS.contains(modifier)) {
            return Err(problem(self.last, format!("interface `{text}` has an unknown modifier")));
        }
        if modifiers.iter().filter(|modifier| **modifier != "0").count() > 1 {
            return Err(problem(self.last, format!("the modifiers of `{text}` exclude one another")));
        }
        self.expect(')')?;
        let mask = if self.sign('/')? { u8::try_from(self.number("a mask", 128)?).ok() } else { None };
        Ok(Host::Dynamic(text, mask))
    }

    /// An address, a network, a range or a name.
    fn address(&mut self, negated: bool) -> Result<Vec<Not<Host>>, Diagnostic> {
        let number = match *self.peek()? {
            Token::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let text = match number {
            Some(number) => {
                self.take()?;
                if *self.peek()? != Token::Sign('/') {
                    return self.unexpected("`/` and a mask");
                }
                number
            }
            None => self.text("an address")?,
        };
        if self.sign('-')? {
            return self.range(&text, negated);
        }
        let mask = if self.sign('/')? { u8::try_from(self.number("a mask", 128)?).ok() } else { None };
        self.resolve(&text, mask, negated)
    }

    fn range(&mut self, first: &str, negated: bool) -> Result<Vec<Not<Host>>, Diagnostic> {
        let last = self.text("the last address of the range")?;
        let parsed = first.parse().ok().zip(last.parse().ok());
        let same = parsed
            .filter(|(first, last): &(std::net::IpAddr, std::net::IpAddr)| first.is_ipv4() == last.is_ipv4());
        let Some((first, last)) = same else {
            return Err(problem(self.last, format!("`{first} - {last}` is no range of addresses")));
        };
        Ok(vec![Not { negated, item: Host::Range(first, last) }])
    }

    /// What pf makes of a text where an address stands: each of its addresses, negated by itself.
    pub(super) fn resolve(
        &self,
        text: &str,
        mask: Option<u8>,
        negated: bool,
    ) -> Result<Vec<Not<Host>>, Diagnostic> {
        let wrong = || problem(self.last, format!("`{text}` is no address"));
        let (address, scope) = text.split_once('%').map_or((text, None), |(one, two)| (one, Some(two)));
        let known = match text {
            "localhost" | "lo0:0" => vec!["127.0.0.1", "::1"],
            "lo0" => vec!["127.0.0.1", "::1", "fe80::1"],
            "lo0:network" => vec!["127.0.0.0/8", "::1"],
            _ => Vec::new(),
        };
        if !known.is_empty() {
            let of =
                |one: &&str| Some(Not { negated, item: Host::Net(network(one, mask, self.dialect)?, None) });
            return Ok(known.iter().filter_map(of).collect());
        }
        if let Some(net) = network(address, mask, self.dialect) {
            let scope = scope.map(str::to_owned);
            return Ok(vec![Not { negated, item: Host::Net(net, scope) }]);
        }
        let is_numeric = text.chars().all(|c| c.is_ascii_digit() || c == '.');
        let mut modifiers = text.split(':').skip(1);
        if is_numeric || scope.is_some() || !modifiers.all(|modifier| MODIFIERS.contains(&modifier)) {
            return Err(wrong());
        }
        Ok(vec![Not { negated, item: Host::Named(text.to_owned(), mask) }])
    }
}
