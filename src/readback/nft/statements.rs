//! Rules: matches and statements, one after the other (nft(8), statements).

use super::parser::{Parsed, Parser};
use super::syntax::{Comparison, Expr, Limit, Match, Memory, Reject, Rule, Statement, Verdict};

/// How matches compare.
const COMPARISONS: [(&str, Comparison); 13] = [
    ("==", Comparison::Equal),
    ("eq", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("ne", Comparison::NotEqual),
    ("<=", Comparison::AtMost),
    ("le", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("ge", Comparison::AtLeast),
    ("<", Comparison::Less),
    ("lt", Comparison::Less),
    (">", Comparison::Greater),
    ("gt", Comparison::Greater),
    ("!", Comparison::Without),
];

/// Words that begin a statement and nothing else.
const STATEMENTS: [&str; 30] = [
    "accept",
    "drop",
    "continue",
    "return",
    "jump",
    "goto",
    "counter",
    "log",
    "limit",
    "quota",
    "reject",
    "queue",
    "masquerade",
    "snat",
    "dnat",
    "redirect",
    "tproxy",
    "notrack",
    "dup",
    "fwd",
    "flow",
    "add",
    "update",
    "delete",
    "set",
    "meter",
    "comment",
    "synproxy",
    "last",
    "reset",
];

/// What is kept of a statement: nothing of one that decides nothing.
type Kept = Parsed<Option<Statement>>;

impl Parser<'_, '_, '_> {
    /// A rule, up to its end.
    pub(super) fn rule(&mut self) -> Parsed<Rule> {
        let from = self.place();
        let mut statements = Vec::new();
        while !self.is_end() {
            statements.extend(self.statement()?);
        }
        if self.place() == from {
            return Err(self.unexpected("a rule"));
        }
        Ok(Rule { statements, site: self.site(from) })
    }

    fn statement(&mut self) -> Kept {
        if let Some(verdict) = self.verdict()? {
            return Ok(Some(Statement::Verdict(verdict)));
        }
        match self.word() {
            "counter" => self.counter(),
            "log" => self.log(),
            "limit" => self.limit().map(Some),
            "quota" => self.quota(),
            "reject" => self.reject(),
            "comment" => {
                self.bump();
                self.name("a comment").map(|_| None)
            }
            "masquerade" | "snat" | "dnat" | "redirect" => {
                self.skip_to_end();
                Ok(Some(Statement::Translate))
            }
            "queue" => Ok(Some(Statement::Verdict(Verdict::Queue(self.rest())))),
            "fwd" | "synproxy" => Ok(Some(Statement::Anything(self.rest()))),
            "xt" => self.xtables(),
            word if word.starts_with("xt_") => Ok(Some(self.xtables_comment())),
            "tproxy" => Ok(Some(Statement::Sometimes(self.tproxy()))),
            "notrack" => {
                self.bump();
                Ok(None)
            }
            "last" => self.last(),
            "dup" | "flow" | "reset" => self.aside(),
            "add" | "update" | "delete" | "set" | "meter" => self.dynamic_set(),
            "ct" if self.ahead(1) == "count" => self.connection_count(),
            "" if !self.is("@") && !self.is("(") => Err(self.unexpected("a match or a statement")),
            _ if self.is_selector() || self.is("(") => self.matching(),
            word if word.starts_with(|first: char| first.is_ascii_digit()) => {
                Err(self.unexpected("a match or a statement"))
            }
            _ => Ok(Some(Statement::Foreign(self.foreign()))),
        }
    }

    /// The text to the end of the rule.
    fn rest(&mut self) -> Box<str> {
        let from = self.place();
        while !self.is_end() && !self.is("comment") {
            self.skip_one();
        }
        self.text_since(from)
    }

    /// `xt match "recent"` and `xt target "LOG"`: rules of iptables that nft cannot print.
    fn xtables(&mut self) -> Kept {
        let from = self.place();
        self.bump();
        let kind = self.name("`match` or `target`")?;
        let name = self.name("a name")?;
        Ok(Some(match (kind, name) {
            ("target", "LOG" | "NFLOG") => Statement::Log,
            ("target", _) => Statement::Anything(self.text_since(from)),
            _ => Statement::Foreign(self.text_since(from)),
        }))
    }

    /// `xt_recent`, as older versions print them: a target if nothing follows.
    fn xtables_comment(&mut self) -> Statement {
        let text: Box<str> = self.word().into();
        self.bump();
        match self.is_end() {
            true if matches!(&*text, "xt_LOG" | "xt_NFLOG") => Statement::Log,
            true => Statement::Anything(text),
            false => Statement::Foreign(text),
        }
    }

    /// The text up to something that is understood.
    fn foreign(&mut self) -> Box<str> {
        let from = self.place();
        self.skip_one();
        while !self.is_end() && !STATEMENTS.contains(&self.word()) && !self.is_selector() {
            self.skip_one();
        }
        self.text_since(from)
    }

    /// A match, a verdict map, or something written into a field.
    fn matching(&mut self) -> Kept {
        let left = self.left()?;
        if self.eat("set") {
            self.written()?;
            if self.eat(":") {
                self.name("the second half of a class")?;
            }
            self.reading.tables.marks |= is_mark(&left);
            return Ok(Some(Statement::Touches(left)));
        }
        if self.eat("vmap") {
            let map = self.value()?;
            return Ok(Some(Statement::Dispatch(left, map)));
        }
        let next = self.ahead(0);
        let comparison =
            COMPARISONS.iter().find(|(text, _)| *text == next).map(|&(_, comparison)| comparison);
        if comparison.is_some() {
            self.bump();
        }
        let right = self.value()?;
        let comparison = comparison.unwrap_or(Comparison::Implicit);
        Ok(Some(Statement::Match(Match { left, comparison, right })))
    }

    /// `counter`, `counter packets 0 bytes 0`, `counter name "c"`
    fn counter(&mut self) -> Kept {
        self.bump();
        if self.eat("name") || self.is_quoted() {
            self.written()?;
        }
        while self.eat_any(&["packets", "bytes"]) {
            self.number::<u64>("a number")?;
        }
        Ok(None)
    }

    /// `last used 1h3m`
    fn last(&mut self) -> Kept {
        self.bump();
        if self.eat("used") {
            self.name("a time")?;
        }
        Ok(None)
    }

    fn log(&mut self) -> Kept {
        self.bump();
        loop {
            match self.word() {
                "prefix" | "level" | "group" | "snaplen" | "queue-threshold" => {
                    self.bump();
                    self.written()?;
                }
                "flags" => {
                    self.bump();
                    self.eat_any(&["tcp", "ip"]);
                    self.value()?;
                }
                _ => return Ok(Some(Statement::Log)),
            }
        }
    }

    fn limit(&mut self) -> Parsed<Statement> {
        let from = self.place();
        self.bump();
        if self.eat("name") {
            self.written()?;
            return Ok(Statement::Sometimes(self.text_since(from)));
        }
        self.expect("rate")?;
        let is_over = self.eat("over");
        self.eat("until");
        let count: u64 = self.number("a rate")?;
        let unit = if self.is("/") { "" } else { self.name("`/`")? };
        let (unit, mut per) = unit.split_once('/').unwrap_or((unit, ""));
        if per.is_empty() {
            self.expect("/")?;
            per = self.name("a unit of time")?;
        }
        let mut burst = None;
        if self.eat("burst") {
            let number: u64 = self.number("how many at once")?;
            let of =
                if self.is_end() || STATEMENTS.contains(&self.word()) { "" } else { self.name("a unit")? };
            burst = Some((number, of));
        }
        Ok(Statement::Limit(Limit::new((count, unit, per), burst, is_over)))
    }

    /// `quota over 1 mbytes used 3 bytes`, `quota name "q"`
    fn quota(&mut self) -> Kept {
        let from = self.place();
        self.bump();
        if self.eat("name") || self.is_quoted() {
            self.written()?;
            return Ok(Some(Statement::Sometimes(self.text_since(from))));
        }
        self.eat_any(&["over", "until"]);
        self.number::<u64>("a number of bytes")?;
        self.name("a unit")?;
        let text = self.text_since(from);
        if self.eat("used") {
            self.number::<u64>("a number of bytes")?;
            self.name("a unit")?;
        }
        Ok(Some(Statement::Sometimes(text)))
    }

    /// `ct count over 10`
    fn connection_count(&mut self) -> Kept {
        let from = self.place();
        self.bump();
        self.bump();
        self.eat("over");
        self.number::<u32>("a number of connections")?;
        Ok(Some(Statement::Sometimes(self.text_since(from))))
    }

    fn reject(&mut self) -> Kept {
        self.bump();
        if !self.eat("with") {
            return Ok(Some(Statement::Reject(Reject::Plain)));
        }
        if self.eat("tcp") {
            self.expect("reset")?;
            return Ok(Some(Statement::Reject(Reject::TcpReset)));
        }
        let kind = self.name("`icmp`, `icmpv6`, `icmpx` or `tcp`")?;
        self.eat("type");
        let code = self.name("a code")?;
        Ok(Some(Statement::Reject(Reject::Icmp(kind.into(), code.into()))))
    }

    /// `tproxy to :50080`: without a listening socket the packet does not go on in the rule.
    fn tproxy(&mut self) -> Box<str> {
        let from = self.place();
        while !self.is_end() && (self.place() == from || !STATEMENTS.contains(&self.word())) {
            if matches!(self.word(), "meta" | "mark" | "ct") {
                break;
            }
            self.skip_one();
        }
        self.text_since(from)
    }

    /// What copies packets, speeds them up or changes options, and lets them go on.
    fn aside(&mut self) -> Kept {
        match self.word() {
            "reset" => {
                self.bump();
                Ok(Some(Statement::Touches(self.left()?)))
            }
            "flow" => {
                if self.ahead(1) == "table" {
                    return self.dynamic_set();
                }
                self.bump();
                self.eat_any(&["add", "offload"]);
                self.written().map(|_| None)
            }
            _ => {
                self.bump();
                self.eat("to");
                self.written()?;
                if self.eat("device") {
                    self.written()?;
                }
                Ok(None)
            }
        }
    }

    /// `add @seen { ip saddr limit rate over 3/second }`, and the older `set add ip saddr @seen` and `meter`.
    fn dynamic_set(&mut self) -> Kept {
        let operation = self.bump().map_or("", |token| token.text);
        if operation == "set" {
            let operation = self.name("`add` or `update`")?;
            let key = self.left()?;
            self.times()?;
            self.expect("@")?;
            let set = self.name("the name of a set")?;
            return Ok(Some(Statement::Remember(Memory::new(operation, set, key, &[]))));
        }
        self.eat_any(&["table", "@"]);
        let set = self.name("the name of a set")?;
        if self.eat("size") {
            self.number::<u32>("a number of elements")?;
        }
        self.expect("{")?;
        let key = self.left()?;
        let conditions = self.nested(Self::conditions_of_element)?;
        if self.eat(":") {
            self.written()?;
        }
        self.expect("}")?;
        Ok(Some(Statement::Remember(Memory::new(operation, set, key, &conditions))))
    }

    /// What stands beside the key of an element: how long it stays, and statements, of which those are returned that let
    /// only some packets match.
    pub(super) fn conditions_of_element(&mut self) -> Parsed<Vec<Statement>> {
        let mut conditions = Vec::new();
        self.times()?;
        while !self.is_end() && !self.is(":") && !self.is(",") {
            conditions.extend(self.statement()?);
            self.times()?;
        }
        Ok(conditions)
    }

    fn times(&mut self) -> Parsed<()> {
        while self.eat_any(&["timeout", "expires"]) {
            self.name("a time")?;
        }
        Ok(())
    }
}

/// Whether something is a mark that rules may set and look at.
pub(super) fn is_mark(selector: &Expr) -> bool {
    matches!(selector, Expr::Selector(text) if matches!(&**text, "meta mark" | "ct mark"))
}
