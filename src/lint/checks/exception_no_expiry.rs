//! An exception without an end.

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ExceptionNoExpiry;

static META: Meta = Meta {
    id: "exception-no-expiry",
    summary: "an exception does not say when it ends",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Hygiene, Profile::Pci, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 SC-7(4)(d)", "PCI DSS 4.0.1 1.2.6"],
    page: include_str!("exception_no_expiry.md"),
};

impl Check for ExceptionNoExpiry {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in context.rules() {
            let Some(exception) = rule.exception.as_ref().filter(|it| it.expires.is_none()) else { continue };
            let title = format!("the exception of rule `{}` has no end", rule.id.value);
            findings.push(
                context
                    .finding(exception.site, title)
                    .note("an exception is granted for a need and for as long as the need lasts; without an end it \
                           covers nothing, and the checks speak about the rule as if it had none")
                    .help("add `expires: YYYY-MM-DD`, the last day on which the exception holds"),
            );
        }
    }
}
