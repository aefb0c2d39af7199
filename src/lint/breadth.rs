//! How many addresses a permission speaks about.

use crate::analyze::Decisions;
use crate::packet::{Cube, Family, IntervalSet};

/// Which addresses of a packet are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Where packets come from.
    Source,
    /// Where packets go.
    Destination,
}

/// How many separate pieces are added up before a permission counts as broad anyway: nobody writes a list that
/// falls apart into more, and a list that long is broad in its own way.
const MOST_PIECES: usize = 1024;

/// Whether an entry decides packets of the question for more addresses at that end than a list that somebody
/// keeps would hold: more than 65,536 IPv4 or 2⁷² IPv6 addresses, as a /16 and a /56 hold. Entries before it are
/// taken into account.
pub(super) fn is_broad(decisions: &Decisions<'_>, index: usize, question: &Cube, end: End) -> bool {
    if !speaks_broadly(decisions, index, question, end) {
        return false;
    }
    let mut rest = question.clone();
    let mut seen = IntervalSet::empty();
    for _ in 0..MOST_PIECES {
        let Some(hit) = decisions.hit(index, &rest) else { return false };
        let found = end.of(&hit.part).clone();
        seen = seen.union(&found);
        if is_many(&seen, question.family) {
            return true;
        }
        end.set(&mut rest, |left| left.subtract(&found));
    }
    true
}

/// Whether an entry speaks about that many addresses of the question, whatever earlier entries leave it.
fn speaks_broadly(decisions: &Decisions<'_>, index: usize, question: &Cube, end: End) -> bool {
    let spoken = decisions.cubes_of(index).filter_map(|cube| cube.intersect(question));
    let all = spoken.fold(IntervalSet::empty(), |all, cube| all.union(end.of(&cube)));
    is_many(&all, question.family)
}

/// Whether a set holds more addresses than a list that somebody keeps would.
pub(super) fn is_many(set: &IntervalSet<u128>, family: Family) -> bool {
    size(set) > most(family)
}

/// The most addresses that are still a list of known networks.
fn most(family: Family) -> u128 {
    match family {
        Family::V4 => 1 << 16,
        Family::V6 => 1 << 72,
    }
}

/// How many addresses a set holds; the greatest number for the one set that holds more.
pub(super) fn size(set: &IntervalSet<u128>) -> u128 {
    let lengths = set.intervals().iter().map(|&(start, end)| (end - start).saturating_add(1));
    lengths.fold(0, u128::saturating_add)
}

impl End {
    fn of(self, cube: &Cube) -> &IntervalSet<u128> {
        match self {
            Self::Source => &cube.source,
            Self::Destination => &cube.destination,
        }
    }

    fn set(self, cube: &mut Cube, change: impl Fn(&IntervalSet<u128>) -> IntervalSet<u128>) {
        let field = match self {
            Self::Source => &mut cube.source,
            Self::Destination => &mut cube.destination,
        };
        *field = change(field);
    }
}
