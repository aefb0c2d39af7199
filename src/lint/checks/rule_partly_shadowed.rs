//! Values that a rule names in vain.

use crate::analyze::{Effect, Vain};
use crate::lint::blockers::{has_rule, pointing_at};
use crate::lint::{Check, Context, Meta};
use crate::model::{Profile, Rule};
use crate::packet::Field;
use crate::source::{Diagnostic, Severity, Site};

/// See the page.
pub(super) struct RulePartlyShadowed;

static META: Meta = Meta {
    id: "rule-partly-shadowed",
    summary: "ports or addresses of a rule never match: earlier rules decide all their packets",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Pci],
    sources: &["PCI DSS 4.0.1 1.2.7"],
    page: include_str!("rule_partly_shadowed.md"),
};

impl Check for RulePartlyShadowed {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let vain = context.decisions().vain_parts();
        findings.extend(vain.iter().filter_map(|vain| finding(context, vain)));
    }
}

fn finding(context: &Context<'_>, vain: &Vain) -> Option<Diagnostic> {
    // What the baseline does anyway may be said again.
    let rule = context.policy().rules.get(vain.rule).filter(|_| has_rule(&vain.by))?;
    let (site, what) = place(context, rule, vain);
    let title = format!("a part of rule `{}` never matches: {what}", rule.id.value);
    let finding = context.finding(site, title).label(format!("{what}: decided by earlier rules"));
    let mut finding = pointing_at(context, finding, &vain.by, "first");
    finding.severity = match (vain.is_whole, vain.effect) {
        (true, Effect::Contradicted) => Severity::Medium,
        (true, Effect::Redundant | Effect::Undecided) => Severity::Low,
        (false, _) => Severity::Info,
    };
    if let Some(hit) = context.decisions().deciding(&vain.packets).next() {
        finding = finding.note(context.example(&hit.packet));
    }
    Some(finding.help("take it out of the rule, or move the rule up"))
}

/// Where the values stand, and which they are.
fn place(context: &Context<'_>, rule: &Rule, vain: &Vain) -> (Site, String) {
    let portrait = context.vocabulary().portrait(&vain.packets);
    match vain.field {
        Field::Source => (rule.from, format!("from {}", portrait.from.join(", "))),
        Field::Destination => (rule.to, format!("to {}", portrait.to.join(", "))),
        _ => (rule.services, portrait.services.join(", ")),
    }
}
