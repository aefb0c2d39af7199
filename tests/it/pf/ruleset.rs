//! A reader of the part of pf's language that mailward writes. Anything else makes the test fail.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

use ipnet::IpNet;

use super::machine::Direction;

/// A pf.conf.
#[derive(Debug, Default)]
pub(super) struct Ruleset {
    pub(super) tables: BTreeMap<String, Vec<IpNet>>,
    /// Interfaces that pf does not look at.
    pub(super) skipped: Vec<String>,
    pub(super) rules: Vec<Rule>,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Action {
    Pass {
        keep_state: bool,
    },
    Drop,
    Reset,
    Unreachable,
    #[default]
    Match,
}

/// One rule; a condition that is not there holds.
#[derive(Debug, Default)]
pub(super) struct Rule {
    pub(super) text: String,
    pub(super) action: Action,
    pub(super) direction: Option<Direction>,
    pub(super) log: bool,
    pub(super) quick: bool,
    pub(super) on: Option<(bool, Vec<String>)>,
    pub(super) v4: Option<bool>,
    pub(super) protocols: Vec<u8>,
    pub(super) from: Endpoint,
    pub(super) to: Endpoint,
    /// Flags that must be set, and those that are looked at.
    pub(super) flags: Option<(u8, u8)>,
    /// ICMP types, with a code or any.
    pub(super) kinds: Vec<(u8, Option<u8>)>,
    pub(super) tagged: Option<(bool, String)>,
    pub(super) tag: Option<String>,
    pub(super) label: Option<String>,
}

/// An address and a port.
#[derive(Debug, Default)]
pub(super) struct Endpoint {
    pub(super) negated: bool,
    /// None for any.
    pub(super) addresses: Vec<Address>,
    /// None for any.
    pub(super) ports: Vec<(u16, u16)>,
}

/// What an address is compared with.
#[derive(Debug)]
pub(super) enum Address {
    Net(IpNet),
    Table(String),
    Own,
    OwnBroadcast,
}

/// TCP flags by their bits.
pub(super) const FLAGS: [(char, u8); 4] = [('F', 1), ('S', 2), ('R', 4), ('A', 16)];

type Tokens = Peekable<IntoIter<String>>;

impl Ruleset {
    pub(super) fn parse(text: &str) -> Self {
        let mut ruleset = Self::default();
        let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        while let Some(line) = lines.next() {
            assert!(!line.ends_with('\\'), "a continued line: {line}");
            match line.split_once(' ').expect("two words").0 {
                "set" | "scrub" => ruleset.option(line),
                "table" => {
                    let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "}").collect();
                    ruleset.table(line, &body);
                }
                _ => ruleset.rules.push(rule(line)),
            }
        }
        ruleset
    }

    fn option(&mut self, line: &str) {
        let known = [
            "set block-policy drop",
            "set state-policy floating",
            "set ruleset-optimization none",
            "set reassemble yes",
            "scrub in all",
        ];
        match line.strip_prefix("set skip on ") {
            Some(interface) => self.skipped.push(interface.to_owned()),
            None => {
                assert!(known.contains(&line) || line.starts_with("set limit "), "unknown option: {line}");
            }
        }
    }

    fn table(&mut self, line: &str, body: &[&str]) {
        let name = line.strip_prefix("table <").and_then(|rest| rest.strip_suffix("> const {"));
        let name = name.unwrap_or_else(|| panic!("unknown table: {line}"));
        assert!(name.len() <= 31, "the name of table {name} is too long");
        let prefixes: Vec<IpNet> = body.iter().map(|item| net(item.trim())).collect();
        assert!(prefixes.iter().all(|net| net.prefix_len() > 0), "all addresses in table {name}");
        let old = self.tables.insert(name.to_owned(), prefixes);
        assert!(old.is_none(), "table {name} is there twice");
    }
}

fn rule(line: &str) -> Rule {
    let mut tokens = tokens(line).into_iter().peekable();
    let action = match (next(&mut tokens).as_str(), tokens.peek().map(String::as_str)) {
        ("pass", _) => Action::Pass { keep_state: false },
        ("match", _) => Action::Match,
        ("block", Some("drop")) => Action::Drop,
        ("block", Some("return-rst")) => Action::Reset,
        ("block", Some("return-icmp(13, 1)")) => Action::Unreachable,
        _ => panic!("unknown action: {line}"),
    };
    if !matches!(action, Action::Pass { .. } | Action::Match) {
        tokens.next();
    }
    let mut rule = Rule { text: line.to_owned(), action, ..Rule::default() };
    let mut stateless = false;
    while let Some(token) = tokens.next() {
        match token.as_str() {
            "in" => rule.direction = Some(Direction::In),
            "out" => rule.direction = Some(Direction::Out),
            "log" => rule.log = true,
            "quick" => rule.quick = true,
            "on" => rule.on = Some((negation(&mut tokens), list(&mut tokens))),
            "inet" => rule.v4 = Some(true),
            "inet6" => rule.v4 = Some(false),
            "proto" => rule.protocols = list(&mut tokens).iter().map(|word| protocol(word)).collect(),
            "from" => rule.from = endpoint(&mut tokens),
            "to" => rule.to = endpoint(&mut tokens),
            "flags" => rule.flags = Some(flags(&next(&mut tokens))),
            "icmp-type" | "icmp6-type" => rule.kinds = kinds(&mut tokens),
            "!" => {
                assert_eq!(next(&mut tokens), "tagged");
                rule.tagged = Some((true, next(&mut tokens)));
            }
            "tagged" => rule.tagged = Some((false, next(&mut tokens))),
            "tag" => rule.tag = Some(next(&mut tokens)),
            "label" => rule.label = Some(next(&mut tokens)),
            "allow-opts" => {}
            "no" => {
                assert_eq!(next(&mut tokens), "state");
                stateless = true;
            }
            "keep" => {
                assert_eq!(next(&mut tokens), "state");
                rule.action = Action::Pass { keep_state: true };
            }
            other => panic!("unknown word {other}: {line}"),
        }
    }
    check(&rule, stateless);
    rule
}

