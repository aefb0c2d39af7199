//! One policy of a project, judged.

use jiff::civil::Date;

use crate::analyze::{Decisions, Outcome, Trials};
use crate::cli::load::Loaded;
use crate::cli::rendering::rulesets;
use crate::lint::{self, Linted};
use crate::model::Policy;
use crate::render::{Artifact, Target, Templates};
use crate::report::Examined;
use crate::source::{Diagnostic, Site};

/// What every policy is held against.
pub(super) struct Guard<'g> {
    pub(super) targets: &'g [Target],
    pub(super) templates: &'g Templates,
    pub(super) today: Date,
}

/// A policy with everything that was found.
pub(super) struct Guarded {
    pub(super) examined: Examined,
    /// Whether the policy is valid, and every ruleset means what it says.
    pub(super) is_valid: bool,
    /// The files that it renders.
    pub(super) artifacts: Vec<Artifact>,
    /// The policy, for what there is to say about its files.
    pub(super) site: Option<Site>,
    /// What became of its expectations.
    outcomes: Vec<Outcome>,
}

/// The figures of a run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) policies: usize,
    /// How many of them are not valid: nothing is tested or rendered of these.
    pub(super) invalid: usize,
    pub(super) expectations: usize,
    pub(super) failed: usize,
    pub(super) undecided: usize,
    pub(super) rulesets: usize,
}

impl Guard<'_> {
    /// Judges a policy.
    pub(super) fn policy(&self, loaded: Loaded) -> Guarded {
        let Loaded { policy, plan, mut examined, .. } = loaded;
        let Some((policy, plan)) = policy.zip(plan) else {
            return Guarded {
                examined,
                is_valid: false,
                artifacts: Vec::new(),
                site: None,
                outcomes: Vec::new(),
            };
        };
        let mut sources = examined.sources.clone();
        let (linted, (tried, rendered)) = rayon::join(
            || lint::examine(&policy, &plan, self.today),
            || {
                rayon::join(
                    || tried(&policy),
                    || rulesets(&policy, &mut sources, self.targets, self.templates),
                )
            },
        );
        let Linted { findings, excepted } = linted;
        let (failures, outcomes) = tried;
        examined.diagnostics.extend(findings);
        examined.excepted = excepted;
        examined.diagnostics.extend(failures);
        examined.diagnostics.sort_by_key(|diagnostic| diagnostic.primary.site);
        let is_valid = rendered.is_ok();
        let artifacts = rendered.unwrap_or_else(|problems| {
            examined.sources = std::mem::take(&mut sources);
            examined.diagnostics.extend(problems);
            Vec::new()
        });
        drop(sources); // Trees are let go of where nobody else holds them.
        let site = Some(examined.sources.in_bytes(policy.name.site));
        Guarded { examined: examined.settled(), is_valid, artifacts, site, outcomes }
    }
}

/// The expectations of a policy that do not hold, and what became of all.
fn tried(policy: &Policy) -> (Vec<Diagnostic>, Vec<Outcome>) {
    let decisions = Decisions::new(policy);
    let trials = Trials::of(&decisions);
    (trials.findings(), trials.trials.iter().map(|trial| trial.outcome).collect())
}

impl Tally {
    /// The figures of policies.
    pub(super) fn of(run: &[Guarded]) -> Self {
        let outcomes = || run.iter().flat_map(|one| &one.outcomes);
        Self {
            policies: run.len(),
            invalid: run.iter().filter(|one| one.site.is_none()).count(),
            expectations: outcomes().count(),
            failed: outcomes().filter(|outcome| matches!(outcome, Outcome::Failed)).count(),
            undecided: outcomes().filter(|outcome| matches!(outcome, Outcome::Undecided)).count(),
            rulesets: run.iter().map(|one| one.artifacts.len()).sum(),
        }
    }
}
