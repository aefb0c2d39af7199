//! The sets: filled beside the ones in use and then swapped with them, so that no packet meets a half-filled set.

use minijinja::{Value, context};

use crate::packet::Family;
use crate::render::addresses::{NamedSet, prefixes};
use crate::render::piece::{Piece, piece, values};

/// Members of a set at most. The same for every set: `create -exist` takes a set that is there only if the limits
/// are equal, so a limit that grew with the members would break reloading. It costs nothing until it is needed.
pub(super) const MOST_MEMBERS: usize = 1 << 20;

/// The members: prefixes, since `hash:net` knows no ranges. `/0` is not among them, which it could not hold: a
/// condition that holds for every address is none.
pub(super) fn members(set: &NamedSet) -> Vec<Piece> {
    let intervals = set.addresses.intervals().iter();
    intervals.flat_map(|&interval| prefixes(set.family, interval)).map(|net| piece!("{}", net)).collect()
}

/// The view of one set.
pub(super) fn view(name: Piece, family: Family, members: Vec<Piece>) -> Value {
    let family = match family {
        Family::V4 => piece!("inet"),
        Family::V6 => piece!("inet6"),
    };
    context! {
        name => Value::from(name),
        family => Value::from(family),
        most => MOST_MEMBERS,
        members => values(members),
    }
}