/// What pfctl refuses, and what mailward promises about every rule.
fn check(rule: &Rule, stateless: bool) {
    let text = &rule.text;
    assert!(rule.quick || rule.action == Action::Match, "decides without quick: {text}");
    assert!(!rule.quick || rule.action != Action::Match, "match has no quick: {text}");
    assert!(
        stateless == (rule.action == Action::Pass { keep_state: false }),
        "says nothing of states: {text}"
    );
    assert!(rule.action != Action::Reset || rule.protocols == [6], "return-rst is for TCP: {text}");
    assert!(rule.kinds.is_empty() || rule.v4.is_some(), "icmp-type needs a family: {text}");
    for names in [&rule.tag, &rule.label, &rule.tagged.as_ref().map(|(_, tag)| tag.clone())] {
        assert!(names.as_ref().is_none_or(|name| name.len() <= 63), "longer than pf takes: {text}");
    }
    for endpoint in [&rule.from, &rule.to] {
        let plain = !endpoint.negated || endpoint.addresses.len() == 1;
        assert!(plain, "a negated list means everything: {text}");
        let ported =
            endpoint.ports.is_empty() || rule.protocols.iter().all(|number| [6, 17].contains(number));
        assert!(ported && (endpoint.ports.is_empty() || !rule.protocols.is_empty()), "ports of what: {text}");
    }
}

/// Words, lists and quoted strings; parentheses belong to their word.
fn tokens(line: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let (mut quoted, mut depth) = (false, 0);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted && depth == 0 => tokens.push(String::new()),
            '{' | '}' | ',' | '!' if !quoted && depth == 0 => {
                tokens.extend([c.to_string(), String::new()]);
            }
            _ => {
                depth += i32::from(c == '(') - i32::from(c == ')');
                tokens.last_mut().expect("one token").push(c);
            }
        }
    }
    assert!(!quoted && depth == 0, "something is open at the end: {line}");
    tokens.retain(|token| !token.is_empty());
    tokens
}

fn next(tokens: &mut Tokens) -> String {
    tokens.next().expect("one more word")
}

fn negation(tokens: &mut Tokens) -> bool {
    tokens.next_if(|token| token == "!").is_some()
}

/// One word, or several in braces; the words of one item are joined with a blank.
fn list(tokens: &mut Tokens) -> Vec<String> {
    if tokens.next_if(|token| token == "{").is_none() {
        return vec![next(tokens)];
    }
    let mut items = vec![String::new()];
    loop {
        match next(tokens).as_str() {
            "}" => return items,
            "," => items.push(String::new()),
            word => {
                let item = items.last_mut().expect("one item");
                *item = [item.as_str(), word].join(" ").trim().into();
            }
        }
    }
}

fn endpoint(tokens: &mut Tokens) -> Endpoint {
    let negated = negation(tokens);
    let items = list(tokens);
    let addresses = items.iter().filter(|item| *item != "any").map(|item| address(item)).collect();
    let ports = if tokens.next_if(|token| token == "port").is_some() { list(tokens) } else { Vec::new() };
    Endpoint { negated, addresses, ports: ports.iter().map(|item| port(item)).collect() }
}

fn address(item: &str) -> Address {
    match item.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        Some(table) => Address::Table(table.to_owned()),
        None if item == "(self)" => Address::Own,
        None if item == "(self:broadcast)" => Address::OwnBroadcast,
        None => Address::Net(net(item)),
    }
}

fn net(item: &str) -> IpNet {
    let single = || item.parse().map(|address: std::net::IpAddr| address.into());
    item.parse().or_else(|_| single()).unwrap_or_else(|_| panic!("not an address: {item}"))
}

fn port(item: &str) -> (u16, u16) {
    let (first, last) = item.split_once(':').unwrap_or((item, item));
    (first.parse().expect("a port"), last.parse().expect("a port"))
}

fn protocol(word: &str) -> u8 {
    match word {
        "icmp" => 1,
        "tcp" => 6,
        "udp" => 17,
        "icmp6" => 58,
        number => number.parse().expect("a protocol number"),
    }
}

fn flags(word: &str) -> (u8, u8) {
    let bits = |letters: &str| {
        letters.chars().map(|c| FLAGS.iter().find(|(flag, _)| *flag == c).expect("a flag").1).sum()
    };
    let (set, of) = word.split_once('/').expect("flags of flags");
    (bits(set), bits(of))
}

fn kinds(tokens: &mut Tokens) -> Vec<(u8, Option<u8>)> {
    let single = tokens.peek().is_some_and(|token| token != "{");
    let mut items = list(tokens);
    if single && tokens.next_if(|token| token == "code").is_some() {
        items = vec![format!("{} code {}", items[0], next(tokens))];
    }
    let number = |word: &str| word.parse().expect("a number");
    let kind = |item: &String| match item.split_once(" code ") {
        Some((kind, code)) => (number(kind), Some(number(code))),
        None => (number(item), None),
    };
    items.iter().map(kind).collect()
}
