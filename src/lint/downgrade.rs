//! Hosts between which a protocol passes with TLS and without: a client may be pushed from one to the other.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Context, Packets, Permit};
use crate::analyze::Hit;
use crate::packet::{Cube, IntervalSet};

/// Two ways between the same source and destination.
#[derive(Debug)]
pub(super) struct Downgrade<'p> {
    /// Who lets the protocol pass without TLS.
    pub(super) cleartext: Permit<'p>,
    /// Who lets it pass with TLS.
    pub(super) secure: Permit<'p>,
}

/// Every rule or default that lets the cleartext port out of the site, between some source and destination between
/// which the secure port passes too; source ports may differ.
pub(super) fn downgrades<'p>(context: &Context<'p>, secure: u16, cleartext: u16) -> Vec<Downgrade<'p>> {
    let mut found = BTreeMap::new();
    for cube in context.outward().tcp(&[cleartext]).cubes() {
        for hit in context.hits(cube) {
            let key = Permit::new(context.policy(), hit.clone()).key();
            if let Entry::Vacant(place) = found.entry(key)
                && let Some(downgrade) = downgrade(context, cube, &hit, secure)
            {
                place.insert(downgrade);
            }
        }
    }
    found.into_values().collect()
}

/// Some source and destination for which the entry decides the box, and between which the secure port passes.
fn downgrade<'p>(context: &Context<'p>, cube: &Cube, hit: &Hit<'p>, secure: u16) -> Option<Downgrade<'p>> {
    let mut rest: Vec<Cube> = hit.entry.cubes().iter().filter_map(|own| own.intersect(cube)).collect();
    rest.retain(|part| accepting(context, part, secure).is_some());
    while let Some(part) = rest.pop() {
        let Some(decided) = context.decisions().hit(hit.index, &part) else { continue };
        if let Some(secure) = accepting(context, &decided.part, secure) {
            let [cleartext, secure] = [decided, secure].map(|hit| Permit::new(context.policy(), hit));
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
    question.cubes().iter().find_map(|cube| context.decisions().accepting(cube).into_iter().next())
}
