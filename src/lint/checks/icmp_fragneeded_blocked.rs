//! Path-MTU discovery that a filter breaks.

use std::collections::BTreeMap;

use crate::analyze::{Hit, describe};
use crate::lint::flow;
use crate::lint::{Check, Context, Meta, fixes};
use crate::model::{Origin, Profile};
use crate::packet::{Cube, Hook};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct IcmpFragneededBlocked;

static META: Meta = Meta {
    id: "icmp-fragneeded-blocked",
    summary: "ICMP messages of path-MTU discovery are refused although flows depend on them",
    severity: Severity::High,
    profiles: &[Profile::Rfc, Profile::Mail],
    sources: &["RFC 2979 §3.1.1", "RFC 1191", "RFC 4890 §4.3.1", "RFC 8201 §6"],
    page: include_str!("icmp_fragneeded_blocked.md"),
};

impl Check for IcmpFragneededBlocked {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        if !refuses_errors(context) {
            return;
        }
        // One finding for each place that refuses the messages, not for each flow: there is one thing to mend.
        let mut refusals = BTreeMap::new();
        for flow in Hook::ALL.iter().flat_map(|&hook| accepted(context, hook)) {
            for refusal in refused_errors(context, &flow) {
                let site = context.policy().site_of(refusal.entry);
                refusals.entry(site).or_insert((flow.clone(), refusal));
            }
        }
        findings.extend(refusals.into_values().map(|(flow, refusal)| finding(context, &flow, &refusal)));
    }
}

/// Whether any such message is refused: where none is, no flow needs a look.
fn refuses_errors(context: &Context<'_>) -> bool {
    Hook::ALL.into_iter().any(|hook| {
        let every = context.opening(hook).off_loopback();
        every.cubes().iter().any(|cube| flow::wrongly_refused(context, &flow::too_big_among(cube)).is_some())
    })
}

/// One flow of each hook and family that somebody allowed, away from the loopback. Baseline traffic is too small
/// to need path-MTU discovery.
fn accepted<'p>(context: &Context<'p>, hook: Hook) -> Vec<Hit<'p>> {
    let allowed = |cube: &Cube| {
        let mut hits = context.decisions().accepting(cube).into_iter();
        hits.find(|hit| !matches!(hit.entry.origin, Origin::Baseline(_)))
    };
    context.opening(hook).off_loopback().cubes().iter().filter_map(allowed).collect()
}

/// Who refuses errors about the packets of a flow that leave this machine, in either direction.
fn refused_errors<'p>(context: &Context<'p>, flow: &Hit<'p>) -> Vec<Hit<'p>> {
    let there = Some(flow.packet.clone());
    let and_back = flow::answer(&flow.packet);
    let leaving = [there, and_back].into_iter().flatten().filter(|packet| packet.hook != Hook::Input);
    leaving.filter_map(|packet| flow::wrongly_refused(context, &flow::too_big(&packet))).collect()
}

fn finding(context: &Context<'_>, flow: &Hit<'_>, refusal: &Hit<'_>) -> Diagnostic {
    let policy = context.policy();
    let finding = context
        .finding(policy.site_of(refusal.entry), "messages of path-MTU discovery are refused")
        .related(policy.site_of(flow.entry), "this accepts a flow that needs them")
        .note(format!("refused: {}", describe(policy, &refusal.packet)))
        .note("where the path carries smaller packets only, connections open and then hang with the first large packet")
        .help("switch `baseline.icmp-errors` or `baseline.established` on");
    fixes::switched_on(finding, policy, policy.baseline.icmp_errors, "icmp-errors")
}
