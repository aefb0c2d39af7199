//! What scalars look like, as far as a pattern can say it.

use mailward::catalog;
use mailward::lint;
use mailward::model::{Interface, Name, Term};
use mailward::packet::Family;
use mailward::parse::{Choice, RESERVED};
use mailward::source::is_invisible;
use serde_json::{Value, json};

/// A port.
const PORT: &str = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

/// A number of eight bits.
const BYTE: &str = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

/// What YAML reads as something else without quotes, and with them is no name either.
const SWITCHES: [&str; 2] = ["true", "false"];

/// One line of printable text. Numbers and switches are text, too.
pub(super) fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"], "pattern": line() })
}

/// The same, but no switch, in any spelling.
pub(super) fn reason() -> Value {
    let of = |word: &str| {
        let letter = |c: char| format!("[{}{c}]", c.to_uppercase());
        word.chars().map(letter).collect::<String>()
    };
    let switches = ["true", "yes", "on", "false", "no", "off"].map(of).join("|");
    json!({
        "type": ["string", "number"],
        "pattern": line(),
        "not": { "type": "string", "pattern": format!("^({switches})$") },
    })
}

fn line() -> String {
    let unprintable = |c: char| c.is_control() || is_invisible(c);
    let codes: Vec<u32> = ('\0'..='\u{ffff}').filter(|c| unprintable(*c)).map(u32::from).collect();
    let ranges = codes.chunk_by(|one, next| one + 1 == *next);
    let ranges = ranges.map(|range| format!("\\u{:04x}-\\u{:04x}", range[0], range[range.len() - 1]));
    let hidden: String = ranges.collect();
    format!("^[ \\t\\r\\n]*[^ {hidden}][^{hidden}]*[ \\t\\r\\n]*$")
}

fn named(forbidden: &[&str]) -> Value {
    json!({
        "type": "string",
        "pattern": format!("^[a-z][a-z0-9-]{{0,{}}}$", Name::LONGEST - 1),
        "not": { "enum": forbidden },
    })
}

/// A name, or a word with a meaning of its own.
pub(super) fn name() -> Value {
    named(&SWITCHES)
}

/// A name that somebody gives to something.
pub(super) fn id() -> Value {
    named(&[RESERVED, SWITCHES.as_slice()].concat())
}

pub(super) fn date() -> Value {
    pattern("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
}

pub(super) fn interface() -> Value {
    pattern(&format!("^[A-Za-z][A-Za-z0-9._-]{{0,{}}}$", Interface::LONGEST - 1))
}

pub(super) fn rate() -> Value {
    pattern(&format!("^[1-9][0-9]{{0,9}}/({})$", Choice::Times.words().join("|")))
}

/// A path, or something else that only others can judge.
pub(super) fn path() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// A number; in quotes it is one, too.
pub(super) fn number(least: u32) -> Value {
    let digits = if least == 0 { "^(0|[1-9][0-9]{0,9})$" } else { "^[1-9][0-9]{0,9}$" };
    json!({ "anyOf": [{ "type": "integer", "minimum": least, "maximum": u32::MAX }, pattern(digits)] })
}

/// An address, a prefix, a range, or a name: of a built-in network, or one that the policy gives.
pub(super) fn place() -> Value {
    let v4 = format!("({BYTE}\\.){{3}}{BYTE}");
    // Which groups and colons make an address of IPv6 is not for a pattern that people are to read.
    let v6 = format!("[0-9A-Fa-f]*:[0-9A-Fa-f:]*(:{v4})?");
    let with = |address: &str, lengths: &str| format!("{address}(/{lengths}|-{address})?");
    let address = [
        with(&v4, "([12]?[0-9]|3[0-2])"),
        with(&v6, "([1-9]?[0-9]|1[01][0-9]|12[0-8])"),
        format!("[a-z][a-z0-9-]{{0,{}}}", Name::LONGEST - 1),
    ];
    let words = [("any", "every address"), ("host", "the machine that loads the policy")];
    let networks = catalog::networks().map(|network| (network.name().as_str(), network.title()));
    json!({ "anyOf": [described(words.into_iter().chain(networks)), pattern(&format!("^({})$", address.join("|")))] })
}

/// A service by name: a built-in one, or one of the policy.
pub(super) fn service() -> Value {
    let all = std::iter::once(("any", "every protocol and port")).chain(services(|_| true));
    json!({ "anyOf": [described(all), name()] })
}

/// A port, a range of ports, `any`, or the name of a built-in service.
pub(super) fn port() -> Value {
    let has_ports = |term: &Term| matches!(term, Term::Ports { .. });
    let all = std::iter::once(("any", "every port")).chain(services(has_ports));
    json!({ "anyOf": [
        { "type": "integer", "minimum": 1, "maximum": u16::MAX },
        described(all),
        pattern(&format!("^{PORT}(-{PORT})?$")),
    ] })
}

fn services(is_wanted: fn(&Term) -> bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = catalog::service_names().filter_map(|name| Some((name, catalog::service(name)?)));
    let wanted = all.filter(move |(_, service)| service.terms().iter().any(is_wanted));
    wanted.map(|(name, service)| (name, service.title()))
}

/// A message of ICMP or ICMPv6 by name, by type, or by type and code.
pub(super) fn message(family: Family) -> Value {
    byte(std::iter::once("any").chain(catalog::icmp_names(family)), &format!("^{BYTE}(/{BYTE})?$"))
}

/// A protocol by name or number.
pub(super) fn protocol() -> Value {
    byte(catalog::protocol_names(), &format!("^{BYTE}$"))
}

fn byte(names: impl Iterator<Item = &'static str>, digits: &str) -> Value {
    let names: Vec<&str> = names.collect();
    json!({ "anyOf": [
        { "type": "integer", "minimum": 0, "maximum": u8::MAX },
        { "enum": names },
        pattern(digits),
    ] })
}

/// The id of a check: a built-in one, or one of somebody's profile.
pub(super) fn check() -> Value {
    let metas = lint::ALL.iter().map(|check| check.meta());
    json!({ "anyOf": [described(metas.map(|meta| (meta.id, meta.summary))), { "type": "string" }] })
}

/// One of these words, each with what it means.
fn described<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let (words, meanings): (Vec<&str>, Vec<&str>) = all.unzip();
    json!({ "enum": words, "enumDescriptions": meanings })
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}
