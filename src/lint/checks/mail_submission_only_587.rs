//! Submission that always begins in clear.

use crate::lint::{Asked, Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailSubmissionOnly587;

static META: Meta = Meta {
    id: "mail-submission-only-587",
    summary: "users outside can submit mail on 587 and not on 465",
    severity: Severity::Info,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 8314 §3.3"],
    page: include_str!("mail_submission_only_587.md"),
};

impl Check for MailSubmissionOnly587 {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::Msa])
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let to_msa = |port| context.only_to(&context.inward().tcp(&[port]), &[Role::Msa]);
        let open = |packets: &Packets| {
            packets.cubes().iter().any(|cube| !context.decisions().accepting(cube).is_empty())
        };
        if open(&to_msa(465)) {
            return;
        }
        for permit in context.permits(&to_msa(587)) {
            findings.push(
                context
                    .finding_about(
                        &permit,
                        "takes mail from users outside on 587, and nothing takes it on 465",
                    )
                    .note("STARTTLS begins in clear, and can be taken out of the session on the way")
                    .help("allow `submissions` (465) as well"),
            );
        }
    }
}
