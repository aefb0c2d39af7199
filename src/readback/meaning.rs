//! What a ruleset does with packets.

use std::collections::BTreeSet;

use crate::model::Rate;
use crate::packet::{Cube, Family};
use crate::source::Site;

/// What a ruleset does: for each hook and family a list of steps of which the first that decides a packet counts.
#[derive(Clone, Debug, Default)]
pub struct Meaning {
    /// The steps, in order. Every packet that the ruleset speaks of is decided by one of them.
    pub steps: Vec<Step>,
    /// What was read and is not decided, such as address translation.
    pub remarks: Vec<Remark>,
}

/// One step of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which packets.
    pub cube: Cube,
    /// What happens to them.
    pub effect: Effect,
    /// The rule or policy that says so.
    pub site: Site,
}

/// What a step does to its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// They go no further.
    Decide(Fate),
    /// They are logged, at most that often, and go on to the next step.
    Log(Option<Rate>),
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It passes.
    Accept,
    /// It vanishes.
    Drop,
    /// It is refused with a TCP reset.
    Reset,
    /// It is refused with an ICMP error of its family.
    Refuse {
        /// The type of the error: 3 (RFC 792) or, in IPv6, 1 (RFC 4443 §3.1).
        kind: u8,
        /// Its code.
        code: u8,
    },
    /// The ruleset says nothing about such packets, since they cannot come.
    Unsaid,
}

/// Something in a ruleset that was read and is not decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where it stands.
    pub site: Site,
    /// What it is, in a few words.
    pub text: String,
}

impl Meaning {
    /// The families of which something is said: a ruleset of iptables without a part for a family says nothing of it.
    pub fn families(&self) -> impl Iterator<Item = Family> + '_ {
        let is_said = |step: &Step| step.effect != Effect::Decide(Fate::Unsaid);
        Family::ALL
            .into_iter()
            .filter(move |&family| self.steps.iter().any(|step| step.cube.family == family && is_said(step)))
    }

    /// The numbers of the conditions that it asks for.
    #[must_use]
    pub fn conditions(&self) -> BTreeSet<u32> {
        let literals = self.steps.iter().flat_map(|step| step.cube.unknowns.literals());
        literals.map(|&(number, _)| number).collect()
    }
}

impl Fate {
    /// Whether the packet gets to where it wants to go.
    #[must_use]
    pub const fn passes(self) -> bool {
        matches!(self, Self::Accept)
    }
}
