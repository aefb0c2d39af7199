//! Defaults that no packet ever comes to.

use crate::lint::blockers::{has_rule, pointing_at};
use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Origin, Profile, Rule, RuleAction};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct DefaultUnreachable;

static META: Meta = Meta {
    id: "default-unreachable",
    summary: "the default of a hook never decides a packet: rules have decided all of them",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Pci, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 SC-7(5)", "PCI DSS 4.0.1 1.2.7"],
    page: include_str!("default_unreachable.md"),
};

impl Check for DefaultUnreachable {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(Hook::ALL.into_iter().filter_map(|hook| finding(context, hook)));
    }
}

fn finding(context: &Context<'_>, hook: Hook) -> Option<Diagnostic> {
    let policy = context.policy();
    let before = context.decisions().before_default(hook).filter(|before| has_rule(before))?;
    let default = policy.defaults.of(hook);
    let rules = before.iter().filter_map(|origin| match origin {
        Origin::Rule(index) => policy.rules.get(*index),
        Origin::Baseline(_) | Origin::Default => None,
    });
    let is_open =
        default != RuleAction::Allow && rules.clone().any(|rule| rule.action.value == RuleAction::Allow);
    let differs = |rule: &Rule| (rule.action.value, rule.log) != (default, policy.defaults.log);
    if !is_open && !rules.clone().any(differs) {
        return None; // A last rule that says the same as the default documents it.
    }
    let title =
        format!("the default of the {} hook never decides a packet: rules decide all of them", hook.name());
    let site = policy.defaults.site.unwrap_or(policy.site);
    let finding = pointing_at(context, context.finding(site, title), &before, "first");
    Some(if is_open {
        finding
            .note("what no rule names is let through: the refusal behind the rules is for nothing")
            .help("narrow the rule that allows everything")
    } else {
        Diagnostic { severity: Severity::Info, ..finding }
            .help("let the default say what the last rule says, and delete the rule")
    })
}
