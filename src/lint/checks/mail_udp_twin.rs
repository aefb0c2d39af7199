//! UDP to ports of mail, which speaks TCP.

use crate::lint::exposure::{Ports, in_words, opened};
use crate::lint::mail::{crossing, listed};
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailUdpTwin;

static META: Meta = Meta {
    id: "mail-udp-twin",
    summary: "UDP may pass to ports of mail, where no mail protocol uses it",
    severity: Severity::Low,
    profiles: &[Profile::Mail, Profile::Hygiene],
    sources: &["IANA"],
    page: include_str!("mail_udp_twin.md"),
};

/// The ports of mail, over UDP.
const TWINS: Ports = Ports { tcp: &[], udp: &[25, 110, 143, 465, 587, 993, 995] };

impl Check for MailUdpTwin {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = TWINS.of(&crossing(context));
        let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
        for permit in listed(context, &asked) {
            let ports = in_words(&opened(context, &permit, &asked, accepts));
            findings.push(
                context
                    .finding_about(&permit, &format!("lets UDP pass to ports of mail ({ports})"))
                    .note("no mail protocol runs over UDP: the rule lets something pass that nobody meant")
                    .help("write the ports under `tcp` only"),
            );
        }
    }
}
