//! Exceptions that nothing needs.

use crate::lint::{ALL, Asked, Check, CheckSubject, Context, Meta};
use crate::model::{Profile, Rule, RuleAction, Waiver, WaiverScope};
use crate::source::{Diagnostic, Edit, Effect, Fix, Severity, Site};

/// See the page.
pub(super) struct ExceptionUnused;

static META: Meta = Meta {
    id: "exception-unused",
    summary: "an exception permits what nobody does",
    severity: Severity::Low,
    profiles: &[Profile::Hygiene, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 SC-7(4)(e)"],
    page: include_str!("exception_unused.md"),
};

impl Check for ExceptionUnused {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn comes_last(&self) -> bool {
        true
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let waivers = context.policy().waivers.iter().filter(|waiver| waiver.holds_on(context.today()));
        for waiver in waivers {
            findings.extend(idle(context, waiver));
        }
        if runs_all(context) {
            findings.extend(context.rules().filter_map(|rule| idle_rule(context, rule)));
        }
    }
}

/// Whether every check for everybody is run: otherwise nobody knows what the exception of a rule is for.
fn runs_all(context: &Context<'_>) -> bool {
    let run = context.plan().checks(context.policy());
    let is_run = |id: &str| run.iter().any(|check| check.meta().id == id);
    ALL.iter().filter(|check| check.asked() == Asked::Always).all(|check| is_run(check.meta().id))
}

/// A waiver with a check that finds nothing to overlook.
fn idle(context: &Context<'_>, waiver: &Waiver) -> Option<Diagnostic> {
    let run = context.plan().checks(context.policy());
    let is_run = |id: &str| run.iter().any(|check| check.meta().id == id) || context.plan().has_own(id);
    let is_needed =
        |id: &str| context.excepted().iter().any(|one| one.by == waiver.site && one.finding.code == id);
    let ids: Vec<&str> = waiver.checks.iter().map(|check| check.value.as_str()).collect();
    let idle: Vec<&str> = ids.iter().copied().filter(|id| is_run(id) && !is_needed(id)).collect();
    if idle.is_empty() {
        return None;
    }
    let names: Vec<String> = idle.iter().map(|id| format!("`{id}`")).collect();
    let title = format!("the exception from {} is not needed: nothing breaks it here", names.join(", "));
    let finding = finding(context, waiver.site, title);
    let edit = match waiver.scope {
        WaiverScope::Packets(_) => Edit::Remove(waiver.site),
        WaiverScope::Nodes { .. } | WaiverScope::Nowhere => Edit::Uncomment(waiver.site),
    };
    let is_whole = idle.len() == ids.len();
    Some(if is_whole {
        finding.fix(Fix::new("delete the exception", Effect::Nothing, edit))
    } else {
        finding
    })
}

/// A rule on an exception of which no check would complain without it.
fn idle_rule(context: &Context<'_>, rule: &Rule) -> Option<Diagnostic> {
    let exception = rule.exception.as_ref().filter(|exception| exception.holds_on(context.today()))?;
    if context.excepted().iter().any(|one| one.by == exception.site) {
        return None;
    }
    let title = format!("the exception of rule `{}` is not needed: no check complains of it", rule.id.value);
    let edit = Edit::Unset { mapping: rule.site, key: "exception" };
    // Without its end, what the rule lets pass would stay: a person has to decide whether the rule goes, too.
    let fix = Fix::new("delete the exception", Effect::Unproven, edit);
    let finding = finding(context, exception.site, title).fix(fix);
    Some(finding.note(match rule.action.value {
        RuleAction::Allow => "without the exception, what the rule lets pass has no end any more",
        RuleAction::Deny | RuleAction::Reject => {
            "an exception is for what a rule lets pass, and this one refuses"
        }
    }))
}

fn finding(context: &Context<'_>, site: Site, title: String) -> Diagnostic {
    context
        .finding(site, title)
        .note("an exception that nothing needs covers the next mistake in its place")
        .help("delete it, or correct what it names")
}
