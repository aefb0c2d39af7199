//! The commands as their users meet them.

mod check;
mod completions;
mod compliance;
pub(crate) mod diff;
mod diff_git;
mod fmt;
mod foreign;
mod governance;
mod graph;
mod help;
mod lint;
mod lsp;
mod output;
pub(crate) mod prove;
mod query;
mod render;
mod report;
mod review;
mod test;
mod trace;
mod verify;
