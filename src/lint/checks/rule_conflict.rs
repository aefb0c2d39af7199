//! Two rules that contradict each other packet by packet.

use crate::analyze::Conflict;
use crate::lint::fixes::withdrawal;
use crate::lint::{Check, Context, Meta};
use crate::model::{Origin, Profile};
use crate::packet::Packet;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleConflict;

static META: Meta = Meta {
    id: "rule-conflict",
    summary: "two rules speak about exactly the same packets and do different things",
    severity: Severity::High,
    profiles: &[Profile::Hygiene, Profile::Pci],
    sources: &["PCI DSS 4.0.1 1.2.7", "OpenBSD pf.conf(5)"],
    page: include_str!("rule_conflict.md"),
};

impl Check for RuleConflict {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let conflicts = context.decisions().conflicts();
        findings.extend(conflicts.into_iter().filter_map(|conflict| finding(context, conflict)));
    }
}

fn finding(context: &Context<'_>, Conflict { earlier, later }: Conflict) -> Option<Diagnostic> {
    let rules = &context.policy().rules;
    let (earlier, at, later) = (rules.get(earlier)?, later, rules.get(later)?);
    let (first, second) = (&earlier.id.value, &later.id.value);
    let title =
        format!("rule `{second}` is about exactly the packets of rule `{first}` and does something else");
    let finding = context
        .finding(later.id.site, title)
        .label(format!("`{}`, and never comes to act", later.action.value.name()))
        .related(earlier.id.site, format!("`{}`, and decides all of them", earlier.action.value.name()))
        .help("delete the one that is not meant")
        .fix(withdrawal(later));
    Some(
        packet_of(context, at)
            .into_iter()
            .fold(finding, |finding, packet| finding.note(context.example(&packet))),
    )
}

/// A packet of the rule with that index.
fn packet_of(context: &Context<'_>, rule: usize) -> Option<Packet> {
    let mut entries = context.policy().entries.iter().filter(|entry| entry.origin == Origin::Rule(rule));
    entries.find_map(|entry| entry.cubes().iter().find_map(Packet::of))
}
