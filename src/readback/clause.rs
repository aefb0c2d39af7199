//! Conditions on packets of both families and every hook: what a rule of a ruleset asks for.

use std::sync::LazyLock;

use crate::model::Addresses;
use crate::packet::{Cube, Family, Hook, IntervalSet, States, Unknowns};

/// A product of fields; a rule that asks for alternatives has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Connection states.
    pub(super) states: States,
    /// Incoming interfaces.
    pub(super) incoming: IntervalSet<u16>,
    /// Outgoing interfaces.
    pub(super) outgoing: IntervalSet<u16>,
    /// Source addresses; none of a family that the rule does not mean.
    pub(super) source: Addresses,
    /// Destination addresses.
    pub(super) destination: Addresses,
    /// As [`Cube::transport`].
    pub(super) transport: IntervalSet<u32>,
    /// As [`Cube::source_ports`].
    pub(super) source_ports: IntervalSet<u16>,
    /// Conditions that nobody can look into.
    pub(super) unknowns: Unknowns,
}

/// The most alternatives that are kept apart; a rule that comes to more is not looked into.
const MOST: usize = 4096;

impl Clause {
    /// Every packet.
    pub(super) fn every() -> Self {
        // Clauses are made by the thousand, and mostly of this one's fields: those are shared.
        static EVERY: LazyLock<Clause> = LazyLock::new(|| Clause {
            states: States::ANY,
            incoming: IntervalSet::full(),
            outgoing: IntervalSet::full(),
            source: Addresses::every(),
            destination: Addresses::every(),
            transport: IntervalSet::range(0, 0xff_ffff),
            source_ports: IntervalSet::full(),
            unknowns: Unknowns::none(),
        });
        EVERY.clone()
    }

    /// Packets of one family.
    pub(super) fn family(family: Family) -> Self {
        let (none, every) = (IntervalSet::empty, family.every_address());
        let source = match family {
            Family::V4 => Addresses { v4: every, v6: none() },
            Family::V6 => Addresses { v4: none(), v6: every },
        };
        Self { source, ..Self::every() }
    }

    /// Packets for which a condition that nobody can look into holds, or does not.
    pub(super) fn unknown(number: u32, holds: bool) -> Self {
        Self { unknowns: Unknowns::of([(number, holds)]).unwrap_or_default(), ..Self::every() }
    }

    /// Packets that meet both; none if no packet can.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let both = Self {
            states: self.states.intersect(other.states),
            incoming: self.incoming.intersect(&other.incoming),
            outgoing: self.outgoing.intersect(&other.outgoing),
            source: self.source.intersect(&other.source),
            destination: self.destination.intersect(&other.destination),
            transport: self.transport.intersect(&other.transport),
            source_ports: self.source_ports.intersect(&other.source_ports),
            unknowns: self.unknowns.intersect(&other.unknowns)?,
        };
        (!both.is_empty()).then_some(both)
    }

    fn is_empty(&self) -> bool {
        let no_family = |family| self.source.of(family).is_empty() || self.destination.of(family).is_empty();
        self.states.is_empty()
            || self.incoming.is_empty()
            || self.outgoing.is_empty()
            || self.transport.is_empty()
            || self.source_ports.is_empty()
            || Family::ALL.into_iter().all(no_family)
    }

    /// The packets of a hook and family; none if there are none.
    pub(super) fn cube(&self, hook: Hook, family: Family) -> Option<Cube> {
        let cube = Cube {
            hook,
            family,
            states: self.states,
            incoming: self.incoming.clone(),
            outgoing: self.outgoing.clone(),
            source: self.source.of(family).clone(),
            destination: self.destination.of(family).clone(),
            transport: self.transport.clone(),
            source_ports: self.source_ports.clone(),
            unknowns: self.unknowns.clone(),
        };
        (!cube.is_empty()).then_some(cube)
    }

    /// Packets that do not meet it, as alternatives: one for each field that it asks for.
    fn not(&self) -> Vec<Self> {
        let every = Self::every();
        let mut outside = vec![
            Self { states: States::ANY.subtract(self.states), ..every.clone() },
            Self { incoming: self.incoming.complement(), ..every.clone() },
            Self { outgoing: self.outgoing.complement(), ..every.clone() },
            Self { source: Addresses::every().subtract(&self.source), ..every.clone() },
            Self { destination: Addresses::every().subtract(&self.destination), ..every.clone() },
            Self { transport: every.transport.subtract(&self.transport), ..every.clone() },
            Self { source_ports: self.source_ports.complement(), ..every },
        ];
        outside.extend(self.unknowns.literals().iter().map(|&(number, holds)| Self::unknown(number, !holds)));
        outside.retain(|clause| !clause.is_empty());
        outside
    }
}

/// Packets that meet one of the first and one of the second; none if there are too many to tell apart.
pub(super) fn all_of(first: &[Clause], second: &[Clause]) -> Option<Vec<Clause>> {
    if first.len().saturating_mul(second.len()) > MOST {
        return None;
    }
    let with = |one: &Clause| second.iter().filter_map(|other| one.and(other)).collect::<Vec<_>>();
    Some(first.iter().flat_map(with).collect())
}

/// Packets that meet none of them; none if that is too much to say.
pub(super) fn none_of(clauses: &[Clause]) -> Option<Vec<Clause>> {
    clauses.iter().try_fold(vec![Clause::every()], |rest, clause| all_of(&rest, &clause.not()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(first: u32, last: u32) -> Clause {
        Clause { transport: IntervalSet::range(first, last), ..Clause::every() }
    }

    #[test]
    fn a_clause_and_its_opposite_share_nothing_and_are_everything() {
        let clause = Clause { incoming: IntervalSet::single(1), ..to(5, 9) };
        let outside = none_of(std::slice::from_ref(&clause)).unwrap();
        assert_eq!(outside.len(), 2);
        assert_eq!(all_of(&[clause], &outside).unwrap(), []);
        let condition = none_of(&[Clause::unknown(3, true)]).unwrap();
        assert_eq!(condition, [Clause::unknown(3, false)]);
        assert_eq!(none_of(&[]).unwrap(), [Clause::every()]);
        assert_eq!(none_of(&[Clause::every()]).unwrap(), []);
    }

    #[test]
    fn a_family_is_told_by_its_sources() {
        let v6 = Clause::family(Family::V6);
        assert_eq!(v6.cube(Hook::Input, Family::V4), None);
        assert_eq!(v6.cube(Hook::Input, Family::V6), Some(Cube::every(Hook::Input, Family::V6)));
        assert_eq!(v6.and(&Clause::family(Family::V4)), None);
        assert_eq!(none_of(&[v6]).unwrap(), [Clause::family(Family::V4)]);
    }
}
