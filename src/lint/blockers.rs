//! Rules and parts of the baseline that stand in the way of a rule, shown in a finding.

use std::collections::BTreeSet;

use super::Context;
use crate::model::{Origin, Rule, RuleAction};
use crate::source::Diagnostic;

/// How many rules are pointed at; nobody follows more.
const MOST_LABELS: usize = 8;

/// The finding with a label at each of some rules and a note for each part of the baseline. The words say when they act:
/// `first`, `too`.
pub(super) fn pointing_at(
    context: &Context<'_>,
    finding: Diagnostic,
    origins: &[Origin],
    when: &str,
) -> Diagnostic {
    let policy = context.policy();
    let origins: BTreeSet<Origin> = origins.iter().copied().collect();
    let finding = origins.iter().take(MOST_LABELS).fold(finding, |finding, &origin| match origin {
        Origin::Rule(index) => {
            policy.rules.get(index).into_iter().fold(finding, |finding, rule| label(finding, rule, when))
        }
        Origin::Baseline(part) => {
            finding.note(format!("the baseline's `{}` decides some of them", part.name()))
        }
        Origin::Default => finding,
    });
    match origins.len().checked_sub(MOST_LABELS) {
        Some(more @ 1..) => finding.note(format!("{more} more rules have a part in it")),
        _ => finding,
    }
}

fn label(finding: Diagnostic, rule: &Rule, when: &str) -> Diagnostic {
    let does = match rule.action.value {
        RuleAction::Allow => "allows",
        RuleAction::Deny => "denies",
        RuleAction::Reject => "rejects",
    };
    finding.related(rule.id.site, format!("`{}` {does} its packets {when}", rule.id.value))
}

/// Whether some of what stands there was written as a rule.
pub(super) fn has_rule(origins: &[Origin]) -> bool {
    origins.iter().any(|origin| matches!(origin, Origin::Rule(_)))
}
