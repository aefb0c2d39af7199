//! Flows that are let in and whose answers are not.

use std::collections::BTreeMap;

use crate::analyze::{Hit, describe};
use crate::lint::{Check, Context, Meta, Packets, fixes, flow};
use crate::model::{Origin, Profile};
use crate::packet::{Cube, Family, Hook, Packet, State, States, TCP, UDP};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ReturnTrafficMissing;

static META: Meta = Meta {
    id: "return-traffic-missing",
    summary: "packets that open a flow are accepted, the answers to them are refused",
    severity: Severity::High,
    profiles: &[Profile::CisDebian12, Profile::Pci, Profile::Bsi],
    sources: &["CIS Debian 12 v1.1.0 4.3.7", "PCI DSS 4.0.1 1.4.2", "BSI NET.3.2.A3"],
    page: include_str!("return_traffic_missing.md"),
};

impl Check for ReturnTrafficMissing {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        if !refuses_answers(context) {
            return;
        }
        // One finding for each place that refuses answers, not for each flow: there is one thing to mend.
        let mut refusals = BTreeMap::new();
        for opening in openings(context) {
            if let Some(refusal) = refused_answer(context, &opening) {
                let site = context.policy().site_of(refusal.entry);
                refusals.entry(site).or_insert((opening, refusal));
            }
        }
        findings
            .extend(refusals.into_values().map(|(opening, refusal)| finding(context, &opening, &refusal)));
    }
}

/// Whether any packet of a known flow is refused: where none is, no flow needs a look.
fn refuses_answers(context: &Context<'_>) -> bool {
    Hook::ALL.into_iter().any(|hook| {
        let opening = context.opening(hook).off_loopback();
        let known = |cube: &Cube| Cube { states: States::of(&[State::Established]), ..cube.clone() };
        opening.cubes().iter().any(|cube| context.decisions().refusing(&known(cube)).is_some())
    })
}

/// One flow of each entry that accepts some, away from the loopback; those of the baseline last.
fn openings<'p>(context: &Context<'p>) -> Vec<Hit<'p>> {
    let boxes = Hook::ALL.map(|hook| context.opening(hook).off_loopback());
    let cubes = boxes.iter().flat_map(Packets::cubes);
    let mut hits: Vec<Hit<'p>> = cubes.flat_map(|cube| context.decisions().accepting(cube)).collect();
    hits.sort_by_key(|hit| matches!(hit.entry.origin, Origin::Baseline(_)));
    hits
}

fn refused_answer<'p>(context: &Context<'p>, opening: &Hit<'p>) -> Option<Hit<'p>> {
    context.decisions().refusing(&Cube::single(&flow::answer(&opening.packet)?))
}

/// Who accepts answers over the other family that are refused over this one: a match on `ip protocol` or on an IPv4
/// address is never true of IPv6, which people overlook.
fn accepted_over_other_family<'p>(context: &Context<'p>, answer: &Packet) -> Option<Hit<'p>> {
    let other = match answer.family {
        Family::V4 => Family::V6,
        Family::V6 => Family::V4,
    };
    let cube = Cube::single(answer);
    let same = Cube {
        states: cube.states,
        incoming: cube.incoming,
        outgoing: cube.outgoing,
        transport: cube.transport,
        source_ports: cube.source_ports,
        ..Cube::every(answer.hook, other)
    };
    let is_accepted =
        [TCP, UDP].contains(&answer.protocol()) && context.decisions().refusing(&same).is_none();
    let accepting = is_accepted.then(|| context.decisions().accepting(&same)).into_iter().flatten();
    accepting.into_iter().find(|hit| hit.entry.origin != Origin::Default)
}

fn finding(context: &Context<'_>, opening: &Hit<'_>, refusal: &Hit<'_>) -> Diagnostic {
    let policy = context.policy();
    let (site, opened) = (policy.site_of(refusal.entry), policy.site_of(opening.entry));
    let finding = context.finding(site, "answers to accepted traffic are refused");
    let finding = if opened == site { finding } else { finding.related(opened, "this opens such a flow") };
    let other = accepted_over_other_family(context, &refusal.packet);
    let finding = other.into_iter().fold(finding, |finding, hit| {
        let (open, closed) = match hit.packet.family {
            Family::V4 => ("IPv4", "IPv6"),
            Family::V6 => ("IPv6", "IPv4"),
        };
        let label = format!("this accepts answers over {open} and none over {closed}");
        finding.related(policy.site_of(hit.entry), label)
    });
    let finding = finding
        .note(context.example(&opening.packet))
        .note(format!("refused answer: {}", describe(policy, &refusal.packet)))
        .help("switch `baseline.established` on: it accepts packets of known flows and nothing else");
    fixes::switched_on(finding, policy, policy.baseline.established, "established")
}
