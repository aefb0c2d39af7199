//! Rules and parts of the baseline that stand in the way of a rule, shown in a finding.

use std::collections::BTreeSet;

use super::Context;
use crate::model::{Origin, Rule, RuleAction};
use crate::source::{Diagnostic, Fix, Safety};

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

/// The fix that deletes a rule: safe only if the packet engine has proven that it changes nothing, and if no expectation
/// names the rule.
pub(super) fn deletion(context: &Context<'_>, index: usize, rule: &Rule) -> Fix {
    let policy = context.policy();
    let is_named =
        policy.expectations.iter().filter_map(|one| one.by.as_ref()).any(|by| by.value == rule.id.value);
    let is_proven = context.decisions().is_unchanged_without(index);
    let safety = if is_proven && !is_named { Safety::Safe } else { Safety::Unsafe };
    Fix { title: format!("delete rule `{}`", rule.id.value), safety, removes: rule.site }
}
