//! Forged sources that leave the site.

use crate::analyze::Decider;
use crate::lint::{Check, CheckSubject, Context, Meta, Packets, fixes};
use crate::model::{Addresses, Policy, Profile, Trust, Zone};
use crate::packet::{Cube, Hook};
use crate::source::{Diagnostic, Effect, Severity};

/// See the page.
pub(super) struct EgressSourceUnvalidated;

static META: Meta = Meta {
    id: "egress-source-unvalidated",
    summary: "packets may leave the site with a source that does not belong to where they come from",
    severity: Severity::High,
    profiles: &[Profile::Rfc],
    sources: &["RFC 2827 §3", "RFC 3704 §4", "RFC 6092 REC-5"],
    page: include_str!("egress_source_unvalidated.md"),
};

/// How many rules are pointed at; there is one thing to mend.
const MOST_LABELS: usize = 4;

impl Check for EgressSourceUnvalidated {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let permits = context.permits(&forged(context));
        findings.extend(permits.first().map(|first| finding(context, first, &permits)));
    }
}

/// Packets from interfaces of internal zones with sources that no zone there has, on their way out.
fn forged(context: &Context<'_>) -> Packets {
    let policy = context.policy();
    let opening = context.opening(Hook::Forward);
    let leaving = context.outward().in_hook(Hook::Forward);
    let of_zone = |zone: &Zone| {
        let foreign = Addresses::every().subtract(&own(policy, zone));
        let from = |cube: &Cube| Cube {
            incoming: cube.incoming.intersect(&zone.interfaces),
            source: foreign.of(cube.family).clone(),
            ..cube.clone()
        };
        let forged: Vec<Cube> = leaving.cubes().iter().map(from).collect();
        let asked =
            forged.iter().flat_map(|cube| opening.cubes().iter().filter_map(|open| open.intersect(cube)));
        asked.collect::<Vec<_>>()
    };
    let guarded = policy.zones.iter().filter(|zone| zone.trust == Trust::Internal && has_place(zone));
    Packets::new(guarded.flat_map(of_zone).collect())
}

/// The addresses of all zones that share an interface with a zone, and those that never leave a link.
fn own(policy: &Policy, zone: &Zone) -> Addresses {
    let here = policy.zones.iter().filter(|other| {
        other.interfaces.overlaps(&zone.interfaces) && (has_place(other) || other.trust == Trust::Internal)
    });
    here.fold(Addresses::link_local(), |all, other| all.union(&other.addresses))
}

/// Whether a zone says both behind which interfaces it is and which addresses it has.
fn has_place(zone: &Zone) -> bool {
    zone.has_networks && !zone.interfaces.is_full()
}

fn finding(context: &Context<'_>, first: &Decider<'_>, permits: &[Decider<'_>]) -> Diagnostic {
    let policy = context.policy();
    let site = policy.baseline.site.unwrap_or(policy.site);
    let title = "packets with a forged source may leave the site";
    let finding = context.finding(site, title).note(context.example(&first.hit.packet));
    let finding = permits.iter().take(MOST_LABELS).fold(finding, |finding, permit| {
        finding.related(permit.site, format!("{} lets them out", permit.subject))
    });
    let finding = if policy.baseline.anti_spoofing {
        finding
    } else {
        finding.fix(fixes::baseline(policy, Effect::Unproven, "anti-spoofing", "true"))
    };
    finding
        .note("floods and reflected attacks live on networks that let such packets out, and nobody can trace them")
        .help("switch `baseline.anti-spoofing` on: each zone then sends with its own addresses only")
}
