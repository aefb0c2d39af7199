//! The commands, one file each.

pub(super) mod check;
pub(super) mod completions;
pub(super) mod compliance;
pub(super) mod diff;
pub(super) mod exceptions;
pub(super) mod explain;
pub(super) mod fmt;
pub(super) mod graph;
pub(super) mod init;
pub(super) mod lint;
pub(super) mod lsp;
pub(super) mod man;
pub(super) mod prove;
pub(super) mod query;
pub(super) mod render;
pub(super) mod report;
pub(super) mod review;
pub(super) mod schema;
pub(super) mod services;
pub(super) mod test;
pub(super) mod trace;
pub(super) mod verify;
