//! Hosts between which a protocol passes with TLS and without: a client may be pushed from one to the other.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry::Vacant;

use super::{Context, Packets};
use crate::analyze::{Decider, Hit};
use crate::packet::{Cube, IntervalSet};

/// Two ways between the same source and destination.
#[derive(Debug)]
pub(super) struct Downgrade<'p> {
    /// Who lets the protocol pass without TLS.
    pub(super) cleartext: Decider<'p>,
    /// Who lets it pass with TLS.
    pub(super) secure: Decider<'p>,
}

/// Every rule or default that lets the cleartext port out of the site, between some source and destination between
/// which the secure port passes too; source ports may differ.
pub(super) fn downgrades<'p>(context: &Context<'p>, secure: u16, cleartext: u16) -> Vec<Downgrade<'p>> {
    let mut found = BTreeMap::new();
    let open = context.outward().tcp(&[cleartext]);
    for (cube, index, entry) in context.candidates(&open) {
        if let Vacant(place) = found.entry(Decider::key(entry))
            && let Some(downgrade) = downgrade(context, cube, index, secure)
        {
            place.insert(downgrade);
        }
    }
    found.into_values().collect()
}

/// Some source and destination for which the entry decides the box, and between which the secure port passes.
fn downgrade<'p>(context: &Context<'p>, cube: &Cube, index: usize, secure: u16) -> Option<Downgrade<'p>> {
    let decisions = context.decisions();
    let own = context.policy().entries.get(index)?.cubes();
    let mut rest: Vec<Cube> = own.iter().filter_map(|own| own.intersect(cube)).collect();
    rest.retain(|part| accepting(context, part, secure).is_some());
    while let Some(part) = rest.pop() {
        let Some(decided) = decisions.hit(index, &part) else { continue };
        if let Some(secure) = accepting(context, &decided.part, secure) {
            let [cleartext, secure] = [decided, secure].map(|hit| Decider::new(context.policy(), hit));
            return Some(Downgrade { cleartext, secure });
        }
        rest.extend(part.subtract(&decided.part));
    }
    None
}

/// Who accepts a port between the sources and destinations of a box.
fn accepting<'p>(context: &Context<'p>, between: &Cube, port: u16) -> Option<Hit<'p>> {
    let anything =
        Cube { transport: IntervalSet::full(), source_ports: IntervalSet::full(), ..between.clone() };
    let question = Packets::new(vec![anything]).tcp(&[port]);
    let decisions = context.decisions();
    let first = |cube| decisions.candidates(cube).into_iter().find_map(|index| decisions.hit(index, cube));
    question.cubes().iter().find_map(first)
}
