//! How many addresses a permission speaks about.

use crate::analyze::Decisions;
use crate::model::{Policy, Trust};
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

/// How many addresses at one end are as good as everybody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Many {
    end: End,
    v4: u128,
    v6: u128,
}

impl Many {
    /// Everybody outside: more addresses than a list holds (see [`is_broad`]), or all of the largest untrusted zone, if that has
    /// fewer.
    pub(super) fn outside(policy: &Policy, end: End) -> Self {
        let of = |family| {
            let outside = policy.zones.iter().filter(|zone| zone.trust == Trust::Untrusted);
            let largest = outside.map(|zone| size(zone.addresses.of(family))).max();
            largest.filter(|size| *size > 0).map_or(most(family), |size| size.min(most(family)))
        };
        Self { end, v4: of(Family::V4), v6: of(Family::V6) }
    }

    /// Whether packets of that many addresses are accepted, by whomever. The boxes are of one family.
    pub(super) fn pass(self, decisions: &Decisions<'_>, boxes: &[Cube]) -> bool {
        let mut seen = IntervalSet::empty();
        boxes.iter().any(|cube| self.adds_up(decisions, cube, &mut seen))
    }

    /// Adds the addresses whose packets of a box are accepted to those seen before, until they are enough.
    fn adds_up(self, decisions: &Decisions<'_>, cube: &Cube, seen: &mut IntervalSet<u128>) -> bool {
        let enough = if cube.family == Family::V4 { self.v4 } else { self.v6 };
        let mut rest = cube.clone();
        for _ in 0..MOST_PIECES {
            let Some(hit) = decisions.first_accepting(&rest) else { return false };
            let found = self.end.of(&hit.part).clone();
            *seen = seen.union(&found);
            if size(seen) >= enough {
                return true;
            }
            self.end.set(&mut rest, |left| left.subtract(&found));
        }
        true
    }
}

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
    /// The other one.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Source => Self::Destination,
            Self::Destination => Self::Source,
        }
    }

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
