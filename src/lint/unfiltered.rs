//! Sources from which everything may leave.

use super::Context;
use crate::analyze::{Certainty, Hit};
use crate::catalog;
use crate::model::Addresses;
use crate::packet::{Cube, Family, Hook, IntervalSet, TCP, UDP, transport, transports};

/// A port that IANA reserves and no service uses: whoever accepts it accepts everything that nobody thought of.
const UNNAMED: u16 = 49_151;

/// The entries by which everything may leave: for some source and some way through this machine every TCP and UDP
/// port of every public destination is accepted, and this entry accepts what no service list names. What a rule on
/// an exception accepts does not count as accepted.
pub(super) fn everything<'p>(context: &Context<'p>) -> Vec<Hit<'p>> {
    let ways = context.outward().in_hook(Hook::Forward).only_to(&public()).transport(&every_port());
    ways.cubes()
        .iter()
        .filter_map(|way| unfiltered(context, way))
        .filter_map(|open| who(context, &open))
        .collect()
}

/// Sources and interfaces of the box for which all of it is accepted.
fn unfiltered(context: &Context<'_>, way: &Cube) -> Option<Cube> {
    who(context, way)?;
    let mut rest = vec![way.clone()];
    while let Some(candidate) = rest.pop() {
        let Some(refused) = refused(context, &candidate) else { return Some(candidate) };
        let held = Cube {
            incoming: refused.part.incoming,
            outgoing: refused.part.outgoing,
            source: refused.part.source,
            ..candidate.clone()
        };
        rest.extend(candidate.subtract(&held));
    }
    None
}

/// Something of the box that is surely refused, or let pass on an exception only. In doubt nothing is.
fn refused<'p>(context: &Context<'p>, candidate: &Cube) -> Option<Hit<'p>> {
    let decisions = context.decisions();
    let excepted = || decisions.accepting(candidate).into_iter().find(|hit| context.is_excepted(hit));
    let proven = |hit: &Hit<'_>| hit.certainty == Certainty::Proven;
    decisions.refusing(candidate).filter(proven).or_else(excepted)
}

/// Who accepts a port of the box that no service list names.
fn who<'p>(context: &Context<'p>, cube: &Cube) -> Option<Hit<'p>> {
    let unnamed = IntervalSet::single(transport(TCP, UNNAMED));
    let question = Cube { transport: cube.transport.intersect(&unnamed), ..cube.clone() };
    context.hits(&question).next()
}

/// Every port of TCP and UDP. Other protocols do not count: a list that only leaves them out is no egress policy.
fn every_port() -> IntervalSet<u32> {
    let ports = IntervalSet::full();
    transports(TCP, &ports).union(&transports(UDP, &ports))
}

/// The destinations that count: public ones. A zone that leaves out private and reserved blocks is still all of the
/// Internet.
fn public() -> Addresses {
    let unicast = Addresses {
        v4: Family::V4.every_address(),
        v6: IntervalSet::range(0x2 << 124, (0x4 << 124) - 1), // 2000::/3, RFC 4291 §2.4
    };
    let special = ["bogons", "sixtofour", "teredo"].into_iter().filter_map(catalog::network);
    special.fold(unicast, |rest, network| rest.subtract(&network.addresses()))
}
