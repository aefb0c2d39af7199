//! Options that ask for fields of a packet: addresses, interfaces, protocols, ports, flags, states.

use std::ops::Range;

use super::given::{Fault, Given};
use super::icmp;
use super::test::{Membership, Test, Way};
use super::value::{self, Value};
use super::words::Word;
use crate::packet::{Family, IntervalSet, State, States, TCP, UDP};

/// Protocols with ports that packets are not told apart by: DCCP, SCTP, UDP-Lite.
const OPAQUE_PORTS: [u8; 3] = [33, 132, 136];

/// What an option asks for; none if that cannot be told.
pub(super) type Reading = Result<Option<Test>, Fault>;

/// The options that a rule has without any `-m`.
pub(super) fn core(given: &Given, family: Family) -> Reading {
    let Some(word) = given.values.first() else { return Ok(None) };
    let interface = |way| match word.text.as_str() {
        "+" => Ok(Some(Test::always())),
        name => Ok(Some(Test::Interface(way, value::interface(name)))),
    };
    match given.name.as_str() {
        "source" => addresses(given, word, Way::From, family),
        "destination" => addresses(given, word, Way::To, family),
        "in-interface" => interface(Way::From),
        "out-interface" => interface(Way::To),
        "protocol" => protocol(given, word),
        _ => Ok(None),
    }
}

fn addresses(given: &Given, word: &Word, way: Way, family: Family) -> Reading {
    if given.negated && word.text.contains(',') {
        return Err(Fault::new(&given.span, "`!` cannot stand in front of several addresses"));
    }
    let mut all = Vec::new();
    for (item, span) in items(word) {
        match value::prefix(item, family) {
            Value::Known((set, _)) => all.push(set),
            Value::Name => return Ok(None),
            Value::Wrong(why) => return Err(wrong(item, &span, why)),
        }
    }
    Ok(Some(Test::addresses(way, family, IntervalSet::union_of(&all))))
}

fn protocol(given: &Given, word: &Word) -> Reading {
    match value::protocol(&word.text) {
        Value::Known(0) if given.negated => {
            Err(Fault::new(&given.span, "a rule that excludes all protocols never matches"))
        }
        Value::Known(0) => Ok(Some(Test::always())),
        Value::Known(number) => Ok(Some(Test::protocols([number]))),
        Value::Name => Ok(None),
        Value::Wrong(why) => Err(wrong(&word.text, &word.span, why)),
    }
}

/// `--sport` and `--dport` of TCP or UDP.
pub(super) fn port(given: &Given, protocol: u8) -> Reading {
    let Some((way, word)) = way_of_port(&given.name).zip(given.values.first()) else { return Ok(None) };
    match value::ports(&word.text, ':') {
        Value::Known((first, last)) => {
            Ok(Some(Test::ports(way, &[protocol], &IntervalSet::range(first, last))))
        }
        Value::Name => Ok(None),
        Value::Wrong(why) => Err(wrong(&word.text, &word.span, why)),
    }
}

fn way_of_port(name: &str) -> Option<Way> {
    match name {
        "sport" | "source-port" | "sports" | "source-ports" => Some(Way::From),
        "dport" | "destination-port" | "dports" | "destination-ports" => Some(Way::To),
        _ => None,
    }
}

/// `-m multiport`, in a rule for that protocol.
pub(super) fn multiport(given: &Given, protocol: Option<u8>, text: &str) -> Reading {
    let Some(word) = given.values.first() else { return Ok(None) };
    let mut ranges = Vec::new();
    for (item, span) in items(word) {
        match value::ports(item, ':') {
            Value::Known(range) => ranges.push(range),
            Value::Name => return Ok(None),
            Value::Wrong(why) => return Err(wrong(item, &span, why)),
        }
    }
    let ports = IntervalSet::from_intervals(ranges);
    let of = |protocols: &[u8]| match (given.name.as_str(), way_of_port(&given.name)) {
        (_, Some(way)) => Some(Test::ports(way, protocols, &ports)),
        ("ports" | "port", None) => {
            Some(Test::Any([Way::From, Way::To].map(|way| Test::ports(way, protocols, &ports)).to_vec()))
        }
        _ => None,
    };
    let opaque = || Test::All(vec![Test::protocols(OPAQUE_PORTS), Test::unknown(text)]);
    Ok(match protocol {
        Some(number @ (TCP | UDP)) => of(&[number]),
        Some(_) => Some(opaque()),
        None => of(&[TCP, UDP]).map(|known| Test::Any(vec![known, opaque()])),
    })
}

/// `--tcp-flags`: exact for SYNs, and for what is none as far as SYN, ACK, FIN and RST say so.
pub(super) fn tcp_flags(given: &Given, text: &str) -> Reading {
    let [mask, wanted] = given.values.as_slice() else { return Ok(None) };
    let (mask, wanted) = (flags(mask)?, flags(wanted)?);
    Ok(Some(with_flags(mask, wanted, text)))
}

/// The bits of the flags in the TCP header (RFC 9293 §3.1).
const FLAGS: [(&str, u8); 6] =
    [("FIN", 0x01), ("SYN", 0x02), ("RST", 0x04), ("PSH", 0x08), ("ACK", 0x10), ("URG", 0x20)];
