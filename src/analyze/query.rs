//! Who may send which packets: what passes of a question and what is refused, in few boxes, each with who decides it.

mod gather;
mod scope;

pub use scope::{Scope, arriving, as_said, in_scope};

use super::{Certainty, Decisions, Subject};
use crate::model::{BaselinePart, Entry, Origin};
use crate::packet::{Cube, Packet};
use crate::source::Site;
use gather::Gathering;

/// What becomes of the packets of a question.
#[derive(Clone, Debug)]
pub struct Answer<'p> {
    /// What passes: by the rules in the order of the policy, by the baseline, by default.
    pub allowed: Vec<Share<'p>>,
    /// What is refused, in the same order.
    pub refused: Vec<Share<'p>>,
    /// The parts of the baseline that refuse some of it. Those packets are neither allowed nor refused here: they are
    /// forged or belong to no flow, and no rule is asked about them.
    pub barred: Vec<BaselinePart>,
    /// The parts of the baseline that let packets between the same places pass which the question leaves out: answers,
    /// errors, and what keeps a network going.
    pub besides: Vec<BaselinePart>,
}

/// Packets that one rule, part of the baseline or default decides.
#[derive(Clone, Debug)]
pub struct Share<'p> {
    /// Who decides them.
    pub subject: Subject<'p>,
    /// Where that was written.
    pub site: Site,
    /// The packets, but for the exceptions.
    pub cubes: Vec<Cube>,
    /// What in the boxes is decided before, and otherwise.
    pub except: Vec<Except<'p>>,
    /// One of the packets.
    pub packet: Packet,
    /// Whether it is proven that there is one.
    pub certainty: Certainty,
}

/// Packets in the boxes of a [`Share`] that do not belong to it.
#[derive(Clone, Debug)]
pub struct Except<'p> {
    /// Who decides them.
    pub subject: Subject<'p>,
    /// Where that was written.
    pub site: Site,
    /// Every packet of the part's boxes that it speaks about.
    pub cubes: Vec<Cube>,
    /// Whether it is proven that it decides one.
    pub certainty: Certainty,
}

impl Answer<'_> {
    /// Whether some packet of the question passes; none if that could not be told.
    #[must_use]
    pub fn some_pass(&self) -> Option<bool> {
        any(&self.allowed)
    }

    /// Whether there are such packets and all of them pass; none if that could not be told.
    #[must_use]
    pub fn all_pass(&self) -> Option<bool> {
        match (self.some_pass(), any(&self.refused)) {
            (Some(false), _) | (_, Some(true)) => Some(false),
            (passes, Some(false)) => passes,
            (_, None) => None,
        }
    }
}

/// Whether there is a packet in any of the parts; none if that could not be told.
fn any(parts: &[Share<'_>]) -> Option<bool> {
    let is_proven = parts.iter().any(|part| part.certainty == Certainty::Proven);
    (is_proven || parts.is_empty()).then_some(is_proven)
}

impl<'p> Decisions<'p> {
    /// What becomes of the packets of a question. See [`in_scope`] for the boxes to ask about.
    #[must_use]
    pub fn query(&self, question: &[Cube], scope: Scope) -> Answer<'p> {
        let mut gathering = Gathering::new(self, scope);
        for cube in question {
            gathering.add(cube);
        }
        let mut answer = gathering.answer();
        let is_counted = |part: &BaselinePart| {
            answer.allowed.iter().any(|one| one.subject == Subject::Baseline(part.name()))
        };
        let widened = question.iter().map(scope::widened);
        let mut besides: Vec<BaselinePart> =
            widened.flat_map(|cube| self.let_pass_by_baseline(&cube)).collect();
        besides.retain(|part| !is_counted(part));
        besides.sort_unstable();
        besides.dedup();
        answer.besides = besides;
        answer
    }

    /// The parts of the baseline that let some packets of a box pass.
    fn let_pass_by_baseline(&self, cube: &Cube) -> Vec<BaselinePart> {
        let part = |index: usize| {
            let part = baseline_part(self.policy().entries.get(index)?)?;
            self.hit(index, cube).map(|_| part)
        };
        self.candidates(cube).into_iter().filter_map(part).collect()
    }
}

/// The part of the baseline that an entry belongs to.
fn baseline_part(entry: &Entry) -> Option<BaselinePart> {
    match entry.origin {
        Origin::Baseline(part) => Some(part),
        Origin::Rule(_) | Origin::Default => None,
    }
}

#[cfg(test)]
mod tests;
