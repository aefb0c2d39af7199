//! The checks on rulesets that nobody has a policy for.

use jiff::civil::Date;
use rayon::prelude::*;

use super::run::{Leniency, run};
use super::{Check, CheckSubject, Plan, Survey};
use crate::model::{Origin, Policy, Verdict};
use crate::source::{Diagnostic, Site};

/// What begins the names of the checks that are about rules and their order, and not about what a policy can say.
pub(super) const ABOUT_ORDER: &str = "rule-";

/// Whether a check is about the order of rules.
#[must_use]
pub fn is_about_order(id: &str) -> bool {
    id.starts_with(ABOUT_ORDER) || id == "log-unreachable"
}

/// Runs the checks on what happens to packets, for a ruleset that nobody has a policy for. Fixes, and what most checks say
/// is to be done, are for policies and are left out. So is what would be found about packets of which the ruleset says
/// nothing.
#[must_use]
pub fn lint_ruleset(policy: &Policy, plan: &Plan, today: Date) -> Vec<Diagnostic> {
    let policy = &with_silence_accepted(policy);
    let survey = Survey::of(policy);
    let mut asked = plan.checks(policy);
    asked.retain(|check| check.subject() != CheckSubject::Words);
    let asked = asked.into_par_iter();
    let found = asked.map(|check| {
        let found = run(check, &survey, plan, Leniency::none(), today).into_iter();
        found.filter_map(|finding| without_policy(check, finding, policy.defaults.site)).collect()
    });
    let found: Vec<Vec<Diagnostic>> = found.collect();
    let mut findings: Vec<Diagnostic> = found.into_iter().flatten().collect();
    findings.sort_by_key(|finding| finding.primary.site);
    findings
}

/// A finding without what it says of policies; none if it stands where packets pass of which a ruleset says nothing.
fn without_policy(check: &dyn Check, mut finding: Diagnostic, silence: Option<Site>) -> Option<Diagnostic> {
    let is_for_rulesets = check.subject() == CheckSubject::Ruleset || finding.code.starts_with(ABOUT_ORDER);
    finding.fix = None;
    finding.related.retain(|label| Some(label.site) != silence);
    finding.help.take_if(|_| !is_for_rulesets);
    Some(finding).filter(|finding| Some(finding.primary.site) != silence)
}

/// A ruleset as a policy in which packets that it says nothing of pass, so that nobody complains of their refusal. What
/// lets them pass stands where no rule can, behind the end of the text.
fn with_silence_accepted(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    policy.defaults.site = Some(Site::bytes(policy.site.file, usize::MAX..usize::MAX));
    for entry in policy.entries.iter_mut().filter(|entry| entry.origin == Origin::Default) {
        entry.verdict = Verdict::Accept;
    }
    policy
}
