//! What two first-match lists do differently.

mod changed;
mod walk;

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::{Cube, Family, Hook, List, Packet};
use changed::changed;
use walk::{Pairing, Side};

/// Everything that two lists do differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Pairs of lines that decide some packet differently, in the order of hook, family and lines.
    pub found: Vec<Difference>,
    /// Pairs of lines, left and right, of which it could not be told.
    pub undecided: Vec<(usize, usize)>,
}

/// Two lines that decide the same packets differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The number of the line that decides on the left; the number of lines there if none does.
    pub left: usize,
    /// The same on the right.
    pub right: usize,
    /// What the two lines have in common. Each of its packets that is in none of the excepted lines meets the outcome of
    /// the left line on the left and that of the right line on the right.
    pub part: Cube,
    /// Earlier lines on the left, of another outcome, that decide some of these packets.
    pub left_except: Vec<usize>,
    /// The same on the right.
    pub right_except: Vec<usize>,
    /// A packet that exactly these two lines decide.
    pub packet: Packet,
}

impl Differences {
    /// Whether both lists are known to do the same to every packet.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.found.is_empty() && self.undecided.is_empty()
    }
}

/// What two lists do differently; a packet that no line holds meets the same on both sides.
///
/// Only packets of lines that are not in both lists, in the same order, can meet something else, so that a small change
/// costs little in long lists.
#[must_use]
pub fn differences(left: &List, right: &List) -> Differences {
    let kinds: BTreeSet<(Hook, Family)> = left.kinds().chain(right.kinds()).collect();
    let each: Vec<Differences> =
        kinds.into_par_iter().map(|kind| differences_of(kind, left, right)).collect();
    let mut all = Differences::default();
    for mut one in each {
        all.found.append(&mut one.found);
        all.undecided.append(&mut one.undecided);
    }
    all
}

/// What two lists do differently with packets of a hook and family.
fn differences_of(kind: (Hook, Family), left: &List, right: &List) -> Differences {
    let mut all = Differences::default();
    let (left_lines, right_lines) = (deciding(left, kind), deciding(right, kind));
    let (from_left, from_right) = changed(left, &left_lines, right, &right_lines);
    if from_left.is_empty() && from_right.is_empty() {
        return all;
    }
    let every = Cube::every(kind.0, kind.1);
    let side = |list, numbers, changed| Side { list, numbers, changed, every: &every };
    Pairing::new(side(left, &left_lines, &from_left), side(right, &right_lines, &from_right)).walk(&mut all);
    all
}

/// The numbers of the lines of a hook and family that decide, in order.
fn deciding(list: &List, kind: (Hook, Family)) -> Vec<usize> {
    let numbers = list.numbers(kind).iter().map(|&number| number as usize);
    numbers.filter(|&number| list.lines().get(number).is_some_and(|line| line.outcome.is_some())).collect()
}
