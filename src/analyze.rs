//! Questions about a policy: who decides a packet, what is accepted, what never fires.

mod decisions;
mod describe;

pub use decisions::{Decisions, Hit};
pub use describe::describe;
