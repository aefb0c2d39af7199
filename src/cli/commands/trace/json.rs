//! Traces for programs: one JSON document whose shape only grows within a version.

use serde::Serialize;

use super::{Answer, Answers};
use crate::analyze::{Dormant, Step, spell};
use crate::cli::answer::{DeciderDocument, LogDocument, PacketDocument, PolicyDocument, verdict};

/// Version of the document's shape; raised when a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    version: u32,
    policy: PolicyDocument<'a>,
    packets: Vec<Traced<'a>>,
}

#[derive(Serialize)]
struct Traced<'a> {
    text: String,
    packet: PacketDocument<'a>,
    assumed: &'a [String],
    verdict: &'static str,
    by: DeciderDocument<'a>,
    log: Option<LogDocument>,
    passed: Vec<&'static str>,
    observed: Vec<Speaker<'a>>,
    later: Vec<Speaker<'a>>,
    disabled: Vec<Sleeper<'a>>,
}

#[derive(Serialize)]
struct Speaker<'a> {
    #[serde(flatten)]
    by: DeciderDocument<'a>,
    verdict: &'static str,
    log: Option<LogDocument>,
}

#[derive(Serialize)]
struct Sleeper<'a> {
    #[serde(flatten)]
    rule: Speaker<'a>,
    /// Whether it stands before the entry that decides.
    comes_first: bool,
}

/// The document.
pub(super) fn document<'a>(answers: &'a Answers<'a>) -> Document<'a> {
    Document {
        version: VERSION,
        policy: PolicyDocument::of(answers.policy, answers.sources),
        packets: answers.all.iter().map(|answer| answers.traced(answer)).collect(),
    }
}

impl<'a> Answers<'a> {
    fn traced(&'a self, Answer { trace, assumed }: &'a Answer<'a>) -> Traced<'a> {
        let Step { entry, subject, site } = trace.decider;
        let speakers = |steps: &[Step<'a>]| steps.iter().map(|step| self.speaker(step)).collect();
        Traced {
            text: spell(self.policy, &trace.packet),
            packet: PacketDocument::of(self.policy, &trace.packet),
            assumed,
            verdict: verdict(entry.verdict),
            by: DeciderDocument::of(subject, site, self.sources),
            log: entry.log.map(LogDocument::of),
            passed: trace.passed.iter().map(|part| part.name()).collect(),
            observed: speakers(&trace.observers),
            later: speakers(&trace.later),
            disabled: trace.disabled.iter().map(|dormant| self.sleeper(dormant)).collect(),
        }
    }

    fn speaker(&self, step: &Step<'a>) -> Speaker<'a> {
        Speaker {
            by: DeciderDocument::of(step.subject, step.site, self.sources),
            verdict: verdict(step.entry.verdict),
            log: step.entry.log.map(LogDocument::of),
        }
    }

    fn sleeper(&self, dormant: &Dormant<'a>) -> Sleeper<'a> {
        Sleeper { rule: self.speaker(&dormant.step), comes_first: dormant.is_in_time }
    }
}
