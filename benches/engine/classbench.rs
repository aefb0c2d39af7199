//! Rule sets in `ClassBench`'s format, where somebody has some: none are part of the project.
//!
//! A line is `@source/length destination/length ports : ports ports : ports protocol/mask flags/mask`, for IPv4. To
//! make a policy of it, as our own lists are ones, four of ten rules move to IPv6, their prefixes below one /32, and
//! each gets interfaces, a connection state and an outcome. The flags are left out.

use std::io;
use std::path::Path;

use fastrand::Rng;
use mailward::packet::{Cube, Family, Hook, ICMP, ICMPV6, IntervalSet, Line, States, TCP, UDP, transports};

use super::generate::{the_rest, weighted};

/// The prefix below which a rule's addresses are in IPv6.
const V6_PREFIX: u128 = 0x2001_0db8 << 96;

/// The rule set in a file, with a last rule that denies everything else.
pub(crate) fn read(path: &Path) -> io::Result<Vec<Line>> {
    let text = std::fs::read_to_string(path)?;
    let mut rng = Rng::with_seed(5);
    let rules = text.lines().filter(|line| !line.trim().is_empty()).enumerate();
    let line = |(owner, line): (usize, &str)| {
        let broken = || io::Error::other(format!("{}:{}: no rule", path.display(), owner + 1));
        let cube = cube(line, &mut rng).ok_or_else(broken)?;
        Ok(Line { cube, owner, outcome: Some(weighted(&[70, 30], &mut rng)) })
    };
    let mut lines = rules.map(line).collect::<io::Result<Vec<Line>>>()?;
    lines.extend(the_rest(lines.len()));
    Ok(lines)
}

fn cube(line: &str, rng: &mut Rng) -> Option<Cube> {
    let words: Vec<&str> = line.strip_prefix('@')?.split_whitespace().filter(|word| *word != ":").collect();
    let [source, destination, from, to, first, last, protocol, ..] = words[..] else { return None };
    let family = if rng.u32(..100) < 40 { Family::V6 } else { Family::V4 };
    let (transport, has_ports) = transport(family, protocol, &ports(first, last)?)?;
    let interface = |rng: &mut Rng| match rng.u16(..16) {
        number @ 0..8 => IntervalSet::single(number + 1),
        _ => IntervalSet::full(),
    };
    Some(Cube {
        states: [States::NEW, States::ANY, States::ESTABLISHED][weighted(&[70, 20, 10], rng)],
        incoming: interface(rng),
        outgoing: interface(rng),
        source: prefix(family, source)?,
        destination: prefix(family, destination)?,
        transport,
        source_ports: if has_ports { ports(from, to)? } else { IntervalSet::full() },
        ..Cube::every(Hook::Forward, family)
    })
}

/// The addresses of an IPv4 prefix; in IPv6 its bits follow those of [`V6_PREFIX`], and a host is a host.
fn prefix(family: Family, word: &str) -> Option<IntervalSet<u128>> {
    let (address, length) = word.split_once('/')?;
    let address = u128::from(address.parse::<std::net::Ipv4Addr>().ok()?.to_bits());
    let length: u32 = length.parse().ok().filter(|length| *length <= 32)?;
    let (first, inside) = match (family, length) {
        (Family::V4, _) => (address, (1 << (32 - length)) - 1),
        (Family::V6, 32) => (V6_PREFIX | address << 64, 0),
        (Family::V6, _) => (V6_PREFIX | address << 64, (1 << (96 - length)) - 1),
    };
    Some(IntervalSet::range(first & !inside, first | inside))
}

fn ports(first: &str, last: &str) -> Option<IntervalSet<u16>> {
    Some(IntervalSet::range(first.parse().ok()?, last.parse().ok()?))
}

/// Protocol and destination ports, and whether the protocol has ports.
fn transport(family: Family, word: &str, ports: &IntervalSet<u16>) -> Option<(IntervalSet<u32>, bool)> {
    let (number, mask) = word.split_once('/')?;
    let hexadecimal = |word: &str| u8::from_str_radix(word.strip_prefix("0x")?, 16).ok();
    let any = IntervalSet::full();
    match (hexadecimal(mask)?, hexadecimal(number)?) {
        (0, _) => Some((Cube::every(Hook::Forward, family).transport, false)),
        (0xff, number @ (TCP | UDP)) => Some((transports(number, ports), true)),
        (0xff, ICMP) if family == Family::V6 => Some((transports(ICMPV6, &any), false)),
        (0xff, number) => Some((transports(number, &any), false)),
        _ => None,
    }
}
