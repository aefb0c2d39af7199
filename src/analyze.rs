//! Questions about a policy: who decides a packet, what is accepted, what never fires.

mod conflict;
mod decisions;
mod describe;
mod list;
mod portrait;
#[cfg(test)]
mod sample;
mod shadow;
mod spell;
mod subject;
#[cfg(test)]
mod tests;
mod trace;

pub use conflict::Conflict;
pub use decisions::{Certainty, Decisions, Hit};
pub use describe::describe;
pub use portrait::{Extent, Portrait, Size, Vocabulary};
pub use shadow::{Effect, Shadowed};
pub use spell::spell;
pub use subject::Subject;
pub use trace::{Dormant, Step, Trace};
