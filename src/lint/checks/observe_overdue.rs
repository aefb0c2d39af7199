//! A refusing rule that has been observing for too long.

use jiff::civil::Date;

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Profile, Rule, Stage};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ObserveOverdue;

static META: Meta = Meta {
    id: "observe-overdue",
    summary: "a rule is left in `stage: observe` past its date, or without one",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Hygiene, Profile::Pci, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 SC-7(4)(d)", "NIST SP 800-53r5 SC-7(4)(e)", "PCI DSS 4.0.1 1.2.7"],
    page: include_str!("observe_overdue.md"),
};

impl Check for ObserveOverdue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in context.policy().rules.iter().filter(|rule| rule.disabled.is_none()) {
            let Some(title) = problem(rule, context.today()) else { continue };
            findings.push(
                context
                    .finding(rule.id.site, title)
                    .note("what it would refuse goes on to the later rules, and a review takes it for protection")
                    .help("enforce the rule (`stage: enforce`), or set a new date with `stage: { observe-until: … }`"),
            );
        }
    }
}

fn problem(rule: &Rule, today: Date) -> Option<String> {
    let id = &rule.id.value;
    match rule.stage {
        Stage::Observe { until: None } => Some(format!("rule `{id}` observes without an end")),
        Stage::Observe { until: Some(until) } if today > until => {
            Some(format!("rule `{id}` should have been in force since {until}"))
        }
        Stage::Observe { until: Some(_) } | Stage::Enforce => None,
    }
}
