//! Holds a policy against best practice: a plain list of checks, each in a file of its own.

mod blockers;
mod boundary;
mod breadth;
mod checks;
mod context;
mod default_accept;
mod downgrade;
mod exposure;
mod fixes;
mod flow;
mod own;
mod packets;
mod plan;
mod survey;
mod unfiltered;

use jiff::civil::Date;
use rayon::prelude::*;

pub use context::Context;
pub use own::OwnCheck;
pub use packets::Packets;
pub use plan::{Plan, questions};
pub use survey::Survey;

use crate::model::{Origin, Policy, Profile, Verdict};
use crate::source::{Diagnostic, Severity, Site};

/// Every check, in reading order.
pub const ALL: &[&dyn Check] = checks::ALL;

/// What a check is, apart from what it does.
#[derive(Debug)]
pub struct Meta {
    /// Kebab-case name, read after "allow".
    pub id: &'static str,
    /// One line: what it finds.
    pub summary: &'static str,
    /// How much a finding weighs.
    pub severity: Severity,
    /// The profiles that ask for it, besides the default of running everything.
    pub profiles: &'static [Profile],
    /// Standards it rests on, as people cite them: `RFC 8314 §4.1`.
    pub sources: &'static [&'static str],
    /// The page that `mailward explain` prints: what, why, bad and good examples, when to make an exception.
    pub page: &'static str,
}

/// A number that a check goes by, which a profile may set otherwise.
#[derive(Debug)]
pub struct Parameter {
    /// Kebab-case name.
    pub name: &'static str,
    /// What it is where no profile says otherwise.
    pub default: u64,
    /// What it means, with its unit.
    pub meaning: &'static str,
}

/// When a check is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Unless the profiles of a policy leave it out.
    Always,
    /// Only where a profile of the policy asks for it: what it wants is not for everybody.
    ByProfile,
}

/// One thing that can be wrong with a policy.
pub trait Check: Sync {
    /// What it is.
    fn meta(&self) -> &'static Meta;
    /// Looks for it. Findings start from [`Context::finding`].
    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>);

    /// What it looks at.
    fn subject(&self) -> CheckSubject {
        CheckSubject::Traffic
    }

    /// The packets it is about: all that a fix of its findings may refuse.
    fn named(&self, _context: &Context<'_>) -> Packets {
        Packets::new(Vec::new())
    }

    /// When it is run.
    fn asked(&self) -> Asked {
        Asked::Always
    }

    /// The numbers it goes by.
    fn parameters(&self) -> &'static [Parameter] {
        &[]
    }
}

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckSubject {
    /// What happens to packets: a ruleset without a policy can be asked, too.
    Traffic,
    /// What a policy says about itself: reasons, exceptions, roles, where the inside is.
    Words,
}

/// Runs the checks that a plan and the policy's profiles ask for; all that are for everybody if there are none.
#[must_use]
pub fn lint(policy: &Policy, plan: &Plan, today: Date) -> Vec<Diagnostic> {
    let survey = Survey::of(policy);
    let asked = plan.checks(policy);
    let found = asked.par_iter().map(|check| run(*check, &survey, plan, today));
    let found: Vec<Vec<Diagnostic>> = found.collect();
    let mut findings: Vec<Diagnostic> = found.into_iter().flatten().collect();
    for own in &plan.own {
        findings.extend(own.run(&Context::new(&survey, own.id, own.severity, plan, today)));
    }
    findings.sort_by_key(|finding| finding.primary.site);
    findings
}

/// What begins the names of the checks that are about rules and their order, and not about what a policy can say.
const ABOUT_ORDER: &str = "rule-";

/// Runs the checks on what happens to packets, for a ruleset that nobody has a policy for. Fixes, and what most checks say
/// is to be done, are for policies and are left out. So is what would be found about packets of which the ruleset says
/// nothing.
#[must_use]
pub fn lint_ruleset(policy: &Policy, today: Date) -> Vec<Diagnostic> {
    let policy = &with_silence_accepted(policy);
    let survey = Survey::of(policy);
    let about_traffic =
        |check: &&&dyn Check| check.subject() == CheckSubject::Traffic && check.asked() == Asked::Always;
    let asked = ALL.par_iter().filter(about_traffic);
    let plan = Plan::default();
    let found: Vec<Vec<Diagnostic>> = asked.map(|check| run(*check, &survey, &plan, today)).collect();
    let mut findings: Vec<Diagnostic> = found.into_iter().flatten().collect();
    findings.retain(|finding| Some(finding.primary.site) != policy.defaults.site);
    for finding in &mut findings {
        finding.fix = None;
        finding.related.retain(|label| Some(label.site) != policy.defaults.site);
        finding.help.take_if(|_| !finding.code.starts_with(ABOUT_ORDER));
    }
    findings.sort_by_key(|finding| finding.primary.site);
    findings
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

/// The findings of one check, each with the sources the check rests on.
fn run<'p>(check: &dyn Check, survey: &'p Survey<'p>, plan: &'p Plan, today: Date) -> Vec<Diagnostic> {
    let Meta { id, severity, sources, .. } = check.meta();
    let mut findings = Vec::new();
    check.run(&Context::new(survey, id, *severity, plan, today), &mut findings);
    let sources = format!("see {}", sources.join(", "));
    let weighed = |finding: Diagnostic| Diagnostic {
        severity: plan.severity(id).unwrap_or(finding.severity),
        ..finding.note(sources.clone())
    };
    findings.into_iter().map(weighed).collect()
}

/// The check with that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Check> {
    ALL.iter().copied().find(|check| check.meta().id == id)
}
