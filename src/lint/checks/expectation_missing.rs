//! A policy without tests of its own.

use crate::lint::{Asked, Check, CheckSubject, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ExpectationMissing;

static META: Meta = Meta {
    id: "expectation-missing",
    summary: "the policy has rules and does not say what must hold whatever they become",
    severity: Severity::Info,
    profiles: &[Profile::Nist80053],
    sources: &["NIST SP 800-53r5 CM-3(2)"],
    page: include_str!("expectation_missing.md"),
};

impl Check for ExpectationMissing {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let policy = context.policy();
        if policy.expectations.is_empty() && context.rules().next().is_some() {
            findings.push(
                context
                    .finding(policy.site, "the policy does not say what must hold whatever its rules become")
                    .note("the effect of a change is then known only to who made it")
                    .help("write under `expect` what must pass and what must not; `mailward test` proves it"),
            );
        }
    }
}
