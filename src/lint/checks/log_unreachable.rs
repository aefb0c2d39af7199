//! Rules that log, and never see a packet.

use std::collections::BTreeSet;

use crate::analyze::Shadowed;
use crate::lint::blockers::pointing_at;
use crate::lint::lost_log::loses_log;
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct LogUnreachable;

static META: Meta = Meta {
    id: "log-unreachable",
    summary: "a rule is to log packets that never come to it, and nobody else logs them",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Nist80053, Profile::Hipaa],
    sources: &["NIST SP 800-53r5 AU-12", "45 CFR 164.312(b)", "iptables-extensions(8)"],
    page: include_str!("log_unreachable.md"),
};

impl Check for LogUnreachable {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let repeated: BTreeSet<usize> =
            context.decisions().duplicates().iter().map(|duplicate| duplicate.later).collect();
        let hidden = context.decisions().shadowed_rules().iter();
        let others = hidden.filter(|hidden| !repeated.contains(&hidden.rule));
        findings.extend(others.filter_map(|hidden| finding(context, hidden)));
    }
}

fn finding(context: &Context<'_>, hidden: &Shadowed) -> Option<Diagnostic> {
    let rule = context.policy().rules.get(hidden.rule).filter(|rule| loses_log(context, hidden, rule))?;
    let id = &rule.id.value;
    let (title, help) = if rule.observes() {
        let title = format!("rule `{id}` never sees a packet to log: earlier rules decide all of them");
        (title, "move the rule up, or delete it: its packets are refused already")
    } else {
        let title = format!("rule `{id}` never logs a packet: all of them are decided before, without a log");
        (title, "move the rule up, or log where the packets are decided")
    };
    let finding = context.finding(rule.id.site, title).help(help);
    Some(pointing_at(context, finding, &hidden.by, "first"))
}
