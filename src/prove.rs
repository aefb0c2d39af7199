//! Whether two meanings are one: for every packet, with a witness where they are not.
//!
//! A policy is spelled out as a meaning here (`policy.rs`), a ruleset by [`readback`](crate::readback); neither knows of
//! the other.

mod compare;
mod evidence;
mod policy;
mod rendered;
mod silence;
mod told;
mod treatment;

pub use compare::{Comparison, Deed, Difference, DifferenceKind, Doubt, compare};
pub use policy::{interface_patterns, meaning_of};
pub use rendered::rendered;
pub use told::{Group, Names, grouped};
pub use treatment::{Logged, Logging, Treatment};
