//! Mail protocols that nobody should speak any more.

use crate::lint::exposure::{Ports, in_words, opened};
use crate::lint::mail::{crossing, listed};
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailHistoricProtocols;

static META: Meta = Meta {
    id: "mail-historic-protocols",
    summary: "historic mail protocols may pass, such as POP2 and IMAP3",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Nist80053, Profile::Rfc],
    sources: &["IANA", "RFC 8314 §4.1", "NIST SP 800-53r5 CM-7"],
    page: include_str!("mail_historic_protocols.md"),
};

/// POP2, IMAP3, IMAP over TLS on its old port, POP3 with Kerberos, poppassd, PCMAIL, Netix message posting, IMSP, ACAP (IANA).
const HISTORIC: Ports = Ports { tcp: &[106, 109, 158, 218, 220, 406, 585, 674, 1109], udp: &[] };

impl Check for MailHistoricProtocols {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = HISTORIC.of(&crossing(context));
        let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
        for permit in listed(context, &asked) {
            let ports = in_words(&opened(context, &permit, &asked, accepts));
            findings.push(
                context
                    .finding_about(&permit, &format!("lets historic mail protocols pass ({ports})"))
                    .note("they carry passwords in clear, and programs for them have not been kept up for decades")
                    .help("take the ports out of the rule; mail is read on 993 and 995"),
            );
        }
    }
}
