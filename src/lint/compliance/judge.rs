//! What is said of a control, from what the checks found that serve it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::evidence::refused;
use super::objective::{Objective, objectives};
use super::{Assessment, Judged, Served, State};
use crate::catalog::Standard;
use crate::lint::context::is_proven;
use crate::lint::run::Linted;
use crate::lint::{Check, CheckSubject, Context, OwnCheck, Plan, Survey};
use crate::source::Diagnostic;

/// Why nothing is said of a control that no check serves.
const NO_CHECK: &str = "no check of this version looks at it";
/// Why nothing is said where a question was too hard.
const TOO_HARD: &str = "a check suspects something and could not prove it";
/// Why nothing is said of a control that packet rules can only show to be broken.
const ONLY_REFUTED: &str =
    "nothing was found against it; packet rules can show that it is broken, and not that it holds";
/// Why a check on rulesets of others says nothing of a policy.
const SETTLED: &str = "the baseline of a policy settles it";
/// Why a check of one's own has nothing to do.
const NO_NAMES: &str = "the policy does not have the names it speaks of";

/// Everything that is known about a policy.
pub(super) struct Judge<'p> {
    survey: &'p Survey<'p>,
    plan: &'p Plan,
    today: Date,
    linted: &'p Linted,
}

/// The checks that serve a control.
struct Serving<'a> {
    built_in: &'a [&'static dyn Check],
    own: Vec<&'a OwnCheck>,
}

impl<'p> Judge<'p> {
    pub(super) fn new(survey: &'p Survey<'p>, plan: &'p Plan, today: Date, linted: &'p Linted) -> Self {
        Self { survey, plan, today, linted }
    }

    /// The policy, held against a standard.
    pub(super) fn standard(&self, standard: &Standard) -> Assessment {
        let own = |id: &str| -> Vec<&OwnCheck> {
            let sources = self.plan.own().iter().filter(|own| part(own, standard) == Some(id));
            sources.collect()
        };
        let judged = |objective: Objective| {
            let serving = Serving { built_in: &objective.checks, own: own(&objective.id) };
            self.judged(objective.clone(), &serving)
        };
        Assessment {
            profile: standard.profile().name().to_owned(),
            title: standard.title().to_owned(),
            version: standard.version().map(str::to_owned),
            publisher: Some(standard.publisher().to_owned()),
            beyond: standard.beyond().map(str::to_owned),
            controls: objectives(standard).into_iter().map(judged).collect(),
        }
    }

    /// The policy, held against the checks of one's own that cite none of these standards: one profile for each file.
    pub(super) fn own(&self, standards: &[&Standard]) -> Vec<Assessment> {
        let is_served = |own: &OwnCheck| {
            standards.iter().any(|standard| {
                part(own, standard)
                    .is_some_and(|part| objectives(standard).iter().any(|objective| objective.id == part))
            })
        };
        let rest: Vec<&OwnCheck> = self.plan.own().iter().filter(|own| !is_served(own)).collect();
        let mut names: Vec<&str> = rest.iter().map(|own| own.profile.as_str()).collect();
        names.dedup();
        names.into_iter().map(|name| self.written(name, &rest)).collect()
    }

    /// A profile that somebody wrote: a control for each source, or for each check without one.
    fn written(&self, name: &str, rest: &[&OwnCheck]) -> Assessment {
        let own: Vec<&OwnCheck> = rest.iter().copied().filter(|own| own.profile == name).collect();
        let mut seen = BTreeSet::new();
        let ids = own.iter().map(|own| control(own)).filter(|id| seen.insert(*id));
        let controls = ids.map(|id| {
            let serving: Vec<&OwnCheck> = own.iter().copied().filter(|own| control(own) == id).collect();
            let summaries: Vec<&str> = serving.iter().map(|own| own.summary.as_str()).collect();
            let objective = Objective {
                id: id.to_owned(),
                title: format!("no case of this: {}", summaries.join("; ")),
                shows: None,
                beyond: None,
                is_only_refuted: false,
                undecidable: None,
                checks: Vec::new(),
            };
            self.judged(objective, &Serving { built_in: &[], own: serving })
        });
        Assessment {
            profile: name.to_owned(),
            title: "a profile of one's own".to_owned(),
            version: None,
            publisher: None,
            beyond: None,
            controls: controls.collect(),
        }
    }

