//! Submission that always begins in clear.

use crate::lint::reach::is_open;
use crate::lint::{Asked, Check, CheckSubject, Context, Declared, Meta};
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
        for host in context.hosts_with(&[Role::Msa]) {
            let inward = context.to_host(&context.inward(), host);
            if is_open(context, &inward.tcp(&[465])) {
                continue;
            }
            findings.extend(context.permits(&inward.tcp(&[587])).first().map(|permit| {
                context
                    .finding_about(
                        permit,
                        "takes mail from users outside on 587, and nothing takes it on 465",
                    )
                    .related(host.site, "this host takes mail from users")
                    .note("STARTTLS begins in clear, and can be taken out of the session on the way")
                    .help("allow `submissions` (465) as well")
            }));
        }
    }
}
