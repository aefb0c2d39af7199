//! Runs the checks of a plan on a policy, and keeps apart what somebody was permitted to do.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rayon::prelude::*;

use super::ruleset::ABOUT_ORDER;
use super::{Check, CheckSubject, Context, Meta, Plan, Survey};
use crate::model::{Comment, Exception, Policy, Rule, Waiver, WaiverScope};
use crate::packet::Cube;
use crate::source::{Diagnostic, Site};

/// What begins the names of the checks about exceptions, from which nobody is excepted.
const ABOUT_EXCEPTIONS: &str = "exception-";

/// What the checks found in a policy.
#[derive(Clone, Debug, Default)]
pub struct Linted {
    /// What is to be told, in the order of the policy.
    pub findings: Vec<Diagnostic>,
    /// What somebody was permitted to do, in the order of the policy.
    pub excepted: Vec<Excepted>,
}

/// A finding about what somebody was permitted to do.
#[derive(Clone, Debug)]
pub struct Excepted {
    /// The finding.
    pub finding: Diagnostic,
    /// Where the permission is written.
    pub by: Site,
    /// Why it was granted.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub expires: Option<Date>,
}

/// What a check overlooks.
#[derive(Clone, Debug)]
pub(super) struct Leniency {
    /// Whether rules on an exception that holds are overlooked.
    pub(super) overlooks_exceptions: bool,
    /// Packets that may pass.
    pub(super) waived: Vec<Cube>,
    /// The only packets that are asked about, if not all are.
    pub(super) only: Option<Vec<Cube>>,
}

/// Runs the checks that a plan and the policy's profiles ask for; all that are for everybody if there are none.
#[must_use]
pub fn lint(policy: &Policy, plan: &Plan, today: Date) -> Vec<Diagnostic> {
    examine(policy, plan, today).findings
}

/// [`lint`], with what is not told because it is permitted.
#[must_use]
pub fn examine(policy: &Policy, plan: &Plan, today: Date) -> Linted {
    examine_survey(&Survey::of(policy), plan, today)
}

/// [`examine`] for a policy that is prepared already.
pub(super) fn examine_survey<'p>(survey: &'p Survey<'p>, plan: &'p Plan, today: Date) -> Linted {
    let run = Run { survey, plan, today };
    let policy = survey.decisions.policy();
    let asked = plan.checks(policy).into_iter().filter(|check| check.subject() != CheckSubject::Ruleset);
    let (last, first): (Vec<_>, Vec<_>) = asked.partition(|check| check.comes_last());
    let mut linted = Linted::default();
    for found in first.into_par_iter().map(|check| run.check(check)).collect::<Vec<Linted>>() {
        linted.extend(found);
    }
    for own in plan.own() {
        linted.extend(run.own(own));
    }
    linted.excepted.sort_by_key(|excepted| excepted.finding.primary.site);
    for check in last {
        let context = run.context(check.meta(), Leniency::none()).after(&linted.excepted);
        let found = found(check, plan, &context);
        linted.findings.extend(found);
    }
    linted.findings.sort_by_key(|finding| finding.primary.site);
    linted
}

/// The findings of one check, each with the sources the check rests on.
pub(super) fn run<'p>(
    check: &dyn Check,
    survey: &'p Survey<'p>,
    plan: &'p Plan,
    lenient: Leniency,
    today: Date,
) -> Vec<Diagnostic> {
    found(check, plan, &Run { survey, plan, today }.context(check.meta(), lenient))
}

fn found(check: &dyn Check, plan: &Plan, context: &Context<'_>) -> Vec<Diagnostic> {
    let Meta { id, sources, .. } = check.meta();
    let mut findings = Vec::new();
    check.run(context, &mut findings);
    let sources = format!("see {}", sources.join(", "));
    let weighed = |finding: Diagnostic| Diagnostic {
        severity: plan.severity(id).unwrap_or(finding.severity),
        ..finding.note(sources.clone())
    };
    findings.into_iter().map(weighed).collect()
}

/// One run of a plan.
#[derive(Clone, Copy)]
struct Run<'p> {
    survey: &'p Survey<'p>,
    plan: &'p Plan,
    today: Date,
}

