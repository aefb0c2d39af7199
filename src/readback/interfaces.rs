//! Interfaces of several rulesets under common numbers.

use crate::packet::IntervalSet;

/// What a ruleset calls interfaces by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InterfacePattern {
    /// One interface.
    Name(String),
    /// All whose names begin with this: `eth*`, `eth+`, or a pf group that is a driver.
    Prefix(String),
}

/// Numbers for all interfaces that rulesets looked at together can tell apart. Number 0 is the loopback. Names have one
/// number each. So has a prefix: it stands for the interfaces that begin with it and with no longer prefix, and have no
/// number of their own. All other numbers stand for interfaces that nobody speaks of.
#[derive(Clone, Debug, Default)]
pub struct InterfaceTable {
    // INVARIANT: each once; the loopback is not among them.
    patterns: Vec<InterfacePattern>,
}

/// What the loopback interface is called: by Linux, and by the BSDs.
const LOOPBACKS: [&str; 2] = ["lo", "lo0"];

impl InterfaceTable {
    /// Numbers patterns from 1 in the order given.
    #[must_use]
    pub fn new(all: impl IntoIterator<Item = InterfacePattern>) -> Self {
        let mut patterns: Vec<InterfacePattern> = Vec::new();
        for pattern in all {
            if !pattern.is_loopback() && !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        Self { patterns }
    }

    /// The numbers that a pattern stands for; none for one that is not in the table.
    #[must_use]
    pub fn set(&self, pattern: &InterfacePattern) -> IntervalSet<u16> {
        if matches!(pattern, InterfacePattern::Name(_)) && pattern.is_loopback() {
            return IntervalSet::single(0);
        }
        let loopback = LOOPBACKS.iter().any(|name| pattern.holds_name(name)).then_some((0, 0));
        let numbered = (1..=u16::MAX).zip(&self.patterns);
        let held = numbered.filter(|(_, other)| pattern.holds(other)).map(|(number, _)| (number, number));
        IntervalSet::from_intervals(loopback.into_iter().chain(held))
    }

    /// What a number stands for; none for interfaces that nobody speaks of.
    #[must_use]
    pub fn name(&self, number: u16) -> Option<String> {
        let Some(index) = number.checked_sub(1) else { return Some("lo".to_owned()) };
        self.patterns.get(usize::from(index)).map(|pattern| match pattern {
            InterfacePattern::Name(name) => name.clone(),
            InterfacePattern::Prefix(prefix) => format!("{prefix}*"),
        })
    }
}

impl InterfacePattern {
    /// Whether it is the loopback. `lo` is a group in pf: a second loopback that nobody names is the loopback, too.
    fn is_loopback(&self) -> bool {
        match self {
            Self::Name(name) => LOOPBACKS.contains(&name.as_str()),
            Self::Prefix(prefix) => prefix == "lo",
        }
    }

    fn holds_name(&self, other: &str) -> bool {
        match self {
            Self::Name(name) => name == other,
            Self::Prefix(prefix) => other.starts_with(prefix.as_str()),
        }
    }

    fn holds(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Name(name)) => self.holds_name(name),
            (Self::Name(_), Self::Prefix(_)) => false,
            (Self::Prefix(prefix), Self::Prefix(longer)) => longer.starts_with(prefix.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> InterfacePattern {
        InterfacePattern::Name(name.to_owned())
    }

    fn prefix(prefix: &str) -> InterfacePattern {
        InterfacePattern::Prefix(prefix.to_owned())
    }

    #[test]
    fn a_prefix_holds_its_names_and_longer_prefixes() {
        let table =
            InterfaceTable::new([name("eth0"), prefix("eth"), prefix("eth0."), name("lo"), name("wg0")]);
        assert_eq!(table.set(&name("lo")), IntervalSet::single(0));
        assert_eq!(table.set(&name("eth0")), IntervalSet::single(1));
        assert_eq!(table.set(&prefix("eth")), IntervalSet::range(1, 3));
        assert_eq!(table.set(&prefix("eth0.")), IntervalSet::single(3));
        assert_eq!(table.set(&name("wg0")), IntervalSet::single(4));
        assert_eq!(table.set(&prefix("l")), IntervalSet::single(0));
        assert_eq!(table.set(&name("unknown")), IntervalSet::empty());
        assert_eq!(table.name(2).as_deref(), Some("eth*"));
        assert_eq!(table.name(5), None);
    }
}
