//! Expectations that are not known to hold, in words.

use super::{Objection, Outcome, Remedy, Trial, change};
use crate::analyze::{Decider, Subject, describe};
use crate::model::{Policy, Rule, Verdict};
use crate::source::{Diagnostic, Label, Severity};

/// Code of what is said about a rule that no expectation exercises.
pub const NOT_EXERCISED: &str = "rule-not-exercised";

/// What to do about an expectation that could not be decided.
const SPLIT: &str = "expect the same of smaller sets of packets, one by one";

/// How many changes are worded; those for further deciders are mostly alike.
const MOST_CHANGES: usize = 2;

/// What there is to say about an expectation; nothing if it holds.
pub(super) fn finding(policy: &Policy, trial: &Trial<'_>) -> Option<Diagnostic> {
    let (code, severity, title) = match trial.outcome {
        Outcome::Holds => return None,
        Outcome::Failed => ("expectation-failed", Severity::High, failed(policy, trial)),
        Outcome::Undecided => ("expectation-undecided", Severity::Medium, undecided(policy, trial)),
    };
    let finding = Diagnostic::new(code, severity, trial.expectation.site, title);
    let finding =
        trial.objections.iter().fold(finding, |finding, objection| told(policy, objection, finding));
    let finding = match trial.more {
        0 => finding,
        1 => finding.note("and one more decides some of these packets otherwise"),
        more => finding.note(format!("and {more} more decide some of these packets otherwise")),
    };
    Some(match help(policy, trial) {
        Some(help) => finding.help(help),
        None => finding,
    })
}

/// What to do about an expectation that is not known to hold.
pub(super) fn help(policy: &Policy, trial: &Trial<'_>) -> Option<String> {
    if trial.outcome == Outcome::Undecided {
        return Some(SPLIT.to_owned());
    }
    let mut changes: Vec<String> = Vec::new();
    for one in trial.objections.iter().filter_map(|objection| change::text(policy, trial, objection)) {
        if !changes.contains(&one) {
            changes.push(one);
        }
    }
    if changes.len() > MOST_CHANGES {
        changes.truncate(MOST_CHANGES);
        changes.push("and likewise for the others".to_owned());
    }
    (!changes.is_empty()).then(|| changes.join("; "))
}

/// What there is to say about a rule that no expectation exercises.
pub(super) fn uncovered(rule: &Rule, is_shadowed: bool) -> Diagnostic {
    let title = format!("no expectation exercises rule `{}`", rule.id.value);
    let finding = Diagnostic::new(NOT_EXERCISED, Severity::Info, rule.id.site, title);
    if is_shadowed {
        return finding
            .note("none can: earlier rules decide all its packets")
            .help("move the rule up, or delete it");
    }
    finding.help("expect what the rule decides, and name it in `by`")
}

fn failed(policy: &Policy, trial: &Trial<'_>) -> String {
    let expected = expected(policy, trial);
    let others = (trial.objections.len() + trial.more).saturating_sub(1);
    match trial.objections.first().map(|first| &first.decider) {
        None => format!("expected {expected}"),
        Some(first) if others == 0 => {
            let does = does(first.hit.entry.verdict);
            format!("expected {expected}, but {} {does} some of these packets", first.subject)
        }
        Some(first) => {
            let others = if others == 1 { "another".to_owned() } else { format!("{others} others") };
            format!("expected {expected}, but {} and {others} decide otherwise", first.subject)
        }
    }
}

fn undecided(policy: &Policy, trial: &Trial<'_>) -> String {
    let why = if trial.objections.is_empty() {
        "it is about too much at once"
    } else {
        "too many rules overlap here"
    };
    format!("not proven: {}, since {why}", expected(policy, trial))
}

/// What is expected: a verdict, of a rule if that is what is missed, and in a policy if several may share the file.
fn expected(policy: &Policy, trial: &Trial<'_>) -> String {
    let expectation = trial.expectation;
    let verdict = expectation.verdict.action().name();
    let first = trial.objections.first().map(|first| first.decider.hit.entry.verdict);
    let by = match &expectation.by {
        Some(by) if first.is_some_and(|verdict| expectation.is_met_by(verdict)) => {
            format!(" by rule `{}`", by.value)
        }
        _ => String::new(),
    };
    let elsewhere = if expectation.site.file == policy.site.file {
        String::new()
    } else {
        format!(" in policy `{}`", policy.name.value)
    };
    format!("`{verdict}`{by}{elsewhere}")
}

/// Adds who decides otherwise with a packet, and the rule that would not.
fn told(policy: &Policy, objection: &Objection<'_>, finding: Diagnostic) -> Diagnostic {
    let Objection { decider, remedy } = objection;
    let verdict = decider.hit.entry.verdict;
    let does = match remedy {
        Some(_) => does(verdict).to_owned(),
        None => format!("may {}", verdict.action().name()),
    };
    let packet = describe(policy, &decider.hit.packet);
    let finding = finding
        .related(decider.site, beside_decider(decider, &does))
        .note(format!("{} {does}: {packet}", decider.subject));
    let other = remedy.as_ref().and_then(|remedy| Some((policy.rules.get(remedy.rule()?)?, remedy)));
    let label =
        other.and_then(|(rule, remedy)| Some(Label { site: rule.id.site, text: beside(rule, remedy)? }));
    match label.filter(|label| !finding.related.contains(label)) {
        Some(Label { site, text }) => finding.related(site, text),
        None => finding,
    }
}

/// What to say beside a decider: who it is, unless its name stands there.
fn beside_decider(decider: &Decider<'_>, does: &str) -> String {
    match decider.subject {
        Subject::Rule(_) => format!("{does} some of them"),
        other => format!("{other} {does} some of them"),
    }
}

/// What to say beside the rule that a remedy speaks of.
fn beside(rule: &Rule, remedy: &Remedy) -> Option<String> {
    let why = match remedy {
        Remedy::MoveUp(_) => "stands below",
        Remedy::Enforce { .. } => "only observes",
        Remedy::Enable { .. } => "is disabled",
        Remedy::Widen { .. } => return Some("is not about all of them".to_owned()),
        _ => return None,
    };
    Some(format!("would {} them, but {why}", rule.action.value.name()))
}

/// What somebody with such a verdict does to packets.
pub(super) const fn does(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "allows",
        Verdict::Drop => "denies",
        Verdict::Reject => "rejects",
        Verdict::Observe => "observes",
    }
}
