//! Questions about a policy: who decides a packet, what is accepted, what never fires, what another version does.

mod conflict;
mod correlated;
mod decider;
mod decisions;
mod delta;
mod describe;
mod expect;
mod list;
mod passage;
mod portrait;
mod query;
mod redundant;
#[cfg(test)]
mod sample;
mod shadow;
mod spell;
mod spoken;
mod subject;
#[cfg(test)]
mod tests;
mod trace;
mod vain;

pub use conflict::{Conflict, Duplicate};
pub use correlated::Correlated;
pub use decider::Decider;
pub use decisions::{Certainty, Decisions, Hit};
pub use delta::{Cause, Change, ChangeKind, Delta, Part, Undecided, delta, without_rules};
pub use describe::{describe, describe_with};
pub use expect::{Coverage, NOT_EXERCISED, Objection, Outcome, Remedy, Trial, Trials};
pub use passage::{End, Passing, Way};
pub use portrait::{Extent, Portrait, Size, Vocabulary, spell_addresses};
pub use query::{Answer, Except, Scope, Share, arriving, as_said, in_scope};
pub use redundant::Redundant;
pub use shadow::{Effect, Shadowed};
pub use spell::spell;
pub use spoken::{Spoken, cleartext, spoken};
pub use subject::Subject;
pub use trace::{Dormant, Step, Trace};
pub use vain::Vain;
