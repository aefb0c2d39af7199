//! Rulesets as text, read back into what they mean.
//!
//! The readers share no code with the renderers: only the packet sets. A match that a reader does not understand
//! becomes a *condition*, known by its text, that may hold or not; it is listed and never dropped.

mod clause;
mod conditions;
mod interfaces;
pub mod iptables;
mod meaning;
mod names;
pub mod nft;
pub mod pf;
mod policy;
mod program;
mod ruleset;
mod walk;

pub use conditions::Conditions;
pub use interfaces::{InterfacePattern, InterfaceTable};
pub use meaning::{Effect, Fate, Meaning, Remark, Step};
pub use pf::Dialect as PfDialect;
pub use policy::as_policy;
pub use ruleset::{Include, IptablesKind, Language, Ruleset, nothing_included, read};
