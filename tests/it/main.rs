//! The one integration test crate: the program and the library as their users meet them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails, loudly"
)]

mod action;
mod catalog;
mod checks;
mod ci;
mod cli;
mod compliance;
mod docs;
mod engine;
mod golden;
#[cfg(target_os = "linux")]
mod kernel;
mod lower_hostile;
mod parse;
mod pf;
mod program;
mod proof;
mod reading;
mod repository;
mod schema;
mod shipped;
mod snapshots;
mod stages;
