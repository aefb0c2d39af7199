//! Where a line of a ruleset comes from, in words for the people who read it.

use super::Target;
use super::piece::{Piece, piece, quoted, remark};
use crate::model::{Entry, Exception, Origin, Policy, Rule, RuleAction, Stage};
use crate::source::Sources;

/// The name of an entry: the id of its rule, `baseline:<part>` or `default:<hook>`.
///
/// At most 48 bytes of `[a-z0-9:-]`; ids of rules hold no `:`.
pub(super) fn id(policy: &Policy, entry: &Entry) -> Piece {
    match (policy.rule_of(entry), entry.origin) {
        (Some(rule), _) => piece!("{}", rule.id.value),
        (None, Origin::Baseline(part)) => piece!("baseline:{}", Piece::literal(part.name())),
        (None, Origin::Rule(_) | Origin::Default) => piece!("default:{}", Piece::literal(entry.hook.name())),
    }
}

/// What the sets of an entry are called if the policy has no name for their contents.
pub(super) fn set_name(policy: &Policy, entry: &Entry) -> Piece {
    let id = id(policy, entry);
    match entry.origin {
        Origin::Rule(_) => piece!("rule-{}", id),
        Origin::Baseline(_) | Origin::Default => id.replace(":", "-"),
    }
}

/// The id and `file:line` as a quoted comment of at most `longest` bytes; a long path loses its start, so that
/// the line number stays.
pub(super) fn comment(policy: &Policy, sources: &Sources, entry: &Entry, longest: usize) -> Piece {
    let id = id(policy, entry);
    let reference = sources.line_reference(policy.site_of(entry));
    let room = longest.saturating_sub(id.as_str().len() + 1);
    quoted(&format!("{id} {}", ending(&reference, room)), longest)
}

/// The comment lines above a rule: what it is called, where it was written and why, and who answers for it.
/// Nothing for the baseline and the defaults, whose names say it all.
pub(super) fn remarks(policy: &Policy, sources: &Sources, entry: &Entry) -> Vec<Piece> {
    let Some(rule) = policy.rule_of(entry) else { return Vec::new() };
    let reference = sources.line_reference(policy.site_of(entry));
    let reason = rule.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
    let title = remark(&format!("{} ({reference}){reason}", rule.id.value));
    let governance = governance(rule);
    let governed = (!governance.is_empty()).then(|| remark(&governance.join("; ")));
    std::iter::once(title).chain(governed).collect()
}

/// The words in the first line of every file that was rendered.
pub const SIGNATURE: &str = "written by mailward";

/// The comment lines at the head of a file; `usage` says how to load it.
pub(super) fn header(policy: &Policy, target: Target, usage: &[&'static str]) -> Vec<Piece> {
    let title = format!("{} for {}, {SIGNATURE}", policy.name.value, target.name());
    let owner = policy.owner.as_ref().map(|owner| format!("Owner: {owner}"));
    let reviewed = policy.reviewed.as_ref().map(|date| format!("Reviewed: {}", date.value));
    let description = policy.description.as_ref().map(ToString::to_string);
    let about = [Some(title), description, owner, reviewed].into_iter().flatten();
    let hints = usage.iter().map(|&line| line.to_owned());
    let advice = "Change the policy, not this file; the same policy gives the same bytes.".to_owned();
    about.chain([advice]).chain(hints).map(|line| remark(&line)).collect()
}

fn governance(rule: &Rule) -> Vec<String> {
    let owner = rule.owner.as_ref().map(|owner| format!("owner: {owner}"));
    let ticket = rule.ticket.as_ref().map(|ticket| format!("ticket: {ticket}"));
    let exception = rule.exception.as_ref().map(describe_exception);
    [owner, ticket, exception, describe_stage(rule)].into_iter().flatten().collect()
}

fn describe_exception(exception: &Exception) -> String {
    let owner = exception.owner.as_ref().map(|owner| format!(", owner {owner}"));
    let ticket = exception.ticket.as_ref().map(|ticket| format!(", ticket {ticket}"));
    let expires = exception.expires.as_ref().map(|date| format!(", expires {}", date.value));
    [Some("exception".to_owned()), owner, ticket, expires].into_iter().flatten().collect()
}

fn describe_stage(rule: &Rule) -> Option<String> {
    let action = match rule.action.value {
        RuleAction::Allow => "allow",
        RuleAction::Deny => "deny",
        RuleAction::Reject => "reject",
    };
    match rule.stage {
        Stage::Enforce => None,
        Stage::Observe { until: None } => Some(format!("only observed, to become {action}")),
        Stage::Observe { until: Some(date) } => Some(format!("only observed until {date}, then {action}")),
    }
}

/// The end of a text within `longest` bytes, after an ellipsis where something was left out.
fn ending(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let from = text.len() - longest.saturating_sub('…'.len_utf8()).min(text.len());
    let from = (from..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    format!("…{}", text.get(from..).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_keeps_its_line() {
        assert_eq!(ending("policies/ünï/gateway.yaml:31", 20), "…/gateway.yaml:31");
        assert_eq!(ending("gateway.yaml:31", 20), "gateway.yaml:31");
    }
}
