//! SMTP from the outside to a host that is not an MX.

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct SmtpInOnNonMx;

static META: Meta = Meta {
    id: "smtp-in-on-non-mx",
    summary: "a host that is not an MX takes mail (TCP 25) from the outside",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::CisDebian12, Profile::Bsi],
    sources: &["CIS Debian 12 v1.1.0 2.1.21", "BSI APP.5.3.A2"],
    page: include_str!("smtp_in_on_non_mx.md"),
};

/// Declared hosts that may hand mail on to a host that is not an MX, wherever they are.
const RELAYS: &[Role] = &[Role::Mx, Role::MtaOut, Role::Filter];

impl Check for SmtpInOnNonMx {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let smtp = context.not_from(&context.inward().tcp(&[25]), RELAYS);
        for permit in context.permits(&context.not_to(&smtp, &[Role::Mx])) {
            let predicate = "lets the outside deliver mail to a host that is not an MX";
            findings.push(
                context
                    .finding_about(&permit, predicate)
                    .note("a second way in bypasses the MX with its filters, and may be an open relay")
                    .help("narrow `to` to the MX, or declare the host under `hosts` with the role `mx`"),
            );
        }
    }
}
