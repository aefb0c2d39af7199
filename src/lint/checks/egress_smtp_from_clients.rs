//! SMTP to the outside from hosts that are not mail relays.

use crate::lint::{Check, CheckSubject, Context, Meta, Packets};
use crate::model::{Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct EgressSmtpFromClients;

static META: Meta = Meta {
    id: "egress-smtp-from-clients",
    summary: "hosts that are not mail relays may deliver mail (TCP 25) to the outside",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["M3AAWG Managing Port 25", "RFC 2979 §2", "RFC 5068 §4"],
    page: include_str!("egress_smtp_from_clients.md"),
};

impl Check for EgressSmtpFromClients {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let smtp = context.outward().tcp(&[25]);
        for permit in context.permits(&not_to_smart_hosts(context, &context.not_from(&smtp, &[Role::MtaOut])))
        {
            let predicate = "lets hosts that are not mail relays deliver mail to the outside";
            findings.push(
                context
                    .finding_about(&permit, predicate)
                    .note("malware sends spam on port 25, past filters, signatures and logs")
                    .help(
                        "allow `smtp` from hosts with the role `mta-out` only (see `hosts`); clients submit mail on \
                         465 or 587",
                    ),
            );
        }
    }
}

/// Those packets that do not go from a host to the smart host declared for it.
fn not_to_smart_hosts(context: &Context<'_>, packets: &Packets) -> Packets {
    let hosts = context.policy().hosts.iter();
    let handed_over =
        hosts.filter_map(|host| Some(context.from_host(packets, host).only_to(host.smarthost.as_ref()?)));
    let handed_over: Vec<Packets> = handed_over.collect();
    handed_over.iter().flat_map(Packets::cubes).fold(packets.clone(), |rest, cube| rest.without(cube))
}
