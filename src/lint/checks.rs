//! The list of checks.

mod rule_no_reason;

use super::Check;

/// Every check, in reading order.
pub(super) const ALL: &[&dyn Check] = &[&rule_no_reason::RuleNoReason];
