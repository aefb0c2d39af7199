//! Mail services of one family only.

use crate::analyze::Hit;
use crate::lint::reach::{Need, Wanted, is_open, is_used_outside, shut};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Host, Profile, Role};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailV6Asymmetric;

static META: Meta = Meta {
    id: "mail-v6-asymmetric",
    summary: "a mail service of a host with both families can be reached in one of them only",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 7123 §2", "RFC 9051 §11.2"],
    page: include_str!("mail_v6_asymmetric.md"),
};

impl Check for MailV6Asymmetric {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Role(&[Role::Msa, Role::Mailbox, Role::Webmail])
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in &context.policy().hosts {
            let mut asymmetric = host.roles.iter().flat_map(|role| services(*role));
            let asymmetric = asymmetric.find_map(|&port| Some((port, one_sided(context, host, port)?)));
            findings.extend(asymmetric.map(|(port, refusal)| {
                let title = format!("TCP {port} of this host can be reached in one family of addresses only");
                context
                    .finding(host.site, title)
                    .related(context.policy().site_of(refusal.entry), "this refuses the other family")
                    .note(context.example(&refusal.packet))
                    .note("names usually lead to both addresses: others try one, wait, and try the other or give up")
                    .help("name both addresses of the host in `to`")
            }));
        }
    }
}

/// The TCP ports by which a role is known outside; port 25 of an MX is for `mx-25-unreachable`.
const fn services(role: Role) -> &'static [u16] {
    match role {
        Role::Msa => &[465, 587],
        Role::Mailbox => &[993, 995],
        Role::Webmail => &[443],
        _ => &[],
    }
}

/// Who refuses a port in one family, if it is open in the other.
fn one_sided<'p>(context: &Context<'p>, host: &Host, port: u16) -> Option<Hit<'p>> {
    let asked: Packets = context.to_host(&context.inward(), host).tcp(&[port]);
    if !is_open(context, &asked) {
        return None;
    }
    let mut shut = shut(context, &asked, Need::from(Wanted::Some, host)).into_iter();
    shut.find(|refusal| is_used_outside(context, refusal.packet.family))
}
