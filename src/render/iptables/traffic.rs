//! Protocols, ports and ICMP types as `iptables` arguments.

use crate::model::{Term, Traffic};
use crate::packet::{Family, ICMP, ICMPV6, IntervalSet, TCP, UDP, every_code};
use crate::render::piece::{Piece, piece};
use crate::render::protocols::Protocols;

/// A choice of arguments: one of them holds. Never empty.
pub(super) type Choice = Vec<Piece>;

/// What one protocol of a traffic asks: all of the choices, and of each choice one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    /// `-p` with the protocol; none for every protocol. Every rule that asks for ports or types needs it.
    pub(super) protocol: Option<Piece>,
    /// The other arguments.
    pub(super) choices: Vec<Choice>,
    /// The kind of protocol, for refusals.
    pub(super) protocols: Protocols,
}

/// `multiport` takes 15 ports, and a range counts as two.
const SLOTS: usize = 15;

/// What a traffic asks in one family, one for each protocol.
///
/// # Errors
/// What iptables would read as more than what was meant.
pub(super) fn asks(traffic: &Traffic, family: Family) -> Result<Vec<Ask>, &'static str> {
    traffic.terms().iter().filter(|term| term.exists_in(family)).map(ask).collect()
}

fn ask(term: &Term) -> Result<Ask, &'static str> {
    let (protocol, choices) = match term {
        Term::Any => {
            return Ok(Ask { protocol: None, choices: Vec::new(), protocols: Protocols::Mixed });
        }
        Term::Protocol(0) => return Err("iptables reads protocol 0 as every protocol"),
        Term::Icmp(kinds) if !kinds.is_full() && holds_type(kinds, 255) => {
            return Err("iptables reads ICMP type 255 as every type");
        }
        Term::Protocol(number) => (*number, Vec::new()),
        Term::Ports { protocol, source, destination } => (*protocol, ports(source, destination)),
        Term::Icmp(kinds) => (ICMP, types("icmp", "--icmp-type", kinds)),
        Term::Icmpv6(kinds) => (ICMPV6, types("icmp6", "--icmpv6-type", kinds)),
    };
    let argument = piece!("-p {}", name(protocol));
    Ok(Ask { protocol: Some(argument), choices, protocols: Protocols::of([protocol]) })
}

/// The side with one port or range comes first: behind `-m multiport`, `--dport` would be short for its `--dports`.
fn ports(source: &IntervalSet<u16>, destination: &IntervalSet<u16>) -> Vec<Choice> {
    let mut sides = [("--sport", "--sports", source), ("--dport", "--dports", destination)];
    sides.sort_by_key(|(_, _, ports)| ports.intervals().len() > 1);
    sides
        .into_iter()
        .filter(|(_, _, ports)| !ports.is_full())
        .map(|(one, many, ports)| lists(one, many, ports))
        .collect()
}

/// The ports in as few arguments as `multiport` can take them.
fn lists(one: &'static str, many: &'static str, ports: &IntervalSet<u16>) -> Choice {
    if let [interval] = ports.intervals() {
        return vec![piece!("{} {}", Piece::literal(one), range(*interval))];
    }
    let (mut choice, mut list, mut used) = (Vec::new(), Vec::new(), 0);
    for &(first, last) in ports.intervals() {
        let slots = if first == last { 1 } else { 2 };
        if used + slots > SLOTS {
            choice.push(multiport(many, std::mem::take(&mut list)));
            used = 0;
        }
        list.push(range((first, last)));
        used += slots;
    }
    choice.push(multiport(many, list));
    choice
}

fn multiport(option: &'static str, list: Vec<Piece>) -> Piece {
    piece!("-m multiport {} {}", Piece::literal(option), Piece::join(list, ","))
}

fn range((first, last): (u16, u16)) -> Piece {
    if first == last { piece!("{}", first) } else { piece!("{}:{}", first, last) }
}

