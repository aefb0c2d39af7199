//! Rulesets as text, read back into what they mean.
//!
//! The readers share no code with the renderers: only the packet sets. A match that a reader does not understand
//! becomes a *condition*, known by its text, that may hold or not; it is listed and never dropped.

mod clause;
mod conditions;
mod interfaces;
mod meaning;
mod names;
pub mod pf;
mod program;
mod walk;

pub use conditions::Conditions;
pub use interfaces::{InterfacePattern, InterfaceTable};
pub use meaning::{Effect, Fate, Meaning, Remark, Step};
