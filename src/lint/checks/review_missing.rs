//! A policy that does not say when it was reviewed.

use crate::lint::{Asked, Check, CheckSubject, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ReviewMissing;

static META: Meta = Meta {
    id: "review-missing",
    summary: "the policy does not say when it was last reviewed",
    severity: Severity::Medium,
    profiles: &[Profile::Pci, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.7", "NIST SP 800-53r5 CM-7(1)"],
    page: include_str!("review_missing.md"),
};

impl Check for ReviewMissing {
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
        if context.policy().reviewed.is_none() {
            findings.push(
                context
                    .finding(context.policy().site, "the policy does not say when it was last reviewed")
                    .note("nobody can tell whether a review is due")
                    .help("read every rule, and write the day in `reviewed: YYYY-MM-DD`"),
            );
        }
    }
}
