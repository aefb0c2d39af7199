//! An exception that leaves no trace of its use.

use crate::lint::{Check, CheckSubject, Context, Meta, fixes};
use crate::model::{Profile, Rule};
use crate::source::{Diagnostic, Effect, Severity};

/// See the page.
pub(super) struct ExceptionNotLogged;

static META: Meta = Meta {
    id: "exception-not-logged",
    summary: "a rule on an exception does not log the flows it lets pass",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Hygiene, Profile::Nist80053, Profile::CisControls],
    sources: &["NIST SP 800-53r5 SC-7(4)(e)", "NIST SP 800-53r5 SI-4(4)", "CIS Controls v8.1 13.6"],
    page: include_str!("exception_not_logged.md"),
};

impl Check for ExceptionNotLogged {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for permit in context.granted(|rule, _| rule.log.is_none(), |cube| context.unobserved(cube)) {
            let finding = context.finding_about(&permit, "uses an exception without logging it");
            let rule = context.policy().rule_of(permit.hit.entry);
            let log = |rule: &Rule| {
                fixes::set(format!("log rule `{}`", rule.id.value), Effect::Logs, rule, "log", "true")
            };
            let finding = rule.into_iter().fold(finding, |finding, rule| finding.fix(log(rule)));
            findings.push(
                finding
                    .note("the log of new flows is the only evidence of who still needs the exception")
                    .help("add `log: { rate: 10/minute }` to the rule"),
            );
        }
    }
}
