//! Defaults that no packet ever comes to.

use crate::lint::blockers::{has_rule, pointing_at};
use crate::lint::{Check, Context, Meta};
use crate::model::{Origin, Profile, RuleAction};
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

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(Hook::ALL.into_iter().filter_map(|hook| finding(context, hook)));
    }
}

fn finding(context: &Context<'_>, hook: Hook) -> Option<Diagnostic> {
    let policy = context.policy();
    let before = context.decisions().before_default(hook).filter(|before| has_rule(before))?;
    let refuses = policy.defaults.of(hook) != RuleAction::Allow;
    let is_open = refuses && before.iter().any(|&origin| is_permission(context, origin));
    let title =
        format!("the default of the {} hook never decides a packet: rules decide all of them", hook.name());
    let site = policy.defaults.site.unwrap_or(policy.site);
    let finding = pointing_at(context, context.finding(site, title), &before, "first");
    if is_open {
        return Some(
            finding
                .note("what no rule names is let through: the refusal behind the rules is for nothing")
                .help("narrow the rule that allows everything"),
        );
    }
    Some(
        Diagnostic { severity: Severity::Info, ..finding }
            .help("delete the last rule, or let it be the default"),
    )
}

fn is_permission(context: &Context<'_>, origin: Origin) -> bool {
    matches!(origin, Origin::Rule(_)) && context.decisions().accepts(origin)
}
