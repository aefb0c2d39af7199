//! Guests who cannot send mail.

use crate::lint::reach::{is_open, shut};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Zone};
use crate::packet::{Cube, Hook};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Msa587BlockedForGuests;

static META: Meta = Meta {
    id: "msa-587-blocked-for-guests",
    summary: "guests may not submit mail to their own providers",
    severity: Severity::Low,
    profiles: &[Profile::Mail, Profile::Rfc],
    sources: &["RFC 5068 §4.1"],
    page: include_str!("msa_587_blocked_for_guests.md"),
};

impl Check for Msa587BlockedForGuests {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Guests
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for zone in context.policy().zones.iter().filter(|zone| zone.has_guests) {
            let asked = from_guests(context, zone);
            if !is_open(context, &asked) || is_open(context, &asked.tcp(&[465, 587])) {
                continue;
            }
            findings.extend(shut(context, &asked.tcp(&[587])).into_iter().take(1).map(|refusal| {
                let title = format!("guests in `{}` may not submit mail to their providers", zone.name.value);
                context
                    .finding(zone.name.site, title)
                    .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                    .note(context.example(&refusal.packet))
                    .note("submission ports ask for a login; it is port 25 that spam uses")
                    .help("allow `submission` and `submissions` from the zone to the outside")
            }));
        }
    }
}

/// Packets of guests on their way to another zone.
fn from_guests(context: &Context<'_>, zone: &Zone) -> Packets {
    let opening = context.opening(Hook::Forward).only_from(&zone.addresses);
    let others = zone.interfaces.complement();
    let cubes = opening.cubes().iter().map(|cube| Cube {
        incoming: cube.incoming.intersect(&zone.interfaces),
        outgoing: cube.outgoing.intersect(&others),
        ..cube.clone()
    });
    Packets::new(cubes.collect()).off_loopback()
}