/// The flags that tell whether a packet is a SYN.
const TELLING: u8 = 0x17;
/// The one of them that a SYN has.
const SYN: u8 = 0x02;

fn flags(word: &Word) -> Result<u8, Fault> {
    let mut all = 0;
    for (item, span) in items(word) {
        let name = item.to_ascii_uppercase();
        all |= match (name.as_str(), FLAGS.iter().find(|(flag, _)| *flag == name)) {
            ("ALL", _) => 0x3f,
            ("NONE", _) => 0,
            (_, Some(&(_, bit))) => bit,
            (_, None) => return Err(wrong(item, &span, "no TCP flag")),
        };
    }
    Ok(all)
}

/// Flags in the order of the header; none if they are none.
pub(super) fn flag_names(word: &Word) -> Option<String> {
    let bits = flags(word).ok()?;
    let set = FLAGS.iter().filter(|(_, bit)| bits & bit != 0).map(|(name, _)| *name);
    let names: Vec<&str> = set.collect();
    Some(if names.is_empty() { "NONE".to_owned() } else { names.join(",") })
}

fn with_flags(mask: u8, wanted: u8, text: &str) -> Test {
    if wanted & !mask != 0 {
        return Test::never();
    }
    if mask == 0 {
        return Test::always();
    }
    let (syns, others) = (syns(), Test::states(States::ANY.subtract(syn_states())));
    let mut either = Vec::new();
    if mask & TELLING & wanted == mask & SYN {
        let sure = mask & !TELLING == 0;
        either.push(if sure { syns } else { Test::All(vec![syns, Test::unknown(text)]) });
    }
    if (mask & TELLING, wanted & TELLING) != (TELLING, SYN) {
        either.push(Test::All(vec![others, Test::unknown(text)]));
    }
    Test::All(vec![Test::protocols([TCP]), Test::Any(either)])
}

/// `--syn`.
pub(super) fn syns() -> Test {
    Test::All(vec![Test::protocols([TCP]), Test::states(syn_states())])
}

fn syn_states() -> States {
    let syns: Vec<State> = State::ALL.into_iter().filter(|state| state.is_syn()).collect();
    States::of(&syns)
}

/// `--icmp-type` and `--icmpv6-type`.
pub(super) fn icmp_type(given: &Given, family: Family) -> Reading {
    let Some(word) = given.values.first() else { return Ok(None) };
    match icmp::packets(&word.text, family) {
        Some(packets) => Ok(Some(Test::transport(packets))),
        None => Err(wrong(&word.text, &word.span, "no ICMP type")),
    }
}

/// `--ctstate` and `--state`; connections with translated addresses cannot be told.
pub(super) fn states(given: &Given) -> Reading {
    let Some(word) = given.values.first() else { return Ok(None) };
    let mut known = States::of(&[]);
    let mut either = Vec::new();
    for (item, span) in items(word) {
        let name = item.to_ascii_uppercase();
        match name.as_str() {
            "NEW" => known = known.union(States::TRACKED_NEW),
            "ESTABLISHED" => known = known.union(States::ESTABLISHED),
            "RELATED" => known = known.union(States::RELATED),
            "INVALID" => known = known.union(States::INVALID),
            "UNTRACKED" => known = known.union(States::UNTRACKED),
            "SNAT" | "DNAT" => either.push(Test::unknown(format!("-m conntrack --ctstate {name}"))),
            _ => return Err(wrong(item, &span, "no state of a connection")),
        }
    }
    either.push(Test::states(known));
    Ok(Some(Test::Any(either)))
}

/// `--src-range` and `--dst-range`.
pub(super) fn range(given: &Given, family: Family) -> Reading {
    let Some(word) = given.values.first() else { return Ok(None) };
    let way = if given.name == "src-range" { Way::From } else { Way::To };
    match value::range(&word.text, family) {
        Value::Known(set) => Ok(Some(Test::addresses(way, family, set))),
        Value::Name => Ok(None),
        Value::Wrong(why) => Err(wrong(&word.text, &word.span, why)),
    }
}

/// `--match-set`.
pub(super) fn member(given: &Given, text: &str) -> Reading {
    let [set, ways] = given.values.as_slice() else { return Ok(None) };
    let mut read = Vec::new();
    for (item, span) in items(ways) {
        read.push(match item {
            "src" => Way::From,
            "dst" => Way::To,
            _ => return Err(wrong(item, &span, "neither `src` nor `dst`")),
        });
    }
    Ok(Some(Test::Member(Membership { set: set.text.clone(), ways: read, text: text.to_owned() })))
}

/// The items of a list with commas, and where they stand as far as the word has no quotes.
fn items(word: &Word) -> impl Iterator<Item = (&str, Range<usize>)> {
    let plain = word.span.len() == word.text.len();
    let mut start = word.span.start;
    word.text.split(',').map(move |item| {
        let span = start..start + item.len();
        start = span.end + 1;
        (item, if plain { span } else { word.span.clone() })
    })
}

fn wrong(item: &str, span: &Range<usize>, why: &str) -> Fault {
    Fault::new(span, format!("`{item}` is {why}"))
}
