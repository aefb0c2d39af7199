//! Questions about a policy: who decides a packet, what is accepted, what never fires.

mod conflict;
mod decider;
mod decisions;
mod describe;
mod expect;
mod list;
#[cfg(test)]
mod sample;
mod shadow;
#[cfg(test)]
mod tests;

pub use conflict::Conflict;
pub use decider::{Decider, Subject};
pub use decisions::{Certainty, Decisions, Hit};
pub use describe::describe;
pub use expect::{Coverage, NOT_EXERCISED, Objection, Outcome, Remedy, Trial, Trials};
pub use shadow::{Effect, Shadowed};
