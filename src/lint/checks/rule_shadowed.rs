//! Rules that never come to decide.

use std::collections::BTreeSet;

use crate::analyze::{Effect, Hit, Shadowed};
use crate::lint::{Check, Context, Decider, Meta};
use crate::model::{Entry, Origin, Profile, Rule, RuleAction, Verdict};
use crate::packet::Cube;
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

/// How many of the rules in front are pointed at; nobody follows more.
const MOST_LABELS: usize = 8;

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
    let id = &rule.id.value;
    match shadowed.effect {
        Effect::Contradicted => {
            let title =
                format!("rule `{id}` never decides a packet, and some of its packets meet the opposite");
            let finding = context.finding(rule.id.site, title).help("move the rule up, or delete it");
            Some(explained(context, finding, rule, shadowed))
        }
        Effect::Redundant if by_rules(shadowed) => {
            let title =
                format!("rule `{id}` never decides a packet: earlier rules do the same to all of them");
            let mut finding =
                context.finding(rule.id.site, title).help("delete the rule, or narrow the earlier ones");
            finding.severity = Severity::Low;
            Some(explained(context, finding, rule, shadowed))
        }
        // What the baseline does anyway may be said again: that documents an intent.
        Effect::Redundant => None,
        Effect::Undecided => Some(undecided(context, rule)),
    }
}

/// Whether some of what stands in front was written as a rule.
fn by_rules(shadowed: &Shadowed) -> bool {
    shadowed.by.iter().any(|origin| matches!(origin, Origin::Rule(_)))
}

fn undecided(context: &Context<'_>, rule: &Rule) -> Diagnostic {
    let title = format!("it could not be told whether rule `{}` ever decides a packet", rule.id.value);
    let mut finding =
        context.finding(rule.id.site, title).note("too many earlier rules overlap it in too many ways");
    finding.severity = Severity::Low;
    finding.help("split the rule, or move it up")
}

/// The finding with what stands in front of the rule, and a packet.
fn explained(context: &Context<'_>, finding: Diagnostic, rule: &Rule, shadowed: &Shadowed) -> Diagnostic {
    let policy = context.policy();
    let blockers: BTreeSet<Origin> = shadowed.by.iter().copied().collect();
    let finding = blockers.iter().take(MOST_LABELS).fold(finding, |finding, &blocker| match blocker {
        Origin::Rule(index) => policy.rules.get(index).into_iter().fold(finding, pointing_at),
        Origin::Baseline(part) => {
            finding.note(format!("the baseline's `{}` decides some of them", part.name()))
        }
        Origin::Default => finding,
    });
    let finding = match blockers.len().checked_sub(MOST_LABELS) {
        Some(more @ 1..) => finding.note(format!("{more} more earlier rules have a part in it")),
        _ => finding,
    };
    match decided(context, rule, shadowed.rule) {
        Some(hit) => finding.note(format!(
            "{}, which {} {}",
            context.example(&hit.packet),
            Decider::new(policy, hit.clone()).subject,
            outcome(hit.entry),
        )),
        None => finding,
    }
}

fn pointing_at(finding: Diagnostic, blocker: &Rule) -> Diagnostic {
    let does = match blocker.action.value {
        RuleAction::Allow => "allows",
        RuleAction::Deny => "denies",
        RuleAction::Reject => "rejects",
    };
    finding.related(blocker.id.site, format!("`{}` {does} its packets first", blocker.id.value))
}

/// Who decides some packet of the rule, one that meets the opposite if there is one.
fn decided<'p>(context: &Context<'p>, rule: &Rule, index: usize) -> Option<Hit<'p>> {
    let entries = context.policy().entries.iter().filter(|entry| entry.origin == Origin::Rule(index));
    let cubes: Vec<Cube> = entries.flat_map(Entry::cubes).collect();
    let hits: Vec<Hit<'p>> = cubes.iter().flat_map(|cube| context.decisions().deciding(cube)).collect();
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
