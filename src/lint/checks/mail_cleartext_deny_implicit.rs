//! Cleartext mail that only the default refuses.

use crate::lint::mail::listed;
use crate::lint::{Asked, Check, CheckSubject, Context, Meta, Packets};
use crate::model::{Origin, Policy, Profile, Trust};
use crate::packet::{Cube, Hook, IntervalSet};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailCleartextDenyImplicit;

static META: Meta = Meta {
    id: "mail-cleartext-deny-implicit",
    summary: "no rule refuses mail access without TLS on the way out, only the default does",
    severity: Severity::Info,
    profiles: &[Profile::Bsi],
    sources: &["BSI NET.3.2.A9"],
    page: include_str!("mail_cleartext_deny_implicit.md"),
};

/// Mail over TLS.
const MAIL: [u16; 4] = [465, 587, 993, 995];

impl Check for MailCleartextDenyImplicit {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        if listed(context, &context.outward().tcp(&MAIL)).is_empty() {
            return; // Nobody here reads mail.
        }
        let asked = by_the_uplink(context.policy(), &context.outward().tcp(&[110, 143]));
        let policy = context.policy();
        let mut refusals = asked.cubes().iter().flat_map(|cube| context.decisions().refusals(cube));
        let refused = refusals.find(|hit| hit.entry.origin == Origin::Default);
        findings.extend(refused.map(|hit| {
            let site = policy.defaults.site.unwrap_or(policy.site);
            context
                .finding(site, "only the default keeps mail access without TLS from leaving the site")
                .note(context.example(&hit.packet))
                .note(
                    "a rule of its own outlives rules that allow too much, and its log shows who still tries",
                )
                .help("reject `pop3` and `imap` in a rule with `log: true`, before the rules that allow")
        }));
    }
}

/// Those packets that go out by an interface of an untrusted zone: others are nobody's plan.
fn by_the_uplink(policy: &Policy, packets: &Packets) -> Packets {
    let untrusted = policy.zones.iter().filter(|zone| zone.trust == Trust::Untrusted);
    let uplinks = IntervalSet::union_of(untrusted.map(|zone| &zone.interfaces));
    let internal = policy.zones.iter().filter(|zone| zone.trust == Trust::Internal);
    let inside = IntervalSet::union_of(internal.map(|zone| &zone.interfaces));
    let cubes = packets.cubes().iter().map(|cube| Cube {
        incoming: if cube.hook == Hook::Forward {
            cube.incoming.intersect(&inside)
        } else {
            cube.incoming.clone()
        },
        outgoing: cube.outgoing.intersect(&uplinks),
        ..cube.clone()
    });
    Packets::new(cubes.collect())
}
