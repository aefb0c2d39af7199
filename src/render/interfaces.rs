//! Sets of interface numbers in the words that targets have.

use super::piece::{Piece, piece};
use crate::model::Interfaces;
use crate::packet::IntervalSet;

/// A condition on an interface; `lo` is the loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum InterfaceCheck {
    /// None.
    Nothing,
    /// One of these; at least one.
    OneOf(Vec<Piece>),
    /// None of these; at least one.
    NoneOf(Vec<Piece>),
}

/// The condition for a set of numbers; none if it holds some of the interfaces without a name but not all of
/// them, or no interface at all.
pub(super) fn check(set: &IntervalSet<u16>, interfaces: &Interfaces) -> Option<InterfaceCheck> {
    if set.is_full() {
        return Some(InterfaceCheck::Nothing);
    }
    let named = || std::iter::once((Interfaces::LOOPBACK, piece!("lo"))).chain(names(interfaces));
    let pick =
        |inside| named().filter(move |(number, _)| set.contains(*number) == inside).map(|(_, name)| name);
    let last = interfaces.named().last().map_or(Interfaces::LOOPBACK, |(number, _)| number);
    let unnamed =
        last.checked_add(1).map_or(IntervalSet::empty(), |first| IntervalSet::range(first, u16::MAX));
    if unnamed.is_subset(set) && !unnamed.is_empty() {
        return Some(InterfaceCheck::NoneOf(pick(false).collect()));
    }
    (!unnamed.overlaps(set) && !set.is_empty()).then(|| InterfaceCheck::OneOf(pick(true).collect()))
}

fn names(interfaces: &Interfaces) -> impl Iterator<Item = (u16, Piece)> {
    interfaces.named().map(|(number, name)| (number, piece!("{}", name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Interface;

    fn check_of(numbers: &IntervalSet<u16>) -> Option<InterfaceCheck> {
        let names = ["lan0", "wan0"].map(|name| Interface::new(name).unwrap()).to_vec();
        check(numbers, &Interfaces::new(names))
    }

    #[test]
    fn numbers_become_names_or_exceptions() {
        assert_eq!(check_of(&IntervalSet::full()), Some(InterfaceCheck::Nothing));
        let one = InterfaceCheck::OneOf(vec![piece!("lo"), piece!("wan0")]);
        assert_eq!(check_of(&IntervalSet::from_intervals([(0, 0), (2, 2)])), Some(one));
        let none = InterfaceCheck::NoneOf(vec![piece!("lo"), piece!("wan0")]);
        assert_eq!(check_of(&IntervalSet::from_intervals([(1, 1), (3, u16::MAX)])), Some(none));
    }

    #[test]
    fn some_of_the_unnamed_cannot_be_said() {
        assert_eq!(check_of(&IntervalSet::single(3)), None);
        assert_eq!(check_of(&IntervalSet::empty()), None);
    }
}
