//! mailward: from a mail-security policy in YAML to findings and loadable firewall rulesets.
//!
//! The modules are the stages of one pipe, in order; a stage uses only those before it:
//!
//! [`source`] (text, trees, places) → [`parse`] (a document as written) → [`catalog`] (what names mean
//! everywhere) → [`lower`] (names to values) → [`model`] (a valid policy) and [`packet`] (sets of packets) →
//! [`analyze`] (questions about a policy) → [`lint`] (findings), [`render`] (rulesets) and [`report`] (what
//! people see). [`cli`] runs them and alone knows exit codes, terminals and the clock.

pub mod analyze;
pub mod catalog;
pub mod cli;
pub mod lint;
pub mod lower;
pub mod model;
pub mod packet;
pub mod parse;
pub mod render;
pub mod report;
pub mod source;
