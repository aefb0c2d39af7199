//! Flows that are let in and whose answers are not.

use std::collections::BTreeMap;

use crate::analyze::{Hit, describe};
use crate::lint::flow;
use crate::lint::{Check, Context, Meta, Packets, fixes};
use crate::model::{Origin, Profile};
use crate::packet::{Cube, Hook, State, States};
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

fn finding(context: &Context<'_>, opening: &Hit<'_>, refusal: &Hit<'_>) -> Diagnostic {
    let policy = context.policy();
    let (site, opened) = (policy.site_of(refusal.entry), policy.site_of(opening.entry));
    let finding = context.finding(site, "answers to accepted traffic are refused");
    let finding = if opened == site { finding } else { finding.related(opened, "this opens such a flow") };
    let finding = finding
        .note(context.example(&opening.packet))
        .note(format!("refused answer: {}", describe(policy, &refusal.packet)))
        .help("switch `baseline.established` on: it accepts packets of known flows and nothing else");
    fixes::switched_on(finding, policy, policy.baseline.established, "established")
}
