//! What pf must be told about packets that open no flow, because it tracks connections less strictly than Linux.
//!
//! Linux's connection tracking calls an ICMP message new only if it is a query; a reply or an error about no
//! known flow is invalid, and so is any other type. pf would let all of these open a state. So whatever is
//! neither a query nor accepted whatever its state is dropped, once states and baseline have had their look.

use std::collections::BTreeSet;

use super::clause::{Grouping, clauses};
use super::rule::{Action, Direction, Packets, Rule};
use crate::model::{BaselinePart, Entry, Origin, Policy, Term, Traffic};
use crate::packet::{Family, IntervalSet, every_code};
use crate::render::piece::{Piece, piece};

/// The tag of ICMP messages that have no business here.
const STRAY: &str = "mw_stray";

/// ICMP types.
pub(super) type Types = BTreeSet<u8>;

/// Queries, which open a flow (Linux: `nf_conntrack_proto_icmp.c` and `nf_conntrack_proto_icmpv6.c`).
fn queries(family: Family) -> Types {
    match family {
        Family::V4 => Types::from([8, 13, 15, 17]),
        Family::V6 => Types::from([128, 139]),
    }
}

/// Errors, which may belong to a known flow.
pub(super) fn errors(family: Family) -> Types {
    match family {
        Family::V4 => Types::from([3, 4, 5, 11, 12]),
        Family::V6 => Types::from([1, 2, 3, 4]),
    }
}

/// The types of entries that come from some parts of the baseline.
pub(super) fn types_of<'p>(
    entries: impl IntoIterator<Item = &'p Entry>,
    family: Family,
    parts: &[BaselinePart],
) -> Types {
    let of = |entry: &&Entry| matches!(entry.origin, Origin::Baseline(part) if parts.contains(&part));
    let terms = entries.into_iter().filter(of).flat_map(|entry| entry.when.traffic.terms());
    terms.flat_map(|term| types(term, family)).collect()
}

fn types(term: &Term, family: Family) -> Types {
    let kinds = match (term, family) {
        (Term::Icmp(kinds), Family::V4) | (Term::Icmpv6(kinds), Family::V6) => kinds.intervals(),
        _ => &[],
    };
    let numbers = |&(first, last): &(u16, u16)| [first, last].map(|kind| kind.to_be_bytes()[0]);
    kinds.iter().map(numbers).flat_map(|[first, last]| first..=last).collect()
}

/// Types that are judged whatever their connection state.
fn stateless(policy: &Policy, family: Family) -> Types {
    let parts = [BaselinePart::NeighbourDiscovery, BaselinePart::IcmpErrors];
    errors(family).union(&types_of(&policy.entries, family, &parts)).copied().collect()
}

/// Drops ICMP of every type that neither opens a flow nor is judged later, among packets with a tag.
///
/// pf has no list of types that are not meant: all ICMP loses its tag, and what may stay gets it back.
pub(super) fn drop_strays(direction: Direction, tag: &Piece, dropping: &Rule, policy: &Policy) -> Vec<Rule> {
    let stray = || Piece::literal(STRAY);
    let retag = |packets: Packets, from: &Piece, to: Piece| Rule {
        packets,
        tagged: Some(piece!("tagged {}", *from)),
        tag: Some(to),
        ..Rule::new(Action::Match, direction)
    };
    let every = (0..=u8::MAX).collect();
    let kept = |family| stateless(policy, family).union(&queries(family)).copied().collect();
    let lose = Family::ALL.into_iter().flat_map(|family| messages(family, &every));
    let lose = lose.map(|packets| retag(packets, tag, stray()));
    let keep = Family::ALL.into_iter().flat_map(|family| messages(family, &kept(family)));
    let keep = keep.map(|packets| retag(packets, &stray(), tag.clone()));
    let rest = Rule { tagged: Some(piece!("tagged {}", stray())), direction, ..dropping.clone() };
    lose.chain(keep).chain([rest]).collect()
}

/// The `not-new` guard: whatever is left of packets that open no flow and belong to none. Errors about nothing are
/// dropped as Linux does with what it calls invalid.
pub(super) fn drop_not_new(not_new: &Rule, invalid: &Rule, policy: &Policy) -> Vec<Rule> {
    // A SYN without ACK, FIN and RST opens a flow; each rule finds one way not to be one.
    let flags = ["/S", "A/A", "F/F", "R/R"].map(|flags| Packets {
        protocol: Some(Piece::literal("tcp")),
        flags: Some(piece!("flags {}", Piece::literal(flags))),
        ..Packets::default()
    });
    let about_nothing = Family::ALL.into_iter().flat_map(|family| messages(family, &errors(family)));
    let about_nothing = about_nothing.map(|packets| Rule { packets, ..invalid.clone() });
    let rest = Family::ALL.into_iter().flat_map(|family| {
        let rest = stateless(policy, family).difference(&errors(family)).copied().collect();
        messages(family, &rest)
    });
    let not_new = |packets| Rule { packets, ..not_new.clone() };
    about_nothing.chain(flags.into_iter().chain(rest).map(not_new)).collect()
}

/// ICMP messages of these types; nothing for no types.
pub(super) fn messages(family: Family, types: &Types) -> Vec<Packets> {
    let kinds =
        IntervalSet::from_intervals(types.iter().flat_map(|&number| every_code(number).intervals().to_vec()));
    let term = match family {
        Family::V4 => Term::Icmp(kinds),
        Family::V6 => Term::Icmpv6(kinds),
    };
    let clauses = clauses(&Traffic::one(term), Grouping::Together);
    let packets = clauses.into_iter().flat_map(|clause| clause.packets());
    packets.map(|packets| Packets { family: Some(family), ..packets }).collect()
}
