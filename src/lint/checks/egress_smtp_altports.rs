//! SMTP that goes round a filter on port 25.

use crate::lint::egress::{self, Words};
use crate::lint::exposure::Ports;
use crate::lint::{Check, Context, Meta, Packets};
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

    fn named(&self, context: &Context<'_>) -> Packets {
        clients(context, &egress::leaving(context))
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(egress::findings(context, &clients(context, &context.outward()), WORDS));
    }
}

const WORDS: Words = Words {
    predicate: "lets mail leave past the filter on port 25",
    why: "no standard gives these ports to mail: providers open them where port 25 is closed, and malware knows them",
    help: "let clients submit mail on 465 or 587",
    id: "mail-on-made-up-ports",
    reason: "Clients submit mail on 465 or 587.",
};

/// Those packets to the ports that no relay sends.
fn clients(context: &Context<'_>, packets: &Packets) -> Packets {
    context.not_from(&ALTERNATES.of(packets), &[Role::MtaOut])
}
