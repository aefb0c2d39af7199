//! What people, auditors and machines see of a policy that is held against standards: one file per format.
//!
//! Every format says the same, and none says more than packet rules show.

mod human;
mod json;
mod markdown;
mod oscal;

use jiff::civil::Date;

pub use human::human;
pub use json::json;
pub use markdown::markdown;
pub use oscal::oscal;

use super::Examined;
use crate::lint::{Assessment, Judged, State};
use crate::source::{Diagnostic, Site, Sources};

/// A policy of a run, and what was said of it.
#[derive(Debug)]
pub struct Assessed {
    /// What was read and said.
    pub examined: Examined,
    /// The policy against each profile; none for a policy that is not valid.
    pub assessments: Vec<Assessment>,
}

/// Policies held against profiles on a day.
#[derive(Clone, Copy, Debug)]
pub struct Run<'r> {
    /// The policies, in order.
    pub policies: &'r [Assessed],
    /// The day.
    pub today: Date,
}

/// What ends every report: the limit of all that it says.
const LIMIT: &str = "as far as packet rules show";

/// What a note with a packet begins with.
const EXAMPLE: &str = "for example: ";

impl<'r> Run<'r> {
    /// How many controls have a state, in all policies and profiles.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        self.all().map(|(_, assessment)| assessment.count(state)).sum()
    }

    /// Every assessment with its policy.
    fn all(&self) -> impl Iterator<Item = (&'r Examined, &'r Assessment)> {
        let of = |one: &'r Assessed| one.assessments.iter().map(|assessment| (&one.examined, assessment));
        self.policies.iter().flat_map(of)
    }
}

/// `2 not met, 1 met with exceptions`: the states that some control has.
fn counted(count: impl Fn(State) -> usize) -> String {
    let told = State::ALL.into_iter().filter(|&state| count(state) > 0);
    let told: Vec<String> = told.map(|state| format!("{} {}", count(state), state.words())).collect();
    if told.is_empty() { "no controls".to_owned() } else { told.join(", ") }
}

/// What a profile stands for, in one line: title and version, and who published it.
fn named(assessment: &Assessment) -> String {
    let version = assessment.version.as_ref().map(|version| format!(", {version}"));
    let publisher = assessment.publisher.as_ref().map(|publisher| format!(" ({publisher})"));
    format!("{}{}{}", assessment.title, version.unwrap_or_default(), publisher.unwrap_or_default())
}

/// What packet rules do not show of a control.
fn beyond<'a>(assessment: &'a Assessment, control: &'a Judged) -> Option<&'a str> {
    control.beyond.as_deref().or(assessment.beyond.as_deref())
}

/// The packet that shows a finding.
fn example(finding: &Diagnostic) -> Option<&str> {
    finding.notes.iter().find_map(|note| note.strip_prefix(EXAMPLE))
}

fn place(site: Site, sources: &Sources) -> String {
    sources.place(site)
}