/// Types, or types with codes where not every code is meant, one argument each.
fn types(extension: &'static str, option: &'static str, kinds: &IntervalSet<u16>) -> Vec<Choice> {
    let argument = |value| piece!("-m {} {} {}", Piece::literal(extension), Piece::literal(option), value);
    let of_type = |number: u8| {
        let meant = kinds.intersect(&every_code(number));
        if meant == every_code(number) {
            return vec![piece!("{}", number)];
        }
        let each = meant.intervals().iter().flat_map(|&(first, last)| first..=last);
        each.map(u16::to_be_bytes).map(|[number, code]| piece!("{}/{}", number, code)).collect()
    };
    if kinds.is_full() {
        return Vec::new();
    }
    vec![(0..=u8::MAX).flat_map(of_type).map(argument).collect()]
}

fn holds_type(kinds: &IntervalSet<u16>, number: u8) -> bool {
    kinds.overlaps(&every_code(number))
}

/// iptables knows these without `/etc/protocols`.
fn name(protocol: u8) -> Piece {
    match protocol {
        TCP => piece!("tcp"),
        UDP => piece!("udp"),
        ICMP => piece!("icmp"),
        ICMPV6 => piece!("ipv6-icmp"),
        other => piece!("{}", other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(term: Term, family: Family) -> Vec<Vec<String>> {
        let asks = asks(&Traffic::of([term]).unwrap(), family).unwrap();
        let choices = asks
            .iter()
            .flat_map(|ask| ask.protocol.clone().map(|one| vec![one]).into_iter().chain(ask.choices.clone()));
        choices.map(|choice| choice.iter().map(ToString::to_string).collect()).collect()
    }

    fn tcp(ports: impl IntoIterator<Item = (u16, u16)>) -> Term {
        let destination = IntervalSet::from_intervals(ports);
        Term::Ports { protocol: TCP, source: IntervalSet::full(), destination }
    }

    #[test]
    fn ports_are_one_argument_up_to_fifteen_slots() {
        assert_eq!(said(tcp([(25, 25)]), Family::V4), [["-p tcp"], ["--dport 25"]]);
        assert_eq!(said(tcp([(9000, 9010)]), Family::V4), [["-p tcp"], ["--dport 9000:9010"]]);
        let two = said(tcp([(25, 25), (30, 40)]), Family::V4);
        assert_eq!(two, [["-p tcp"], ["-m multiport --dports 25,30:40"]]);
    }

    #[test]
    fn one_port_stands_before_a_list_of_the_other_side() {
        let source = IntervalSet::from_intervals([(20, 20), (123, 123)]);
        let term = Term::Ports { protocol: TCP, source, destination: IntervalSet::range(1024, 65535) };
        let arguments = [["-p tcp"], ["--dport 1024:65535"], ["-m multiport --sports 20,123"]];
        assert_eq!(said(term, Family::V4), arguments);
    }

    #[test]
    fn longer_lists_are_cut() {
        let slots = |argument: &String| argument.matches([',', ':']).count() + 1;
        let single = said(tcp((1..=31).map(|port| (port * 2, port * 2))), Family::V4);
        assert_eq!(single[1].iter().map(slots).collect::<Vec<_>>(), [15, 15, 1]);
        let ranges = said(tcp((1..=8).map(|port| (port * 10, port * 10 + 1))), Family::V4);
        assert_eq!(ranges[1].iter().map(slots).collect::<Vec<_>>(), [14, 2]);
    }

    #[test]
    fn icmp_types_are_numbers_with_codes_where_needed() {
        let kinds = IntervalSet::from_intervals([(0x0304, 0x0304), (0x0800, 0x08ff)]);
        let arguments = ["-m icmp --icmp-type 3/4", "-m icmp --icmp-type 8"];
        assert_eq!(said(Term::Icmp(kinds.clone()), Family::V4), [vec!["-p icmp"], arguments.to_vec()]);
        assert_eq!(said(Term::Icmpv6(IntervalSet::full()), Family::V6), [["-p ipv6-icmp"]]);
        assert!(asks(&Traffic::of([Term::Icmp(kinds)]).unwrap(), Family::V6).unwrap().is_empty());
    }

    #[test]
    fn numbers_that_mean_everything_to_iptables_are_refused() {
        let refused = |term| asks(&Traffic::of([term]).unwrap(), Family::V4).is_err();
        assert!(refused(Term::Protocol(0)));
        assert!(refused(Term::Icmp(IntervalSet::range(0xff00, 0xffff))));
        assert!(refused(Term::Icmp(IntervalSet::single(0xff00))));
        assert!(!refused(Term::Icmp(IntervalSet::full())));
    }
}
