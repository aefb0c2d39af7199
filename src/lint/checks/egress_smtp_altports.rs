//! SMTP that goes round a filter on port 25.

use crate::lint::exposure::{self, Ports};
use crate::lint::{Check, Context, Meta, egress};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct EgressSmtpAltports;

static META: Meta = Meta {
    id: "egress-smtp-altports",
    summary: "hosts that are not mail relays may send mail on ports made up to pass filters (TCP 26, 2525)",
    severity: Severity::Medium,
    profiles: &[Profile::Mail],
    sources: &["M3AAWG Managing Port 25", "IANA"],
    page: include_str!("egress_smtp_altports.md"),
};

/// The ports on which providers take mail where 25 is closed.
const ALTERNATES: Ports = Ports { tcp: &[26, 2525], udp: &[] };

impl Check for EgressSmtpAltports {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = context.not_from(&ALTERNATES.of(&context.outward()), &[Role::MtaOut]);
        let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
        findings.extend(egress::permits(context, &asked).iter().map(|permit| {
            let ports = exposure::in_words(&exposure::opened(context, permit, &asked, accepts));
            context
                .finding_about(permit, &format!("lets mail leave past the filter on port 25 ({ports})"))
                .note("no standard gives these ports to mail: providers open them where port 25 is closed, and malware knows them")
                .help("let clients submit mail on 465 or 587")
        }));
    }
}
