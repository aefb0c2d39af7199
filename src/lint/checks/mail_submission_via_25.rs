//! Submission on the port for mail between servers.

use crate::analyze::Hit;
use crate::lint::mail::RELAYS;
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::{Cube, IntervalSet};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailSubmissionVia25;

static META: Meta = Meta {
    id: "mail-submission-via-25",
    summary: "clients hand mail to a submission server on 25 and may use neither 465 nor 587",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 8314 §4", "RFC 6409 §3.1"],
    page: include_str!("mail_submission_via_25.md"),
};

impl Check for MailSubmissionVia25 {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::Msa])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let clients = context.not_from(&context.internal().tcp(&[25]), RELAYS);
        let asked =
            context.only_to(&context.not_from(&clients, &[Role::Mailbox, Role::Webmail]), &[Role::Msa]);
        let hits = asked.cubes().iter().flat_map(|cube| context.hits(cube));
        for permit in context.once_each(hits.filter(|hit| !may_submit(context, hit))) {
            findings.push(
                context
                    .finding_about(&permit, "lets clients submit mail on 25, where they may use neither 465 nor 587")
                    .note("nobody logs in on 25, so the server cannot tell its users from others on their network")
                    .help("allow `submissions` (465) instead, and keep 25 for mail servers"),
            );
        }
    }
}

/// Whether a submission port is open between the same hosts.
fn may_submit(context: &Context<'_>, hit: &Hit<'_>) -> bool {
    let anything =
        Cube { transport: IntervalSet::full(), source_ports: IntervalSet::full(), ..hit.part.clone() };
    let submission = Packets::new(vec![anything]).tcp(&[465, 587]);
    submission.cubes().iter().any(|cube| !context.decisions().accepting(cube).is_empty())
}