    fn judged(&self, objective: Objective, serving: &Serving<'_>) -> Judged {
        let built_in = serving.built_in.iter().map(|check| self.served(*check));
        let own = serving.own.iter().map(|own| served(own));
        let mut checks: Vec<Served> = built_in.chain(own).collect();
        let is_serving = |code: &str| checks.iter().any(|check| check.id == code);
        let findings = self.linted.findings.iter().filter(|finding| is_serving(finding.code));
        let findings: Vec<Diagnostic> = findings.cloned().collect();
        let excepted = self.linted.excepted.iter().filter(|excepted| is_serving(excepted.finding.code));
        let excepted: Vec<_> = excepted.cloned().collect();
        for check in &mut checks {
            check.findings = findings.iter().filter(|finding| finding.code == check.id).count();
        }
        let (state, because) = if findings.iter().any(is_proven) {
            (State::NotMet, None)
        } else if let Some(why) = self.doubt(&objective, &checks, &findings) {
            (State::NotDecidable, Some(why))
        } else if excepted.is_empty() {
            (State::Met, None)
        } else {
            (State::Excepted, None)
        };
        if findings.is_empty() {
            self.show(&mut checks, serving);
        }
        let Objective { id, title, shows, beyond, .. } = objective;
        Judged { id, title, shows, beyond, state, because, checks, findings, excepted }
    }

    /// Why a control cannot be decided, though nothing is proven against it.
    fn doubt(&self, objective: &Objective, checks: &[Served], findings: &[Diagnostic]) -> Option<String> {
        if !findings.is_empty() {
            return Some(TOO_HARD.to_owned());
        }
        if let Some(off) = checks.iter().find(|check| self.plan.is_off(check.id)) {
            return Some(format!("a profile switches `{}` off", off.id));
        }
        if checks.iter().any(|check| check.idle.is_none()) {
            return objective.is_only_refuted.then(|| ONLY_REFUTED.to_owned());
        }
        let why = |check: &Served| Some(format!("`{}`: {}", check.id, check.idle.as_deref()?));
        let idle: Vec<String> = checks.iter().filter_map(why).collect();
        let stated = || objective.undecidable.clone().unwrap_or_else(|| NO_CHECK.to_owned());
        Some(if idle.is_empty() { stated() } else { format!("nothing to look at: {}", idle.join("; ")) })
    }

    fn served(&self, check: &dyn Check) -> Served {
        let meta = check.meta();
        let idle = if self.plan.is_off(meta.id) {
            Some("a profile switches it off".to_owned())
        } else if check.subject() == CheckSubject::Ruleset {
            Some(SETTLED.to_owned())
        } else {
            check.needs().missing(&self.context(check))
        };
        Served { id: meta.id, summary: meta.summary.to_owned(), idle, findings: 0, refused: None }
    }

    /// Adds a packet that is refused to each check that was run.
    fn show(&self, checks: &mut [Served], serving: &Serving<'_>) {
        for served in checks.iter_mut().filter(|served| served.idle.is_none()) {
            let built_in = serving.built_in.iter().find(|check| check.meta().id == served.id);
            let own = serving.own.iter().find(|own| own.id == served.id);
            served.refused = match (built_in, own) {
                (Some(check), _) => {
                    let context = self.context(*check);
                    refused(&check.named(&context), &context)
                }
                (None, Some(own)) => {
                    let context = Context::new(self.survey, own.id, own.severity, self.plan, self.today);
                    refused(&own.named(), &context)
                }
                (None, None) => None,
            };
        }
    }

    fn context(&self, check: &dyn Check) -> Context<'p> {
        let meta = check.meta();
        Context::new(self.survey, meta.id, meta.severity, self.plan, self.today)
    }
}

/// A check of one's own.
fn served(own: &OwnCheck) -> Served {
    let idle = (!own.has_subject).then(|| NO_NAMES.to_owned());
    Served { id: own.id, summary: own.summary.clone(), idle, findings: 0, refused: None }
}

/// The part of a standard that a check of one's own cites.
fn part<'o>(own: &'o OwnCheck, standard: &Standard) -> Option<&'o str> {
    standard.cited(own.source.as_deref()?)
}

/// The control that a check of one's own is, if it serves none of a standard.
fn control(own: &OwnCheck) -> &str {
    own.source.as_deref().unwrap_or(own.id)
}
