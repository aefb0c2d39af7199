//! SMTP from the outside to a host that is not an MX.

use crate::lint::{Check, CheckSubject, Context, Meta, Packets};
use crate::model::{Host, Profile, Role};
use crate::packet::{Cube, Family, Hook};
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
        let asked = not_relayed(context, &context.not_to(&smtp, &[Role::Mx]));
        for permit in context.permits(&asked) {
            let predicate = "lets the outside deliver mail to a host that is not an MX";
            findings.push(
                context
                    .finding_about(&permit, predicate)
                    .note("a second way in bypasses the MX with its filters, and may be an open relay")
                    .help(
                        "narrow `to` to the MX, or declare the host under `hosts` with the role `mx`, or with those who \
                         deliver to it in `relay-via`",
                    ),
            );
        }
    }
}

/// Those packets that do not come to a host by the way that it names in `relay-via`.
fn not_relayed(context: &Context<'_>, packets: &Packets) -> Packets {
    let relayed = context.policy().hosts.iter().flat_map(relayed);
    relayed.fold(packets.clone(), |packets, relayed| packets.without(&relayed))
}

/// The packets of those who deliver to a host.
fn relayed(host: &Host) -> Vec<Cube> {
    let Some(relays) = &host.relay_via else { return Vec::new() };
    let through = |family: Family| Cube {
        source: relays.of(family).clone(),
        destination: host.addresses.of(family).clone(),
        ..Cube::every(Hook::Forward, family)
    };
    let own = |family: Family| Cube { source: relays.of(family).clone(), ..Cube::every(Hook::Input, family) };
    let taken = Family::ALL.iter().filter(|_| host.is_self).map(|family| own(*family));
    Family::ALL.into_iter().map(through).chain(taken).filter(|cube| !cube.is_empty()).collect()
}
