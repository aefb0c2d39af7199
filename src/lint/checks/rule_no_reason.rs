//! A rule that does not say why it exists.

use crate::lint::placeholder::is_placeholder;
use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Profile, Rule};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleNoReason;

static META: Meta = Meta {
    id: "rule-no-reason",
    summary: "a rule does not say why it exists",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Pci, Profile::Bsi, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.5", "BSI NET.3.2.A2", "NIST SP 800-53r5 CM-3"],
    page: include_str!("rule_no_reason.md"),
};

impl Check for RuleNoReason {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in &context.policy().rules {
            findings.extend(problem(rule).map(|title| {
                context.finding(rule.id.site, title).note(
                    "a rule without a reason is never removed, and no reviewer can say whether it still fits",
                ).help("write in `reason` which need the rule serves, and cite the ticket in `ticket`")
            }));
        }
    }
}

fn problem(rule: &Rule) -> Option<String> {
    let id = &rule.id.value;
    let Some(reason) = &rule.reason else {
        return Some(format!("rule `{id}` does not say why it exists"));
    };
    let text = reason.as_str();
    (is_placeholder(text) || text == id.as_str())
        .then(|| format!("the reason of rule `{id}` is a placeholder: `{text}`"))
}
