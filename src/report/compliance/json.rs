//! Controls for machines: one JSON document whose shape only grows within a version.

use serde::Serialize;

use super::{Run, beyond};
use crate::lint::{Assessment, Judged, Served, State};
use crate::report::findings::json::{Excepted, Finding, Span, excepted, finding, span};
use crate::report::{Examined, said};
use crate::source::Sources;

/// Version of the document's shape; raised when a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    today: String,
    policies: Vec<Policy<'r>>,
    assessments: Vec<Against<'r>>,
    /// What is wrong with policies that are not valid.
    errors: Vec<Finding<'r>>,
    summary: Counts,
}

#[derive(Serialize)]
struct Policy<'r> {
    path: &'r str,
    /// None if the policy is not valid.
    name: Option<&'r str>,
}

#[derive(Serialize)]
struct Against<'r> {
    policy: &'r str,
    path: &'r str,
    profile: Profile<'r>,
    controls: Vec<Control<'r>>,
    summary: Counts,
}

#[derive(Serialize)]
struct Profile<'r> {
    name: &'r str,
    title: &'r str,
    version: Option<&'r str>,
    publisher: Option<&'r str>,
}

#[derive(Serialize)]
struct Control<'r> {
    id: &'r str,
    title: &'r str,
    state: &'static str,
    why: Option<&'r str>,
    shows: Option<&'r str>,
    beyond: Option<&'r str>,
    checks: Vec<Check<'r>>,
    findings: Vec<Finding<'r>>,
    excepted: Vec<Excepted<'r>>,
}

#[derive(Serialize)]
struct Check<'r> {
    id: &'r str,
    summary: &'r str,
    not_run: Option<&'r str>,
    findings: usize,
    refused: Option<Refused<'r>>,
}

#[derive(Serialize)]
struct Refused<'r> {
    packet: &'r str,
    by: &'r str,
    #[serde(flatten)]
    span: Span<'r>,
}

#[derive(Serialize)]
struct Counts {
    not_met: usize,
    met_with_exceptions: usize,
    met: usize,
    not_decidable: usize,
}

/// Everything as one JSON document with a line end.
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn json(run: Run<'_>) -> Result<String, serde_json::Error> {
    let examined = || run.policies.iter().map(|one| &one.examined);
    let document = Document {
        version: VERSION,
        today: run.today.to_string(),
        policies: examined().map(|one| Policy { path: &one.path, name: one.name.as_deref() }).collect(),
        assessments: run.all().map(|(examined, one)| against(examined, one)).collect(),
        errors: said(examined()).into_iter().map(finding).collect(),
        summary: counts(|state| run.count(state)),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn against<'r>(examined: &'r Examined, assessment: &'r Assessment) -> Against<'r> {
    Against {
        policy: examined.name.as_deref().unwrap_or_default(),
        path: &examined.path,
        profile: Profile {
            name: &assessment.profile,
            title: &assessment.title,
            version: assessment.version.as_deref(),
            publisher: assessment.publisher.as_deref(),
        },
        controls: assessment
            .controls
            .iter()
            .map(|judged| control(judged, beyond(assessment, judged), &examined.sources))
            .collect(),
        summary: counts(|state| assessment.count(state)),
    }
}

fn control<'r>(judged: &'r Judged, beyond: Option<&'r str>, sources: &'r Sources) -> Control<'r> {
    Control {
        id: &judged.id,
        title: &judged.title,
        state: judged.state.name(),
        why: judged.because.as_deref(),
        shows: judged.shows.as_deref(),
        beyond,
        checks: judged.checks.iter().map(|served| check(served, sources)).collect(),
        findings: judged.findings.iter().map(|one| finding((one, sources))).collect(),
        excepted: judged.excepted.iter().map(|one| excepted(one, sources)).collect(),
    }
}

fn check<'r>(served: &'r Served, sources: &'r Sources) -> Check<'r> {
    let refused = served.refused.as_ref().map(|refused| Refused {
        packet: &refused.packet,
        by: &refused.by,
        span: span(refused.site, sources),
    });
    Check {
        id: served.id,
        summary: &served.summary,
        not_run: served.idle.as_deref(),
        findings: served.findings,
        refused,
    }
}

fn counts(count: impl Fn(State) -> usize) -> Counts {
    Counts {
        not_met: count(State::NotMet),
        met_with_exceptions: count(State::Excepted),
        met: count(State::Met),
        not_decidable: count(State::NotDecidable),
    }
}
