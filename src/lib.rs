//! mailward: from a mail-security policy in YAML to findings and loadable firewall rulesets.
//!
//! The modules are the stages of one pipe. In the order of work: [`parse`] (a document as written) → [`lower`] (names
//! to values) → [`analyze`] (questions about a policy) → [`lint`] (findings), [`render`] (rulesets), [`readback`] (rulesets
//! into what they mean), [`prove`] (whether that is what was written) and [`report`] (what people see); [`lsp`] tells an editor the same while somebody types. What they hand on is described by [`source`] (files, trees, places), [`packet`] (sets of
//! packets) and [`model`] (a valid policy); [`catalog`] knows what names mean everywhere. [`cli`] runs them all and
//! alone knows exit codes, terminals and the clock.
//!
//! A stage uses only those before it in this list: `source`, `packet`, `model`, `catalog`, `parse`, `lower`,
//! `analyze`, `lint`, `render`, `readback`, `prove`, `report`, `format`, `lsp`, `cli`.

pub mod analyze;
pub mod catalog;
pub mod cli;
pub mod format;
pub mod lint;
pub mod lower;
pub mod lsp;
pub mod model;
pub mod packet;
pub mod parse;
pub mod prove;
pub mod readback;
pub mod render;
pub mod report;
pub mod source;
