//! A rule that does not say why it exists.

use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleNoReason;

static META: Meta = Meta {
    id: "rule-no-reason",
    summary: "a rule does not say why it exists",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Pci, Profile::Bsi],
    sources: &["PCI DSS 4.0.1 1.2.5", "BSI NET.3.2.A2", "NIST SP 800-53r5 CM-3"],
    page: include_str!("rule_no_reason.md"),
};

impl Check for RuleNoReason {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in context.policy().rules.iter().filter(|rule| rule.reason.is_none()) {
            let title = format!("rule `{}` does not say why it exists", rule.id.value);
            findings.push(context.finding(rule.id.site, title).help("add a `reason`"));
        }
    }
}