impl<'p> Run<'p> {
    fn context(self, meta: &Meta, lenient: Leniency) -> Context<'p> {
        Context::new(self.survey, meta.id, meta.severity, self.plan, self.today).with(lenient)
    }

    fn check(self, check: &dyn Check) -> Linted {
        self.linted(check.meta().id, |lenient| run(check, self.survey, self.plan, lenient, self.today))
    }

    fn own(self, own: &super::OwnCheck) -> Linted {
        self.linted(own.id, |lenient| {
            let context = Context::new(self.survey, own.id, own.severity, self.plan, self.today);
            own.run(&context.with(lenient))
        })
    }

    /// What a check finds, and what it overlooks for good reason.
    fn linted(self, id: &str, run: impl Fn(Leniency) -> Vec<Diagnostic>) -> Linted {
        let policy = self.survey.decisions.policy();
        if id.starts_with(ABOUT_EXCEPTIONS) {
            return Linted { findings: run(Leniency::none()), excepted: Vec::new() };
        }
        if self.plan.is_locked(id) {
            let strict = Leniency { overlooks_exceptions: false, ..Leniency::none() };
            return Linted { findings: run(strict), excepted: Vec::new() };
        }
        let waivers = policy.waivers.iter().filter(|waiver| waiver.names(id) && waiver.holds_on(self.today));
        let waivers: Vec<&Waiver> = waivers.collect();
        let waived: Vec<Cube> = waivers.iter().flat_map(|waiver| waiver.cubes()).collect();
        let findings = run(Leniency { waived: waived.clone(), ..Leniency::none() });
        let mut excepted = Vec::new();
        if self.has_exceptions() && !id.starts_with(ABOUT_ORDER) {
            let all = run(Leniency { overlooks_exceptions: false, waived, only: None });
            excepted = self.overlooked(all, &findings);
        }
        for waiver in waivers.iter().filter(|waiver| matches!(waiver.scope, WaiverScope::Packets(_))) {
            let permitted = run(Leniency { only: Some(waiver.cubes()), ..Leniency::none() });
            excepted.extend(permitted.into_iter().map(|finding| Excepted::by_waiver(finding, waiver)));
        }
        let (findings, covered) = apart(findings, &waivers);
        excepted.extend(covered);
        Linted { findings, excepted }
    }

    fn has_exceptions(self) -> bool {
        let rules = &self.survey.decisions.policy().rules;
        rules.iter().any(|rule| rule.exception.as_ref().is_some_and(|it| it.holds_on(self.today)))
    }

    /// The findings that are missing when exceptions of rules are overlooked, each with its exception.
    fn overlooked(self, all: Vec<Diagnostic>, told: &[Diagnostic]) -> Vec<Excepted> {
        let mut left: BTreeMap<Site, usize> = BTreeMap::new();
        for finding in told {
            *left.entry(finding.primary.site).or_default() += 1;
        }
        let is_missing = |finding: &Diagnostic| match left.get_mut(&finding.primary.site) {
            Some(count @ 1..) => {
                *count -= 1;
                false
            }
            _ => true,
        };
        let missing: Vec<Diagnostic> = all.into_iter().filter(is_missing).collect();
        missing.into_iter().filter_map(|finding| self.excepted(finding)).collect()
    }

    fn excepted(self, finding: Diagnostic) -> Option<Excepted> {
        let rules = &self.survey.decisions.policy().rules;
        let rule = rules.iter().find(|rule| rule.id.site == finding.primary.site)?;
        let exception = rule.exception.as_ref().filter(|exception| exception.holds_on(self.today))?;
        Some(Excepted::by_rule(finding, rule, exception))
    }
}

/// The findings without those that are about parts of a file with a waiver.
fn apart(findings: Vec<Diagnostic>, waivers: &[&Waiver]) -> (Vec<Diagnostic>, Vec<Excepted>) {
    let (mut told, mut excepted) = (Vec::new(), Vec::new());
    for finding in findings {
        match waivers.iter().find(|waiver| waiver.covers(finding.primary.site)) {
            Some(waiver) => excepted.push(Excepted::by_waiver(finding, waiver)),
            None => told.push(finding),
        }
    }
    (told, excepted)
}

impl Linted {
    fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.excepted.extend(other.excepted);
    }
}

impl Leniency {
    /// Nobody has waived anything.
    pub(super) const fn none() -> Self {
        Self { overlooks_exceptions: true, waived: Vec::new(), only: None }
    }
}

impl Excepted {
    fn by_rule(finding: Diagnostic, rule: &Rule, exception: &Exception) -> Self {
        Self {
            finding,
            by: exception.site,
            reason: rule.reason.as_ref().map(Comment::to_string),
            owner: exception.owner.as_ref().map(Comment::to_string),
            expires: exception.expires.as_ref().map(|expires| expires.value),
        }
    }

    fn by_waiver(finding: Diagnostic, waiver: &Waiver) -> Self {
        Self {
            finding,
            by: waiver.site,
            reason: waiver.reason.as_ref().map(Comment::to_string),
            owner: waiver.owner.as_ref().map(Comment::to_string),
            expires: waiver.expires.as_ref().map(|expires| expires.value),
        }
    }
}
