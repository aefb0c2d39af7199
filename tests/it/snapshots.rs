//! The crate of the guide on snapshots, run as it is.

#[path = "../../docs/examples/snapshots/tests/rulesets.rs"]
mod rulesets;
