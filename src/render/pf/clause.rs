//! Protocols, ports and ICMP types as pf says them.

use super::rule::{Opening, Options, Packets, list};
use crate::model::{Term, Traffic};
use crate::packet::{Family, ICMP, ICMPV6, IntervalSet, TCP, UDP, every_code};
use crate::render::piece::{Piece, piece};

/// IGMP. All its messages carry the router alert option (RFC 2236 §2).
const IGMP: u8 = 2;

/// The most items of one list. pf makes a rule of each; shorter lists keep lines readable.
const LONGEST_LIST: usize = 64;

/// A part of a rule's traffic that fits into one rule of pf, long lists apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Protocol numbers; none for all of them.
    protocols: Vec<u8>,
    /// Source ports.
    source: IntervalSet<u16>,
    /// Destination ports, or ICMP types and codes.
    destination: IntervalSet<u16>,
}

/// Whether TCP is kept apart from other protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grouping {
    /// No: one rule for everything with the same ports.
    Together,
    /// Yes: TCP comes first and by itself, since it is answered in its own way.
    TcpApart,
}

/// The clauses of a traffic.
pub(super) fn clauses(traffic: &Traffic, grouping: Grouping) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for clause in traffic.terms().iter().map(Clause::of) {
        match clauses.iter_mut().find(|other| other.joins(&clause, grouping)) {
            Some(other) => other.protocols.extend(clause.protocols),
            None => clauses.push(clause),
        }
    }
    if grouping == Grouping::TcpApart && traffic.terms().contains(&Term::Any) {
        clauses.insert(0, Clause::protocol(TCP));
    }
    clauses
}

impl Clause {
    fn of(term: &Term) -> Self {
        match term {
            Term::Any => Self { protocols: Vec::new(), ..Self::protocol(TCP) },
            Term::Ports { protocol, source, destination } => {
                Self { protocols: vec![*protocol], source: source.clone(), destination: destination.clone() }
            }
            Term::Icmp(kinds) => Self { destination: kinds.clone(), ..Self::protocol(ICMP) },
            Term::Icmpv6(kinds) => Self { destination: kinds.clone(), ..Self::protocol(ICMPV6) },
            Term::Protocol(number) => Self::protocol(*number),
        }
    }

    fn protocol(number: u8) -> Self {
        Self { protocols: vec![number], source: IntervalSet::full(), destination: IntervalSet::full() }
    }

    /// Whether both fit into one rule: protocols with the same ports, ICMP and IGMP always apart.
    fn joins(&self, other: &Self, grouping: Grouping) -> bool {
        let alone = |number: &u8| matches!(*number, ICMP | ICMPV6 | IGMP);
        let tcp = |clause: &Self| clause.protocols.contains(&TCP);
        let special = [self, other].iter().any(|c| c.protocols.is_empty() || c.protocols.iter().any(alone));
        let mixed = grouping == Grouping::TcpApart && tcp(self) != tcp(other);
        !special && !mixed && self.source == other.source && self.destination == other.destination
    }

    /// TCP and nothing else.
    pub(super) fn is_tcp(&self) -> bool {
        self.protocols == [TCP]
    }

    /// The one family it exists in, if it does not exist in both.
    pub(super) fn family(&self) -> Option<Family> {
        match *self.protocols {
            [ICMP] => Some(Family::V4),
            [ICMPV6] => Some(Family::V6),
            _ => None,
        }
    }

    /// The conditions, cut where a list is long: together they match what the clause means.
    pub(super) fn packets(&self) -> Vec<Packets> {
        if self.source.is_empty() || self.destination.is_empty() {
            // No condition would mean everything.
            return Vec::new();
        }
        let protocols: Vec<Piece> = self.protocols.iter().map(|&number| protocol(number)).collect();
        let options = if self.protocols == [IGMP] { Options::Allowed } else { Options::Blocked };
        let is_tcp = self.protocols.is_empty() || self.protocols.contains(&TCP);
        let opening = if is_tcp { Opening::Syn } else { Opening::Any };
        let base = Packets { protocol: list(&protocols), options, opening, ..Packets::default() };
        match *self.protocols {
            [ICMP] => kinds(&self.destination, Family::V4, &base),
            [ICMPV6] => kinds(&self.destination, Family::V6, &base),
            _ => self.ports(&base),
        }
    }

    fn ports(&self, base: &Packets) -> Vec<Packets> {
        let destinations = chunks(&port_items(&self.destination));
        let pairs = chunks(&port_items(&self.source))
            .into_iter()
            .flat_map(|from| destinations.iter().map(move |to| (from.clone(), to.clone())));
        pairs.map(|(from_ports, to_ports)| Packets { from_ports, to_ports, ..base.clone() }).collect()
    }
}

