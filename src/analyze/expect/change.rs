//! What would have to change, in words.

use super::words::does;
use super::{Objection, Remedy, Trial};
use crate::model::{BaselinePart, Origin, Policy, Verdict};

/// What would have to change for the packet of an objection; nothing while the expectation is undecided.
pub(super) fn text(policy: &Policy, trial: &Trial<'_>, objection: &Objection<'_>) -> Option<String> {
    let subject = &objection.decider.subject;
    let remedy = objection.remedy.as_ref()?;
    let other = remedy.rule().and_then(|rule| policy.rules.get(rule));
    let id = other.map_or("", |rule| rule.id.value.as_str());
    let above =
        |is_below: bool| if is_below { format!(", and move it above {subject}") } else { String::new() };
    Some(match remedy {
        Remedy::MoveUp(_) => format!("move rule `{id}` above {subject}, or narrow {subject}"),
        Remedy::Enforce { is_below, .. } => {
            format!("let rule `{id}` enforce what it only observes so far{}", above(*is_below))
        }
        Remedy::Enable { is_below, .. } => format!("enable rule `{id}`{}", above(*is_below)),
        Remedy::OtherAction(_) => {
            let action = other.map_or("", |rule| rule.action.value.name());
            format!("rule `{id}` says `{action}`: expect that, or change its `action`")
        }
        Remedy::Widen { keys, .. } => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            format!("widen {} of rule `{id}`, or narrow the expectation", keys.join(" and "))
        }
        Remedy::Baseline(part) => baseline(*part, trial, objection),
        Remedy::AntiSpoofing => {
            "switch `baseline.anti-spoofing` on: the source of such packets is elsewhere".to_owned()
        }
        Remedy::Reject => rejection(objection),
        Remedy::Narrow => narrowing(policy, trial, objection),
        Remedy::Add => addition(trial, objection),
    })
}

/// What to do where the baseline decides.
fn baseline(part: BaselinePart, trial: &Trial<'_>, objection: &Objection<'_>) -> String {
    let name = part.name();
    let (expected, verdict) = (trial.expectation.verdict, objection.decider.hit.entry.verdict);
    match (part, expected) {
        _ if trial.expectation.is_met_by(verdict) => {
            "leave `by` out: the baseline comes before every rule".to_owned()
        }
        (BaselinePart::AntiSpoofing, Verdict::Accept) => {
            "correct the `networks` of the zones, if such packets can come from there".to_owned()
        }
        (BaselinePart::AntiSpoofing, _) => "expect `deny`: forged sources are dropped silently".to_owned(),
        (BaselinePart::Echo, _) => {
            format!("set `baseline.{name}` to `false`, so that rules decide them, or expect `allow`")
        }
        (BaselinePart::DhcpClient, _) => {
            format!("take the interface out of `baseline.{name}`, or expect `allow`")
        }
        _ => "expect `allow`: hosts depend on these packets".to_owned(),
    }
}

/// What to do where a rejection is expected and packets are dropped.
fn rejection(objection: &Objection<'_>) -> String {
    let entry = objection.decider.hit.entry;
    match entry.origin {
        Origin::Default => {
            let hook = entry.hook.name();
            format!("add a rule that rejects them, set `defaults.{hook}` to `reject`, or expect `deny`")
        }
        _ => format!("let {} reject them, or expect `deny`", objection.decider.subject),
    }
}

/// What to do where only the decider keeps packets from a default that decides as expected.
fn narrowing(policy: &Policy, trial: &Trial<'_>, objection: &Objection<'_>) -> String {
    let subject = &objection.decider.subject;
    let default = policy.defaults.of(objection.decider.hit.entry.hook).verdict();
    let wanted = trial.expectation.verdict.action().name();
    format!(
        "narrow {subject}, since the default {} what it leaves, or {wanted} them in a rule above it",
        does(default)
    )
}

/// What to do where nobody decides as expected.
fn addition(trial: &Trial<'_>, objection: &Objection<'_>) -> String {
    let entry = objection.decider.hit.entry;
    let expected = trial.expectation.verdict;
    let nobody = format!("no rule {} them", does(expected));
    match (entry.origin, expected) {
        (Origin::Default, Verdict::Accept) => {
            format!("{nobody}: add one, or expect `{}`", entry.verdict.action().name())
        }
        (Origin::Default, _) => {
            let (hook, wanted) = (entry.hook.name(), expected.action().name());
            format!("{nobody}: add one, or set `defaults.{hook}` to `{wanted}`")
        }
        _ => format!("{nobody}: add one above {}", objection.decider.subject),
    }
}
