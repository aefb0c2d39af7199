//! Rules that are there twice.

use crate::analyze::Duplicate;
use crate::lint::fixes::deletion;
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleDuplicate;

static META: Meta = Meta {
    id: "rule-duplicate",
    summary: "two rules do the same to exactly the same packets",
    severity: Severity::Low,
    profiles: &[Profile::Hygiene, Profile::Pci],
    sources: &["PCI DSS 4.0.1 1.2.7"],
    page: include_str!("rule_duplicate.md"),
};

impl Check for RuleDuplicate {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let duplicates = context.decisions().duplicates();
        findings.extend(duplicates.into_iter().filter_map(|duplicate| finding(context, duplicate)));
    }
}

fn finding(context: &Context<'_>, Duplicate { earlier, later: index }: Duplicate) -> Option<Diagnostic> {
    let rules = &context.policy().rules;
    let (earlier, later) = (rules.get(earlier)?, rules.get(index)?);
    let title = format!(
        "rule `{}` does the same as rule `{}`, to exactly its packets",
        later.id.value, earlier.id.value
    );
    let finding = context
        .finding(later.id.site, title)
        .related(earlier.id.site, "decides all of them first")
        .help("delete one of them")
        .fix(deletion(context, index, later));
    Some(match (earlier.log, later.log) {
        (None, Some(_)) => finding.note("the one that acts does not log, so that nothing is logged"),
        (one, other) if one != other => finding.note("only how the first one logs counts"),
        _ => finding,
    })
}
