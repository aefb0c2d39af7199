//! Rules without which nothing would change.

use std::collections::BTreeSet;

use crate::analyze::{Effect, Redundant, Shadowed};
use crate::lint::blockers::{has_rule, pointing_at};
use crate::lint::fixes::deletion;
use crate::lint::lost_log::loses_log;
use crate::lint::{Check, Context, Meta};
use crate::model::{Origin, Profile, RuleAction};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleRedundant;

static META: Meta = Meta {
    id: "rule-redundant",
    summary: "a rule could go without a change: other rules do the same to all its packets",
    severity: Severity::Low,
    profiles: &[Profile::Hygiene, Profile::Pci, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.7", "NIST SP 800-53r5 CM-7(1)"],
    page: include_str!("rule_redundant.md"),
};

impl Check for RuleRedundant {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let decisions = context.decisions();
        let twice: BTreeSet<usize> = decisions.duplicates().iter().map(|duplicate| duplicate.later).collect();
        let repeated = decisions.shadowed_rules().iter().filter(|hidden| hidden.effect == Effect::Redundant);
        let repeated = repeated.filter(|hidden| !twice.contains(&hidden.rule));
        findings.extend(repeated.filter_map(|hidden| repeating(context, hidden)));
        let anticipated = decisions.redundant_rules();
        findings.extend(anticipated.iter().filter_map(|redundant| anticipating(context, redundant)));
    }
}

/// A rule that says what earlier rules have said. What the baseline does anyway may be said again: that documents an
/// intent.
fn repeating(context: &Context<'_>, hidden: &Shadowed) -> Option<Diagnostic> {
    let rule = context.policy().rules.get(hidden.rule).filter(|_| has_rule(&hidden.by))?;
    if loses_log(context, hidden, rule) {
        return None; // Something is missing without it: `log-unreachable`.
    }
    let title =
        format!("rule `{}` never decides a packet: earlier rules do the same to all of them", rule.id.value);
    let finding = context.finding(rule.id.site, title).help("delete the rule, or narrow the earlier ones");
    let finding = finding.fix(deletion(context, hidden.rule, rule));
    Some(pointing_at(context, finding, &hidden.by, "first"))
}

/// A rule that says what later rules say. A refusal that says what the default says documents an intent too.
fn anticipating(context: &Context<'_>, redundant: &Redundant) -> Option<Diagnostic> {
    let rule = context.policy().rules.get(redundant.rule)?;
    let refuses = rule.action.value != RuleAction::Allow;
    if redundant.by.iter().any(|&origin| is_repeated(context, origin)) {
        return None; // One of two rules that say the same may go, not both: the later one is reported.
    }
    let by_default = redundant.by.contains(&Origin::Default);
    if by_default && (refuses || !has_rule(&redundant.by)) {
        return None;
    }
    if refuses && redundant.by.iter().any(|&origin| context.decides_everything(origin)) {
        return None;
    }
    let title = format!(
        "rule `{}` changes nothing: later rules do the same to all packets it decides",
        rule.id.value
    );
    let finding = context.finding(rule.id.site, title).help("delete the rule, or narrow the later ones");
    let finding = finding.fix(deletion(context, redundant.rule, rule));
    Some(pointing_at(context, finding, &redundant.by, "too"))
}

/// Whether something stands for a rule that only repeats earlier ones.
fn is_repeated(context: &Context<'_>, origin: Origin) -> bool {
    context.decisions().shadowed_rules().iter().any(|hidden| Origin::Rule(hidden.rule) == origin)
}
