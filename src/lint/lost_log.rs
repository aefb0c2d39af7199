//! Logs that are never written, because others decide the packets first.

use super::Context;
use crate::analyze::{Effect, Shadowed};
use crate::model::{Entry, Origin, Rule};

/// Whether a rule that is hidden by others of its kind would log what they do not.
pub(super) fn loses_log(context: &Context<'_>, hidden: &Shadowed, rule: &Rule) -> bool {
    if hidden.effect != Effect::Redundant {
        return false;
    }
    rule.observes() || (rule.log.is_some() && !is_logged(context, hidden))
}

/// Whether those who decide the packets of a hidden rule log them, or somebody else does on the way.
fn is_logged(context: &Context<'_>, hidden: &Shadowed) -> bool {
    let logs = |origin: &Origin| {
        let mut entries = context.policy().entries.iter().filter(|entry| entry.origin == *origin);
        entries.all(|entry: &Entry| entry.log.is_some())
    };
    let mut cubes = context.decisions().cubes_of_rule(hidden.rule);
    hidden.by.iter().all(logs) || cubes.all(|cube| context.unobserved(cube).is_empty())
}
