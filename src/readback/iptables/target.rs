//! What targets do to packets.

use super::extensions;
use super::given::{Fault, Given, Target};
use super::test::Writable;
use crate::packet::Family;
use crate::readback::Fate;

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Nothing that decides: the packet goes on.
    Nothing,
    /// It logs, and the packet goes on.
    Log,
    /// The packet leaves the base chain.
    Decide(Fate),
    /// Whatever comes after this chain.
    Return,
    /// Another chain of the table, by its name; `-g` does not come back.
    Chain {
        /// Its name.
        name: String,
        /// Whether it was `-g`.
        goes: bool,
    },
    /// A program outside of the kernel says whether the packet passes or vanishes.
    Ask(String),
    /// The packet may be taken off its way.
    Take(String),
    /// Nobody knows what.
    Unknown(String),
}

/// A kind of `--reject-with`: its names, and type and code of the ICMP error.
type Kind = (&'static [&'static str], u8, u8);

/// RFC 792 and RFC 1812 §5.2.7.1, as `libipt_REJECT.c` names them.
const V4: &[Kind] = &[
    (&["icmp-net-unreachable", "net-unreach"], 3, 0),
    (&["icmp-host-unreachable", "host-unreach"], 3, 1),
    (&["icmp-proto-unreachable", "proto-unreach"], 3, 2),
    (&["icmp-port-unreachable", "port-unreach"], 3, 3),
    (&["icmp-net-prohibited", "net-prohib"], 3, 9),
    (&["icmp-host-prohibited", "host-prohib"], 3, 10),
    (&["icmp-admin-prohibited", "admin-prohib"], 3, 13),
];

/// RFC 4443 §3.1, as `libip6t_REJECT.c` names them.
const V6: &[Kind] = &[
    (&["icmp6-no-route", "no-route"], 1, 0),
    (&["icmp6-adm-prohibited", "adm-prohibited"], 1, 1),
    (&["icmp6-addr-unreachable", "addr-unreach"], 1, 3),
    (&["icmp6-port-unreachable", "port-unreach"], 1, 4),
    (&["icmp6-policy-fail", "policy-fail"], 1, 5),
    (&["icmp6-reject-route", "reject-route"], 1, 6),
];

/// What a target does that is no chain of its table.
pub(super) fn action(target: &Target, family: Family) -> Result<Action, Fault> {
    if target.goes {
        return Err(Fault::new(
            &target.name.span,
            format!("`{}` is no chain of this table", target.name.text),
        ));
    }
    Ok(match target.name.text.as_str() {
        "ACCEPT" => Action::Decide(Fate::Accept),
        "DROP" => Action::Decide(Fate::Drop),
        "REJECT" => Action::Decide(refusal(target, family)?),
        "RETURN" => Action::Return,
        "LOG" | "NFLOG" | "ULOG" => Action::Log,
        "QUEUE" | "NFQUEUE" => Action::Ask(text(target)),
        "TARPIT" | "DELUDE" | "CHAOS" | "STEAL" | "MIRROR" | "SYNPROXY" => Action::Take(text(target)),
        "TPROXY" => Action::Unknown(text(target)),
        name if extensions::of_target(name).is_some() => Action::Nothing,
        _ => Action::Unknown(text(target)),
    })
}

/// What a target writes that matches may ask for.
pub(super) fn writes(name: &str) -> &'static [Writable] {
    match name {
        "MARK" | "HMARK" | "TPROXY" => &[Writable::Mark],
        "SET" => &[Writable::Mark, Writable::Service],
        "CONNMARK" => &[Writable::Mark, Writable::ConnectionMark],
        "DSCP" | "TOS" | "ECN" => &[Writable::Service],
        "TTL" | "HL" => &[Writable::HopLimit],
        "TCPMSS" | "TCPOPTSTRIP" => &[Writable::SegmentSize],
        _ => &[],
    }
}

fn refusal(target: &Target, family: Family) -> Result<Fate, Fault> {
    let Some(given) = target.options.iter().find(|given| given.name == "reject-with") else {
        return Ok(match family {
            Family::V4 => Fate::Refuse { kind: 3, code: 3 },
            Family::V6 => Fate::Refuse { kind: 1, code: 4 },
        });
    };
    let kind = given.values.first().map(|word| word.text.to_ascii_lowercase()).unwrap_or_default();
    if !kind.is_empty() && ["tcp-reset", "tcp-rst"].iter().any(|name| name.starts_with(&kind)) {
        return Ok(Fate::Reset);
    }
    let table = match family {
        Family::V4 => V4,
        Family::V6 => V6,
    };
    let means = |(names, ..): &&Kind| !kind.is_empty() && names.iter().any(|name| name.starts_with(&kind));
    match table.iter().find(means) {
        Some(&(_, kind, code)) => Ok(Fate::Refuse { kind, code }),
        None => Err(Fault::new(&given.span, format!("`{kind}` is no kind of refusal in {}", family.name()))),
    }
}

/// A target and its options as text.
fn text(target: &Target) -> String {
    let words = |given: &Given| {
        let name = std::iter::once(format!("--{}", given.name));
        name.chain(given.values.iter().map(|word| word.text.clone())).collect::<Vec<_>>().join(" ")
    };
    let mut options: Vec<String> = target.options.iter().map(words).collect();
    options.sort();
    let name = format!("-j {}", target.name.text);
    std::iter::once(name).chain(options).collect::<Vec<_>>().join(" ")
}
