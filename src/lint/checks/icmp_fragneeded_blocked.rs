//! Path-MTU discovery that a filter breaks.

use crate::analyze::{Hit, describe};
use crate::lint::{Check, Context, Meta, fixes, flow, icmp};
use crate::model::Profile;
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
        let refused = icmp::refused_errors(context, flow::message_too_big).into_iter();
        findings.extend(refused.map(|(flow, refusal)| finding(context, &flow, &refusal)));
    }
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
