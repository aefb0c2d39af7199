//! An MX that nobody can reach.

use crate::analyze::Hit;
use crate::lint::mail::crossing;
use crate::lint::reach::{Need, Wanted, in_family, is_open, shut, shut_altogether};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Host, Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Mx25Unreachable;

static META: Meta = Meta {
    id: "mx-25-unreachable",
    summary: "a host with the role `mx` cannot be reached on TCP 25 by everybody who delivers mail to it",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 5321 §4.5.4.2"],
    page: include_str!("mx_25_unreachable.md"),
};

impl Check for Mx25Unreachable {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::Mx])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in context.hosts_with(&[Role::Mx]) {
            findings.extend(refusals(context, host).into_iter().take(1).map(|refusal| {
                context
                    .finding(host.site, "not everybody may deliver mail to this MX")
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .note("mail for the domain comes back to its senders after a few days")
                    .help("allow `smtp` (25) to it from the outside, or name who delivers in `relay-via`")
            }));
        }
    }
}

/// Who refuses mail on its way to a host: from those that hand it on, or from everybody outside.
fn refusals<'p>(context: &Context<'p>, host: &Host) -> Vec<Hit<'p>> {
    let Some(relays) = &host.relay_via else {
        let inward = context.to_host(&context.inward(), host);
        let mut shut = shut(context, &inward.tcp(&[25]), Need::from(Wanted::Everybody, host));
        // Where 465 is open, that is `mx-tls-required-by-port`.
        shut.retain(|refusal| !is_open(context, &in_family(&inward.tcp(&[465]), refusal.packet.family)));
        return shut;
    };
    if context.is_beside(host, relays) {
        return Vec::new();
    }
    let handed_on = context.to_host(&crossing(context), host).only_from(relays).tcp(&[25]);
    shut_altogether(context, &handed_on, Need::from(Wanted::Some, host)).into_iter().collect()
}
