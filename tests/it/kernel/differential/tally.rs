//! What was tried, so that nobody takes silence for success.

use std::collections::BTreeMap;
use std::fmt;

use crate::pf::{Fate, Path, Wire};

/// How many packets of which kind had which fate.
#[derive(Default)]
pub(super) struct Tally {
    /// How many packets were sent, whether or not they came to a filter.
    pub(super) sent: usize,
    kinds: BTreeMap<(&'static str, &'static str, &'static str), usize>,
}

impl Tally {
    /// Counts a packet at a filter.
    pub(super) fn count(&mut self, packet: &Wire, path: &Path, fate: Fate) {
        let family = if packet.source.is_ipv4() { "IPv4" } else { "IPv6" };
        let hook = match path {
            Path::Input(_) => "input",
            Path::Forward(..) => "forward",
            Path::Output(_) => "output",
        };
        let fate = match fate {
            Fate::Pass => "passed",
            Fate::Drop => "dropped",
            Fate::Reset => "reset",
            Fate::Unreachable => "unreachable",
        };
        *self.kinds.entry((family, hook, fate)).or_default() += 1;
    }

    /// How many packets came to a filter.
    pub(super) fn compared(&self) -> usize {
        self.kinds.values().sum()
    }

    /// # Panics
    /// Unless there were enough packets of each kind to say something.
    pub(super) fn must_be_enough(&self) {
        for family in ["IPv4", "IPv6"] {
            for hook in ["input", "forward", "output"] {
                self.must_have(family, hook, &["passed"], 10);
                self.must_have(family, hook, &["dropped", "reset", "unreachable"], 10);
            }
            self.must_have(family, "forward", &["reset"], 2);
            self.must_have(family, "forward", &["unreachable"], 2);
        }
    }

    /// At least one packet in so many of all.
    fn must_have(&self, family: &str, hook: &str, fates: &[&str], share: usize) {
        let kinds =
            self.kinds.iter().filter(|((a, b, c), _)| (*a, *b) == (family, hook) && fates.contains(c));
        let count: usize = kinds.map(|(_, count)| count).sum();
        assert!(count * 1000 >= self.compared() * share, "{count} of {family} {hook} {fates:?}:\n{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} packets sent, {} decisions compared", self.sent, self.compared())?;
        for ((family, hook, fate), count) in &self.kinds {
            writeln!(formatter, "{count:7} {family} {hook} {fate}")?;
        }
        Ok(())
    }
}
