//! Fixes that several checks offer.

use super::Context;
use crate::model::{Name, Policy, Rule};
use crate::source::{Edit, Effect, Fix, NewItem, NewValue, Site};

/// Deletes a rule: safe only if the packet engine has proven that it changes nothing, and if no expectation names it.
pub(super) fn deletion(context: &Context<'_>, index: usize, rule: &Rule) -> Fix {
    let expectations = context.policy().expectations.iter();
    let is_named = expectations.filter_map(|one| one.by.as_ref()).any(|by| by.value == rule.id.value);
    let is_proven = context.decisions().is_unchanged_without(index);
    let effect = if is_proven && !is_named { Effect::Nothing } else { Effect::Unproven };
    Fix::new(format!("delete rule `{}`", rule.id.value), effect, Edit::Remove(rule.site))
}

/// Writes a new rule before another.
pub(super) fn rule_before(title: impl Into<String>, effect: Effect, rule: &Rule, item: NewItem) -> Fix {
    Fix::new(title, effect, Edit::Before(rule.site, item))
}

/// A rule that rejects, logged, what another rule lets pass: from and to the same places, these services only.
pub(super) fn rejection(
    policy: &Policy,
    id: &str,
    like: &Rule,
    services: impl Into<String>,
    reason: &str,
) -> NewItem {
    vec![
        ("id", NewValue::text(free_id(policy, id))),
        ("action", NewValue::text("reject")),
        ("from", NewValue::Copy(like.from)),
        ("to", NewValue::Copy(like.to)),
        ("services", NewValue::text(services)),
        ("log", NewValue::text("true")),
        ("reason", NewValue::text(reason)),
    ]
}

/// Sets a key of a rule.
pub(super) fn set(
    title: impl Into<String>,
    effect: Effect,
    rule: &Rule,
    key: &'static str,
    value: &str,
) -> Fix {
    Fix::new(title, effect, Edit::Set { mapping: rule.site, key, value: value.to_owned() })
}

/// Sets a switch of the baseline.
pub(super) fn baseline(policy: &Policy, effect: Effect, key: &'static str, value: &str) -> Fix {
    within(policy, policy.baseline.site, "baseline", effect, key, value)
}

/// Sets one of the defaults.
pub(super) fn defaults(policy: &Policy, effect: Effect, key: &'static str, value: &str) -> Fix {
    within(policy, policy.defaults.site, "defaults", effect, key, value)
}

/// Sets a key of a part of the policy, which is added where it is missing.
fn within(
    policy: &Policy,
    part: Option<Site>,
    name: &'static str,
    effect: Effect,
    key: &'static str,
    value: &str,
) -> Fix {
    let edit = match part {
        Some(mapping) => Edit::Set { mapping, key, value: value.to_owned() },
        None => Edit::Set { mapping: policy.document, key: name, value: format!("{{ {key}: {value} }}") },
    };
    Fix::new(format!("set `{key}` of `{name}` to `{value}`"), effect, edit)
}

/// An id that no rule has yet: this one, or this one with a number behind it.
pub(super) fn free_id(policy: &Policy, id: &str) -> String {
    let is_free = |id: &String| policy.rules.iter().all(|rule| rule.id.value.as_str() != id);
    let short: String = id.chars().take(Name::LONGEST - "-99999".len()).collect();
    let numbered = (2..).map(|number| format!("{short}-{number}"));
    std::iter::once(short.clone()).chain(numbered).find(is_free).unwrap_or_default()
}