/// The condition on ICMP types and codes, with its keyword, cut where the list is long.
fn kinds(kinds: &IntervalSet<u16>, family: Family, base: &Packets) -> Vec<Packets> {
    let items = if kinds.is_full() { Vec::new() } else { kind_items(kinds) };
    let keyword = Piece::literal(match family {
        Family::V4 => "icmp-type",
        Family::V6 => "icmp6-type",
    });
    let packets = |operand: Option<Piece>| Packets {
        kinds: operand.map(|operand| piece!("{} {}", keyword, operand)),
        ..base.clone()
    };
    chunks(&items).into_iter().map(packets).collect()
}

/// Whole types by their number, the rest as type and code.
fn kind_items(kinds: &IntervalSet<u16>) -> Vec<Piece> {
    let of_type = |number: u8| {
        let some = kinds.intersect(&every_code(number));
        let each = some.intervals().iter().flat_map(|&(first, last)| first..=last);
        if some == every_code(number) {
            vec![piece!("{}", number)]
        } else {
            each.map(|kind| piece!("{} code {}", number, kind & 0xff)).collect()
        }
    };
    (0..=u8::MAX).flat_map(of_type).collect()
}

fn port_items(ports: &IntervalSet<u16>) -> Vec<Piece> {
    let item = |&(first, last): &(u16, u16)| {
        if first == last { piece!("{}", first) } else { piece!("{}:{}", first, last) }
    };
    if ports.is_full() { Vec::new() } else { ports.intervals().iter().map(item).collect() }
}

/// The operands of a list that may be too long for one rule; one without a condition where there is no list.
fn chunks(items: &[Piece]) -> Vec<Option<Piece>> {
    if items.is_empty() { vec![None] } else { items.chunks(LONGEST_LIST).map(list).collect() }
}

/// Names where every pf knows them, numbers elsewhere.
fn protocol(number: u8) -> Piece {
    match number {
        ICMP => Piece::literal("icmp"),
        TCP => Piece::literal("tcp"),
        UDP => Piece::literal("udp"),
        ICMPV6 => Piece::literal("icmp6"),
        other => piece!("{}", other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pf::rule::{Action, Direction, Rule};

    fn ports(protocol: u8, destination: IntervalSet<u16>) -> Term {
        Term::Ports { protocol, source: IntervalSet::full(), destination }
    }

    fn lines(terms: impl IntoIterator<Item = Term>, grouping: Grouping) -> Vec<String> {
        let traffic = Traffic::of(terms).unwrap();
        let packets = clauses(&traffic, grouping).into_iter().flat_map(|clause| clause.packets());
        let line = |packets| Rule { packets, ..Rule::new(Action::PassStateless, Direction::In) }.line();
        let bare = |line: &str| line.replace("pass in quick", "").replace("no state", "").replace("  ", " ");
        packets.map(|packets| bare(line(packets).as_str()).trim().to_owned()).collect()
    }

    #[test]
    fn protocols_with_the_same_ports_share_a_rule() {
        let dns = || [ports(TCP, IntervalSet::single(53)), ports(UDP, IntervalSet::single(53))];
        assert_eq!(lines(dns(), Grouping::Together), ["proto { tcp, udp } to any port 53"]);
        let apart = ["proto tcp to any port 53", "proto udp to any port 53"];
        assert_eq!(lines(dns(), Grouping::TcpApart), apart);
    }

    #[test]
    fn ports_are_lists_with_ranges() {
        let web = IntervalSet::from_intervals([(80, 80), (8000, 8100)]);
        assert_eq!(lines([ports(TCP, web)], Grouping::Together), ["proto tcp to any port { 80, 8000:8100 }"]);
        assert_eq!(lines([ports(TCP, IntervalSet::full())], Grouping::Together), ["proto tcp"]);
    }

    #[test]
    fn icmp_is_written_in_numbers() {
        let some = IntervalSet::from_intervals([(0x0304, 0x0304), (0x0800, 0x08ff)]);
        let expected = ["proto icmp icmp-type { 3 code 4, 8 }"];
        assert_eq!(lines([Term::Icmp(some)], Grouping::Together), expected);
        assert_eq!(lines([Term::Icmpv6(IntervalSet::full())], Grouping::Together), ["proto icmp6"]);
    }

    #[test]
    fn igmp_may_carry_its_option() {
        let expected = ["proto 2 allow-opts", "proto { 47, 50 }"];
        assert_eq!(lines([2, 47, 50].map(Term::Protocol), Grouping::Together), expected);
    }

    #[test]
    fn refusing_everything_resets_tcp_first() {
        assert_eq!(lines([Term::Any], Grouping::TcpApart), ["proto tcp", ""]);
        assert_eq!(lines([Term::Any], Grouping::Together), [""]);
    }

    #[test]
    fn nothing_is_not_everything() {
        assert!(lines([ports(TCP, IntervalSet::empty())], Grouping::Together).is_empty());
        assert!(lines([Term::Icmp(IntervalSet::empty())], Grouping::Together).is_empty());
    }

    #[test]
    fn long_lists_are_cut() {
        let odd = IntervalSet::from_intervals((0..100_u16).map(|n| (2 * n + 1, 2 * n + 1)));
        assert_eq!(lines([ports(UDP, odd)], Grouping::Together).len(), 2);
    }
}
