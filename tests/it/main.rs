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
mod cli_check;
mod cli_completions;
mod cli_compliance;
mod cli_diff;
mod cli_diff_git;
mod cli_fmt;
mod cli_foreign;
mod cli_governance;
mod cli_graph;
mod cli_help;
mod cli_lint;
mod cli_lsp;
mod cli_output;
mod cli_prove;
mod cli_query;
mod cli_render;
mod cli_report;
mod cli_review;
mod cli_test;
mod cli_trace;
mod cli_verify;
mod compliance;
mod docs;
mod docs_checks;
mod docs_readback;
mod docs_site;
mod engine;
mod golden;
#[cfg(target_os = "linux")]
mod kernel;
mod lower_hostile;
mod parse_files;
mod parse_hostile;
mod parse_mutants;
mod parse_oracle;
mod parse_policy;
mod parse_typos;
mod pf;
mod program;
mod proof;
mod reading;
mod repository;
mod schema;
mod shipped;
mod snapshots;
mod stages;
