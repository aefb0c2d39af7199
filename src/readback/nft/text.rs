//! Canonical texts of expressions: the same for what was written, what `nft list` prints, and JSON.

use std::fmt::{Display, Formatter, Result};

use super::syntax::{Bitwise, Comparison, Element, Expr, Match};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Field(field) => f.write_str(field.name()),
            Self::Selector(text) => f.write_str(text),
            Self::Word(word) => word_text(word, f),
            Self::Prefix(address, length) => write!(f, "{address}/{length}"),
            Self::Range(bounds) => joined(bounds.iter(), "-", f),
            Self::Masked(parts) => joined(parts.iter(), " / ", f),
            Self::Binary(operator, operands) => joined(operands.iter(), operator.text(), f),
            Self::Concat(parts) => joined(parts.iter(), " . ", f),
            Self::List(parts) => {
                let mut texts: Vec<String> = parts.iter().map(ToString::to_string).collect();
                texts.sort_unstable();
                joined(texts.iter(), ",", f)
            }
            Self::Set(elements) => set_text(elements, f),
            Self::Named(name) => write!(f, "@{name}"),
            Self::Lookup(parts) => joined(parts.iter(), " map ", f),
        }
    }
}

impl Display for Match {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let comparison = match self.comparison {
            Comparison::Implicit | Comparison::Equal | Comparison::NotEqual => "",
            Comparison::Less => "< ",
            Comparison::AtMost => "<= ",
            Comparison::Greater => "> ",
            Comparison::AtLeast => ">= ",
            Comparison::Without => "! ",
        };
        write!(f, "{} {comparison}", self.left)?;
        match names_of_numbers(&self.left) {
            Some(names) => named(&self.right, names, f),
            None => write!(f, "{}", self.right),
        }
    }
}

/// Numbers that `nft list` prints by names, and `nft -n list` does not.
type Names = &'static [(&'static str, u32)];

/// The kinds of packets (`linux/if_packet.h`).
const PACKET_TYPES: Names = &[("host", 0), ("unicast", 0), ("broadcast", 1), ("multicast", 2), ("other", 3)];
/// The kinds of addresses of routing (`linux/rtnetlink.h`).
const ADDRESS_TYPES: Names = &[
    ("unspec", 0),
    ("unicast", 1),
    ("local", 2),
    ("broadcast", 3),
    ("anycast", 4),
    ("multicast", 5),
    ("blackhole", 6),
    ("unreachable", 7),
    ("prohibit", 8),
];
/// What `fib` says where there is no route or no interface.
const EXISTENCE: Names = &[("missing", 0), ("exists", 1)];
/// The status of a connection (`linux/netfilter/nf_conntrack_common.h`).
const CONNECTION_STATUS: Names = &[
    ("expected", 0x01),
    ("seen-reply", 0x02),
    ("assured", 0x04),
    ("confirmed", 0x08),
    ("snat", 0x10),
    ("dnat", 0x20),
    ("dying", 0x200),
];
/// Days of the week.
const DAYS: Names = &[
    ("Sunday", 0),
    ("Monday", 1),
    ("Tuesday", 2),
    ("Wednesday", 3),
    ("Thursday", 4),
    ("Friday", 5),
    ("Saturday", 6),
];
/// Differentiated services (RFC 2474, RFC 2597, RFC 3246).
const SERVICES: Names = &[
    ("cs0", 0),
    ("cs1", 8),
    ("cs2", 16),
    ("cs3", 24),
    ("cs4", 32),
    ("cs5", 40),
    ("cs6", 48),
    ("cs7", 56),
    ("af11", 10),
    ("af12", 12),
    ("af13", 14),
    ("af21", 18),
    ("af22", 20),
    ("af23", 22),
    ("af31", 26),
    ("af32", 28),
    ("af33", 30),
    ("af41", 34),
    ("af42", 36),
    ("af43", 38),
    ("ef", 46),
];
/// The direction of a packet of a connection.
const DIRECTIONS: Names = &[("original", 0), ("reply", 1)];

fn names_of_numbers(selector: &Expr) -> Option<Names> {
    let Expr::Selector(text) = selector else { return None };
    Some(match &**text {
        "meta pkttype" => PACKET_TYPES,
        "ct status" => CONNECTION_STATUS,
        "ct direction" => DIRECTIONS,
        "meta day" => DAYS,
        "ip dscp" | "ip6 dscp" => SERVICES,
        fib if fib.starts_with("fib ") && fib.ends_with(" type") => ADDRESS_TYPES,
        fib if fib.starts_with("fib ") => EXISTENCE,
        option if option.contains(" option ") && option.split(' ').count() == 3 => EXISTENCE,
        _ => return None,
    })
}

/// A value with its numbers by name.
fn named(value: &Expr, names: Names, f: &mut Formatter<'_>) -> Result {
    let name = |expr: &Expr| {
        let number = expr.to_string();
        let known = names.iter().find(|(_, known)| known.to_string() == number);
        known.map_or(number, |(name, _)| (*name).to_owned())
    };
    let mut texts: Vec<String> = match value {
        Expr::Set(elements) => elements.iter().map(|element| name(&element.key)).collect(),
        Expr::List(parts) => parts.iter().map(name).collect(),
        other => return f.write_str(&name(other)),
    };
    texts.sort_unstable();
    let (open, close) = if matches!(value, Expr::Set(_)) { ("{ ", " }") } else { ("", "") };
    f.write_str(open)?;
    joined(texts.iter(), if open.is_empty() { "," } else { ", " }, f)?;
    f.write_str(close)
}

impl Bitwise {
    const fn text(self) -> &'static str {
        match self {
            Self::And => " & ",
            Self::Or => " | ",
            Self::Xor => " ^ ",
            Self::Left => " << ",
            Self::Right => " >> ",
        }
    }
}

fn joined<T: Display>(parts: impl Iterator<Item = T>, between: &str, f: &mut Formatter<'_>) -> Result {
    for (place, part) in parts.enumerate() {
        let before = if place == 0 { "" } else { between };
        write!(f, "{before}{part}")?;
    }
    Ok(())
}

/// Numbers in decimal, however they were written.
fn word_text(word: &str, f: &mut Formatter<'_>) -> Result {
    let hexadecimal = word.strip_prefix("0x").and_then(|digits| u128::from_str_radix(digits, 16).ok());
    match hexadecimal {
        Some(number) => write!(f, "{number}"),
        None => f.write_str(word),
    }
}

/// The elements in an order of their own, a few of them.
fn set_text(elements: &[Element], f: &mut Formatter<'_>) -> Result {
    const MOST: usize = 64;
    let mut texts: Vec<String> = elements.iter().map(|element| element.key.to_string()).collect();
    texts.sort_unstable();
    let more = texts.len().saturating_sub(MOST);
    f.write_str("{ ")?;
    joined(texts.iter().take(MOST), ", ", f)?;
    if more > 0 {
        write!(f, " and {more} more")?;
    }
    f.write_str(" }")
}
