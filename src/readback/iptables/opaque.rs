//! Matches that nobody can look into, as texts: equal conditions get equal texts, however they are written.

use super::fields;
use super::given::{Given, Match};
use super::test::{Lasting, Test, Unknown, Writable};
use super::value::{self, Value, integer};
use super::words::Word;

/// Matches whose options are conditions of their own; those of others belong together.
const INDEPENDENT: &[&str] = &[
    "ah",
    "conntrack",
    "cpu",
    "devgroup",
    "dscp",
    "esp",
    "helper",
    "icmp",
    "icmp6",
    "icmpv6",
    "iprange",
    "length",
    "mac",
    "mark",
    "connmark",
    "multiport",
    "physdev",
    "pkttype",
    "realm",
    "state",
    "tcp",
    "tcpmss",
    "tos",
    "udp",
    "udplite",
    "dccp",
    "sctp",
    Match::CORE,
];

/// Whether the options of a match are conditions of their own.
pub(super) fn is_independent(name: &str) -> bool {
    INDEPENDENT.contains(&name)
}

/// The test of one option of a match.
pub(super) fn option(of: &Match, given: &Given) -> Test {
    Test::Unknown(Unknown { text: option_text(&of.name, given), lasting: lasting(&of.name) })
}

/// The test of all options of a match together, or of one that has none.
pub(super) fn whole(of: &Match) -> Test {
    if let [only] = of.options.as_slice() {
        return option(of, only).negated_if(only.negated);
    }
    let mut options: Vec<String> = of.options.iter().map(|given| signed(&of.name, given)).collect();
    options.sort();
    let text = [prefix(&of.name)].into_iter().chain(options).collect::<Vec<_>>().join(" ");
    Test::Unknown(Unknown { text, lasting: lasting(&of.name) })
}

/// An option as text, without the `!` in front of it.
pub(super) fn option_text(of: &str, given: &Given) -> String {
    let option = bare(of, given);
    if of == Match::CORE { option } else { format!("{} {option}", prefix(of)) }
}

fn prefix(name: &str) -> String {
    format!("-m {name}")
}

fn signed(of: &str, given: &Given) -> String {
    format!("{}{}", if given.negated { "! " } else { "" }, bare(of, given))
}

fn bare(of: &str, given: &Given) -> String {
    let words = given.values.iter().map(|word| value((of, &given.name), word));
    [format!("--{}", given.name)].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// A word as `iptables-save` writes it, so far as that is known.
fn value((of, option): (&str, &str), word: &Word) -> String {
    let text = word.text.as_str();
    let known = match (of, option) {
        ("mac", _) => Some(text.to_ascii_uppercase()),
        ("mark" | "connmark", _) => marks(text),
        ("tcp", "tcp-flags") => fields::flag_names(word),
        ("conntrack", "ctproto") => match value::protocol(text) {
            Value::Known(number) => Some(number.to_string()),
            _ => None,
        },
        ("owner", _) if text == "root" => Some("0".to_owned()),
        ("statistic", "probability") if text.contains('.') => Some(text.trim_end_matches('0').to_owned()),
        _ => None,
    };
    known.unwrap_or_else(|| quoted(text))
}

/// A mark, and those of its bits that count.
fn marks(word: &str) -> Option<String> {
    let (mark, bits) = word.split_once('/').unwrap_or((word, "0xffffffff"));
    let (mark, bits) = (integer(mark)?, integer(bits)?);
    Some(if bits == u64::from(u32::MAX) { format!("{mark:#x}") } else { format!("{mark:#x}/{bits:#x}") })
}

fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains([' ', '\t', '"']) {
        format!("\"{}\"", word.replace('\\', r"\\").replace('"', "\\\""))
    } else {
        word.to_owned()
    }
}

/// Whether the answer of a match stays for a packet.
fn lasting(name: &str) -> Lasting {
    match name {
        // They count, or draw lots.
        "limit" | "hashlimit" | "dstlimit" | "recent" | "connlimit" | "quota" | "quota2" | "statistic"
        | "random" | "nth" | "nfacct" | "rateest" | "fuzzy" | "psd" | "account" => Lasting::Never,
        "mark" => Lasting::UnlessWritten(Writable::Mark),
        "connmark" => Lasting::UnlessWritten(Writable::ConnectionMark),
        "connlabel" => Lasting::UnlessWritten(Writable::ConnectionLabel),
        "dscp" | "tos" | "ecn" => Lasting::UnlessWritten(Writable::Service),
        "ttl" | "hl" => Lasting::UnlessWritten(Writable::HopLimit),
        "tcpmss" => Lasting::UnlessWritten(Writable::SegmentSize),
        _ => Lasting::Always,
    }
}
