//! A rule that nobody answers for.

use crate::lint::placeholder::is_placeholder;
use crate::lint::{Asked, Check, CheckSubject, Context, Meta};
use crate::model::{Comment, Profile, Rule};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleNoOwner;

static META: Meta = Meta {
    id: "rule-no-owner",
    summary: "nobody answers for a rule: neither the rule nor the policy names an owner",
    severity: Severity::Medium,
    profiles: &[Profile::Bsi],
    sources: &["BSI NET.3.2.A2"],
    page: include_str!("rule_no_owner.md"),
};

impl Check for RuleNoOwner {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let of_policy = context.policy().owner.as_ref();
        for rule in &context.policy().rules {
            findings.extend(problem(rule, of_policy).map(|title| {
                context
                    .finding(rule.id.site, title)
                    .note("whoever wants to change or delete the rule has nobody to ask")
                    .help("write in `owner` who answers for it, in the rule or for the whole policy")
            }));
        }
    }
}

/// What is wrong: the owner is missing, or a word that names nobody. That of an exception counts for its rule.
fn problem(rule: &Rule, of_policy: Option<&Comment>) -> Option<String> {
    let id = &rule.id.value;
    let of_exception = rule.exception.as_ref().and_then(|exception| exception.owner.as_ref());
    match rule.owner.as_ref().or(of_exception).or(of_policy) {
        None => Some(format!("nobody answers for rule `{id}`")),
        Some(owner) if is_placeholder(owner.as_str()) => {
            Some(format!("the owner of rule `{id}` is a placeholder: `{owner}`"))
        }
        Some(_) => None,
    }
}
