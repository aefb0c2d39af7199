//! Submission from the outside to a host that is not an MSA.

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct SubmissionOnNonMsa;

static META: Meta = Meta {
    id: "submission-on-non-msa",
    summary: "a host that is not an MSA takes submissions (TCP 465, 587) from the outside",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Pci, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 CM-7", "PCI DSS 4.0.1 2.2.4"],
    page: include_str!("submission_on_non_msa.md"),
};

impl Check for SubmissionOnNonMsa {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let submission = context.inward().tcp(&[465, 587]);
        for permit in context.permits(&context.not_to(&submission, &[Role::Msa])) {
            let predicate = "lets the outside submit mail to a host that is not an MSA";
            findings.push(
                context
                    .finding_about(&permit, predicate)
                    .note("submission asks for passwords: each host that offers it is one more place to guess them")
                    .help("narrow `to` to the MSA, or declare the host under `hosts` with the role `msa`"),
            );
        }
    }
}
