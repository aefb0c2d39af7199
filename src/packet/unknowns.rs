//! Conditions that mailward cannot look into, such as a match of a foreign ruleset that it does not know.

/// Conditions by number, and for each whether it must hold; every other condition may or may not.
///
/// Whoever reads a ruleset gives equal texts equal numbers, so that a condition holds in one rule when it holds in
/// another, and numbers of their own to conditions that change from packet to packet, such as limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknowns {
    // INVARIANT: sorted by number, each number once.
    literals: Vec<(u32, bool)>,
}

impl Unknowns {
    /// No condition.
    #[must_use]
    pub const fn none() -> Self {
        Self { literals: Vec::new() }
    }

    /// These conditions; none if one of them must both hold and not hold.
    #[must_use]
    pub fn of(literals: impl IntoIterator<Item = (u32, bool)>) -> Option<Self> {
        let mut literals: Vec<(u32, bool)> = literals.into_iter().collect();
        literals.sort_unstable();
        literals.dedup();
        let twice = literals.iter().zip(literals.iter().skip(1)).any(|(one, next)| one.0 == next.0);
        (!twice).then_some(Self { literals })
    }

    /// The conditions, sorted by number, and whether each must hold.
    #[must_use]
    pub fn literals(&self) -> &[(u32, bool)] {
        &self.literals
    }

    /// Whether there is no condition.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.literals.is_empty()
    }

    /// Whether a condition must hold; none if it may or may not.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<bool> {
        let at = self.literals.binary_search_by_key(&number, |&(number, _)| number).ok()?;
        self.literals.get(at).map(|&(_, holds)| holds)
    }

    /// All conditions of both; none if they contradict each other.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        match (self.is_empty(), other.is_empty()) {
            (_, true) => Some(self.clone()),
            (true, _) => Some(other.clone()),
            _ => Self::of(self.literals.iter().chain(&other.literals).copied()),
        }
    }

    /// The conditions that must hold.
    #[must_use]
    pub fn holding(&self) -> Self {
        Self { literals: self.literals.iter().copied().filter(|&(_, holds)| holds).collect() }
    }

    /// Whether a condition must hold here and must not there.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        self.literals.iter().any(|&(number, holds)| other.get(number) == Some(!holds))
    }

    /// Whether everything that the other demands is demanded here too.
    pub(super) fn imply(&self, other: &Self) -> bool {
        other.literals.iter().all(|&(number, holds)| self.get(number) == Some(holds))
    }

    /// The conditions of the other that may or may not hold here.
    pub(super) fn missing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (u32, bool)> + 'a {
        other.literals.iter().copied().filter(|&(number, _)| self.get(number).is_none())
    }

    /// Whether all its conditions hold where these, and no others, are known: what is not written does not hold.
    pub(super) fn hold_in(&self, packet: &Self) -> bool {
        self.literals.iter().all(|&(number, holds)| packet.get(number).unwrap_or(false) == holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(literals: &[(u32, bool)]) -> Unknowns {
        Unknowns::of(literals.iter().copied()).unwrap()
    }

    #[test]
    fn a_condition_cannot_hold_and_not_hold() {
        assert_eq!(Unknowns::of([(1, true), (1, false)]), None);
        assert_eq!(of(&[(1, true)]).intersect(&of(&[(1, false)])), None);
        assert!(of(&[(1, true), (2, true)]).contradicts(&of(&[(2, false)])));
    }

    #[test]
    fn conditions_add_up() {
        let both = of(&[(2, false)]).intersect(&of(&[(1, true), (2, false)])).unwrap();
        assert_eq!(both.literals(), [(1, true), (2, false)]);
        assert_eq!((both.get(1), both.get(2), both.get(3)), (Some(true), Some(false), None));
        assert_eq!(of(&[(2, false)]).missing(&both).collect::<Vec<_>>(), [(1, true)]);
    }

    #[test]
    fn what_a_packet_does_not_say_does_not_hold() {
        let packet = of(&[(1, true)]);
        assert!(of(&[(1, true), (2, false)]).hold_in(&packet));
        assert!(!of(&[(2, true)]).hold_in(&packet));
        assert!(Unknowns::none().hold_in(&packet));
    }
}
