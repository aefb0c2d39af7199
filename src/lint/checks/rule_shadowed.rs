//! Rules that never come to decide.

use std::collections::BTreeSet;

use crate::analyze::{Effect, Hit, Shadowed, Subject};
use crate::lint::blockers::pointing_at;
use crate::lint::fixes::withdrawal;
use crate::lint::{Check, Context, Meta};
use crate::model::{Entry, Profile, Rule, RuleAction, Verdict};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleShadowed;

static META: Meta = Meta {
    id: "rule-shadowed",
    summary: "a rule never decides a packet: earlier rules have decided all of them",
    severity: Severity::High,
    profiles: &[Profile::Hygiene, Profile::Pci, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.7", "NIST SP 800-53r5 CM-7(1)"],
    page: include_str!("rule_shadowed.md"),
};

impl Check for RuleShadowed {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let shadowed = context.decisions().shadowed_rules();
        if shadowed.is_empty() {
            return;
        }
        let conflicts = context.decisions().conflicts();
        let conflicting: BTreeSet<usize> = conflicts.iter().map(|conflict| conflict.later).collect();
        let others = shadowed.iter().filter(|shadowed| !conflicting.contains(&shadowed.rule));
        findings.extend(others.filter_map(|shadowed| finding(context, shadowed)));
    }
}

fn finding(context: &Context<'_>, shadowed: &Shadowed) -> Option<Diagnostic> {
    let rule = context.policy().rules.get(shadowed.rule)?;
    match shadowed.effect {
        Effect::Contradicted => {
            let id = &rule.id.value;
            let title =
                format!("rule `{id}` never decides a packet, and some of its packets meet the opposite");
            let finding = context.finding(rule.id.site, title).help("move the rule up, or delete it");
            let finding = finding.fix(withdrawal(rule));
            let finding = pointing_at(context, finding, &shadowed.by, "first");
            Some(with_packet(context, finding, rule, shadowed.rule))
        }
        // What earlier rules do anyway is `rule-redundant`.
        Effect::Redundant => None,
        Effect::Undecided => Some(undecided(context, rule)),
    }
}

fn undecided(context: &Context<'_>, rule: &Rule) -> Diagnostic {
    let title = format!("it could not be told whether rule `{}` ever decides a packet", rule.id.value);
    let mut finding =
        context.finding(rule.id.site, title).note("too many earlier rules overlap it in too many ways");
    finding.severity = Severity::Low;
    finding.help("split the rule, or move it up")
}

/// The finding with who decides a packet of the rule.
fn with_packet(context: &Context<'_>, finding: Diagnostic, rule: &Rule, index: usize) -> Diagnostic {
    match decided(context, rule, index) {
        Some(hit) => finding.note(format!(
            "{}, which {} {}",
            context.example(&hit.packet),
            Subject::of(context.policy(), hit.entry),
            outcome(hit.entry),
        )),
        None => finding,
    }
}

/// Who decides some packet of the rule, one that meets the opposite if there is one.
fn decided<'p>(context: &Context<'p>, rule: &Rule, index: usize) -> Option<Hit<'p>> {
    let cubes = context.decisions().cubes_of_rule(index);
    let hits: Vec<Hit<'p>> = cubes.flat_map(|cube| context.decisions().deciding(cube)).collect();
    let allows = rule.action.value == RuleAction::Allow;
    let opposite = hits.iter().find(|hit| (hit.entry.verdict == Verdict::Accept) != allows);
    opposite.or(hits.first()).cloned()
}

fn outcome(entry: &Entry) -> &'static str {
    match entry.verdict {
        Verdict::Accept => "accepts",
        Verdict::Drop => "drops",
        Verdict::Reject => "rejects",
        Verdict::Observe => "observes",
    }
}
