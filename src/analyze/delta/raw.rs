//! Single differences: two lines that treat some packets differently.

use super::ChangeKind;
use super::lists::{Actor, Sheet};
use crate::packet::{Bounded, Cube, Difference, IntervalSet, Packet};

/// A difference, and who is behind it.
pub(super) struct Raw {
    pub(super) kind: ChangeKind,
    /// The outcomes of the two lines: differences of one kind may still be of another nature.
    outcomes: (Option<usize>, Option<usize>),
    pub(super) part: Cube,
    pub(super) except: Vec<Exception>,
    /// Who treats the packets in the old policy, the first one with the whole part.
    pub(super) left: Vec<Actor>,
    /// Who treats them in the new one.
    pub(super) right: Vec<Actor>,
    pub(super) packet: Packet,
}

/// A line that takes packets out of a difference.
#[derive(Clone, Debug)]
pub(super) struct Exception {
    pub(super) hand: Hand,
    line: usize,
    pub(super) cube: Cube,
    pub(super) actor: Actor,
}

/// One of the two policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hand {
    /// The old one.
    Left,
    /// The new one.
    Right,
}

/// Two lists of one kind.
pub(super) struct Sheets<'s> {
    pub(super) left: &'s Sheet,
    pub(super) right: &'s Sheet,
}

impl Sheets<'_> {
    /// A difference of the lists as one of that kind; none if a list is not what it was made as.
    pub(super) fn raw(&self, difference: Difference, kind: ChangeKind) -> Option<Raw> {
        let (left, right) = self.actors((difference.left, difference.right))?;
        let outcome = |sheet: &Sheet, line: usize| sheet.list.lines().get(line).and_then(|line| line.outcome);
        let outcomes = (outcome(self.left, difference.left), outcome(self.right, difference.right));
        let (left_except, right_except) = (&difference.left_except, &difference.right_except);
        let except = exceptions(Hand::Left, self.left, left_except);
        let except = except.chain(exceptions(Hand::Right, self.right, right_except)).collect();
        let Difference { part, packet, .. } = difference;
        Some(Raw { kind, outcomes, part, except, left: vec![left], right: vec![right], packet })
    }

    /// Who stands behind a line of each.
    pub(super) fn actors(&self, (left, right): (usize, usize)) -> Option<(Actor, Actor)> {
        Some((*self.left.actors.get(left)?, *self.right.actors.get(right)?))
    }
}

fn exceptions<'s>(hand: Hand, sheet: &'s Sheet, lines: &'s [usize]) -> impl Iterator<Item = Exception> + 's {
    let exception = move |&line: &usize| {
        let cube = sheet.list.lines().get(line)?.cube.clone();
        Some(Exception { hand, line, cube, actor: *sheet.actors.get(line)? })
    };
    lines.iter().filter_map(exception)
}

impl Raw {
    /// Whether it says nothing that another one of its kind does not say: it lies in the other's part, and nothing is
    /// taken out of it there that is not taken out of it here.
    fn is_within(&self, other: &Self) -> bool {
        let own = |exception: &Exception| {
            self.except.iter().any(|own| (own.hand, own.line) == (exception.hand, exception.line))
        };
        self.kind == other.kind
            && self.outcomes == other.outcomes
            && self.part.is_subset(&other.part)
            && other.except.iter().all(|exception| !exception.cube.overlaps(&self.part) || own(exception))
    }

    /// Who is behind it on one side.
    pub(super) fn actors(&self, hand: Hand) -> &[Actor] {
        match hand {
            Hand::Left => &self.left,
            Hand::Right => &self.right,
        }
    }

    /// The same difference with as much as possible of its exceptions cut off its part, as long as that stays a box.
    /// `stays` says which exceptions are not worth it.
    pub(super) fn trimmed(mut self, stays: impl Fn(&Exception) -> bool) -> Self {
        loop {
            let before = self.except.len();
            let part = &mut self.part;
            self.except.retain(|exception| !is_cut_off(part, exception, stays(exception)));
            if self.except.len() == before {
                return self;
            }
        }
    }

    /// How large its part is, on a logarithmic scale.
    pub(super) fn bits(&self) -> u32 {
        let Cube { states, incoming, outgoing, source, destination, transport, source_ports, .. } =
            &self.part;
        let addresses = bits(source) + bits(destination);
        let rest = bits(transport) + bits(source_ports) + bits(incoming) + bits(outgoing);
        let states = states.iter().count().checked_ilog2().unwrap_or(0);
        addresses + rest + states
    }
}

/// Whether nothing of an exception is left in a part: nothing was, or it could be cut off.
fn is_cut_off(part: &mut Cube, exception: &Exception, stays: bool) -> bool {
    if !exception.cube.overlaps(part) {
        return true;
    }
    match <[Cube; 1]>::try_from(part.subtract(&exception.cube)) {
        Ok([rest]) if !stays => {
            *part = rest;
            true
        }
        Ok(_) | Err(_) => false,
    }
}

/// The bits it takes to count the numbers of a set.
fn bits<T: Bounded>(set: &IntervalSet<T>) -> u32 {
    let length = |&(first, last): &(T, T)| (last.widen() - first.widen()).saturating_add(1);
    let count = set.intervals().iter().map(length).fold(0, u128::saturating_add);
    u128::BITS - count.leading_zeros()
}

/// The differences without those that larger ones say too; those take over who is behind them. The largest first.
pub(super) fn absorbed(mut raws: Vec<Raw>) -> Vec<Raw> {
    /// Larger ones that are looked at: enough for a rule that opens something to everybody.
    const LARGEST: usize = 64;
    raws.sort_by_key(|raw| std::cmp::Reverse(raw.bits()));
    let mut kept: Vec<Raw> = Vec::new();
    for raw in raws {
        match kept.iter_mut().take(LARGEST).find(|larger| raw.is_within(larger)) {
            Some(larger) => {
                larger.left.extend(raw.left);
                larger.right.extend(raw.right);
            }
            None => kept.push(raw),
        }
    }
    kept
}
