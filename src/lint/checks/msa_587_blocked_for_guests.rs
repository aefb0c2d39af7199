//! Guests who cannot send mail.

use crate::analyze::Hit;
use crate::lint::breadth::{End, Many};
use crate::lint::reach::{in_family, refusal};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta, Packets};
use crate::model::{Profile, Trust, Zone};
use crate::packet::{Cube, Family, Hook};
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
            findings.extend(refused(context, zone).map(|refusal| {
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

/// A packet of guests to a submission server and who refuses it, in a family in which they may browse everywhere and submit nowhere,
/// or to a few servers only.
fn refused<'p>(context: &Context<'p>, zone: &Zone) -> Option<Hit<'p>> {
    let everybody = Many::outside(context.policy(), End::Destination);
    let may_reach =
        |packets: &Packets, ports: &[u16]| everybody.pass(context.decisions(), packets.tcp(ports).cubes());
    let asked = from_guests(context, zone);
    let mut of_families = Family::ALL.into_iter().map(|family| in_family(&asked, family));
    let shut = of_families.find(|packets| may_reach(packets, &[80, 443]) && !may_reach(packets, &[465, 587]));
    refusal(context, &shut?.tcp(&[587]))
}

/// Packets of guests on their way to another zone, but for those of the site.
fn from_guests(context: &Context<'_>, zone: &Zone) -> Packets {
    let opening = context.opening(Hook::Forward).only_from(&zone.addresses);
    let others = zone.interfaces.complement();
    let cubes = opening.cubes().iter().map(|cube| Cube {
        incoming: cube.incoming.intersect(&zone.interfaces),
        outgoing: cube.outgoing.intersect(&others),
        ..cube.clone()
    });
    let internal =
        context.policy().zones.iter().filter(|zone| zone.trust == Trust::Internal && zone.has_networks);
    let packets = Packets::new(cubes.collect()).off_loopback();
    internal.fold(packets, |packets, zone| packets.not_to(&zone.addresses))
}
