//! First match, asked about whole boxes of packets.

use crate::model::{Entry, Policy, Verdict};
use crate::packet::{Cube, Packet, uncovered};

/// The entries of a policy with their boxes, ready to be asked.
#[derive(Debug)]
pub struct Decisions<'p> {
    policy: &'p Policy,
    cubes: Vec<Vec<Cube>>,
}

/// An entry that decides some packets of a question, and one of them.
#[derive(Clone, Debug)]
pub struct Hit<'p> {
    /// Index in [`Policy::entries`].
    pub index: usize,
    /// The entry.
    pub entry: &'p Entry,
    /// A box of packets of the question, all decided by this entry: not always all of them.
    pub part: Cube,
    /// A packet of that box.
    pub packet: Packet,
}

impl<'p> Decisions<'p> {
    /// Prepares a policy for questions.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        Self { policy, cubes: policy.entries.iter().map(Entry::cubes).collect() }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// Every entry that decides some packet of the question, in order, each with a witness.
    /// Observing entries decide nothing and are left out.
    #[must_use]
    pub fn deciding(&self, question: &Cube) -> Vec<Hit<'p>> {
        (0..self.policy.entries.len()).filter_map(|index| self.hit(index, question)).collect()
    }

    /// The entries that accept some packet of the question, in order, each with a witness.
    #[must_use]
    pub fn accepting(&self, question: &Cube) -> Vec<Hit<'p>> {
        let accepts = |index: &usize| {
            self.policy.entries.get(*index).is_some_and(|entry| entry.verdict == Verdict::Accept)
        };
        (0..self.policy.entries.len()).filter(accepts).filter_map(|index| self.hit(index, question)).collect()
    }

    /// The first entry that does not accept some packet of the question; none if all of it is accepted.
    #[must_use]
    pub fn refusing(&self, question: &Cube) -> Option<Hit<'p>> {
        let refuses = |index: &usize| {
            self.policy.entries.get(*index).is_some_and(|entry| entry.verdict != Verdict::Accept)
        };
        (0..self.policy.entries.len()).filter(refuses).find_map(|index| self.hit(index, question))
    }

    /// A packet of the question that the entry with that index decides.
    #[must_use]
    pub fn hit(&self, index: usize, question: &Cube) -> Option<Hit<'p>> {
        let entry = self.policy.entries.get(index)?;
        if entry.verdict == Verdict::Observe {
            return None;
        }
        let own = self.cubes.get(index)?.iter().filter_map(|cube| cube.intersect(question));
        let mut parts = own.filter_map(|cube| uncovered(&cube, self.before(index)));
        let (part, packet) = parts.find_map(|part| Packet::of(&part).map(|packet| (part, packet)))?;
        Some(Hit { index, entry, part, packet })
    }

    /// The boxes of the deciding entries before an index.
    fn before(&self, index: usize) -> impl Iterator<Item = &Cube> {
        let deciding = |(entry, _): &(&Entry, &Vec<Cube>)| entry.verdict != Verdict::Observe;
        self.policy.entries.iter().zip(&self.cubes).take(index).filter(deciding).flat_map(|(_, cubes)| cubes)
    }
}
