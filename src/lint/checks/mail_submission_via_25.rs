//! Submission on the port for mail between servers.

use crate::lint::mail::RELAYS;
use crate::lint::packets::to_ports;
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::{Cube, TCP};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailSubmissionVia25;

static META: Meta = Meta {
    id: "mail-submission-via-25",
    summary: "clients hand mail to a submission server on 25 and may use neither 465 nor 587",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 8314 §4", "RFC 5068 §3.1", "RFC 6409 §3.1"],
    page: include_str!("mail_submission_via_25.md"),
};

/// How many groups of clients that may submit are told apart.
const MOST_PIECES: usize = 1024;

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
        let shut_out = asked.cubes().iter().map(|cube| who_may_not_submit(context, cube)).collect();
        for permit in context.permits(&Packets::new(shut_out)) {
            findings.push(
                context
                    .finding_about(&permit, "lets clients submit mail on 25, where they may use neither 465 nor 587")
                    .note("nobody logs in on 25, so the server cannot tell its users from others on their network")
                    .help("allow `submissions` (465) instead, and keep 25 for mail servers"),
            );
        }
    }
}

/// The packets of a box without those of clients that may use a submission port of one of the same servers.
fn who_may_not_submit(context: &Context<'_>, cube: &Cube) -> Cube {
    let mut rest = cube.clone();
    for _ in 0..MOST_PIECES {
        let of_rest = Cube { transport: to_ports(TCP, &[465, 587]), ..rest.clone() };
        let Some(hit) = context.decisions().first_accepting(&of_rest) else { break };
        rest.source = rest.source.subtract(&hit.part.source);
    }
    rest
}
