//! Fixes that several checks offer.

use super::packets::to_ports;
use super::{Context, Packets};
use crate::analyze::Decider;
use crate::model::{Name, Policy, Rule};
use crate::packet::{Cube, IntervalSet, TCP};
use crate::source::{Diagnostic, Edit, Effect, Fix, NewItem, NewValue, Site};

/// Deletes a rule: safe only if the packet engine has proven that it changes nothing, and if no expectation names it.
pub(super) fn deletion(context: &Context<'_>, index: usize, rule: &Rule) -> Fix {
    let expectations = context.policy().expectations.iter();
    let is_named = expectations.filter_map(|one| one.by.as_ref()).any(|by| by.value == rule.id.value);
    let is_proven = context.decisions().is_unchanged_without(index);
    let effect = if is_proven && !is_named { Effect::Nothing } else { Effect::Unproven };
    Fix::new(format!("delete rule `{}`", rule.id.value), effect, Edit::Remove(rule.site))
}

/// Deletes a rule that wants the opposite of what happens: a person has to decide which of the two was meant.
pub(super) fn withdrawal(rule: &Rule) -> Fix {
    Fix::new(format!("delete rule `{}`", rule.id.value), Effect::Unproven, Edit::Remove(rule.site))
}

/// Rejects a service that a rule lets pass, and logs that. A rule about nothing else becomes the rejection; before any other one a new rule
/// rejects the service from and to the same places.
pub(super) fn rejecting(
    context: &Context<'_>,
    finding: Diagnostic,
    permit: &Decider<'_>,
    service: &str,
    port: u16,
) -> Diagnostic {
    let policy = context.policy();
    let Some(rule) = policy.rule_of(permit.hit.entry) else { return finding };
    let of_service = to_ports(TCP, &[port]);
    let mut own = policy.entries.iter().filter(|entry| entry.origin == permit.hit.entry.origin);
    let is_alone = own.all(|entry| entry.cubes().iter().all(|cube| cube.transport.is_subset(&of_service)));
    let effect = denial(context, permit, &of_service);
    finding.fix(if is_alone { turned(rule, effect) } else { rejected_before(policy, rule, service, effect) })
}

/// The effect of refusing everything on some ports that the rule of a finding lets pass: [`Effect::Denies`] if the check is about all of
/// it, else [`Effect::Unproven`].
pub(super) fn denial(context: &Context<'_>, permit: &Decider<'_>, ports: &IntervalSet<u32>) -> Effect {
    let decisions = context.decisions();
    let named = context.named();
    let entries = context.policy().entries.iter().enumerate();
    let mut own = entries.filter(|(_, entry)| entry.origin == permit.hit.entry.origin);
    let is_more = own.any(|(index, _)| {
        let refused = decisions.cubes_of(index).filter_map(|cube| {
            let transport = cube.transport.intersect(ports);
            (!transport.is_empty()).then(|| Cube { transport, ..cube.clone() })
        });
        let refused = Packets::new(refused.collect());
        let rest = named.cubes().iter().fold(refused, |rest, named| rest.without(named));
        rest.cubes().iter().any(|cube| decisions.hit(index, cube).is_some())
    });
    if is_more { Effect::Unproven } else { Effect::Denies }
}

/// Turns a rule that allows into one that rejects and logs.
pub(super) fn turned(rule: &Rule, effect: Effect) -> Fix {
    let set = |key, value: &str| Edit::Set { mapping: rule.site, key, value: value.to_owned() };
    Fix {
        title: format!("let rule `{}` reject", rule.id.value),
        effect,
        edits: vec![set("action", "reject"), set("log", "true")],
    }
}

/// Writes a rule that rejects a service before another rule, from and to the same places.
fn rejected_before(policy: &Policy, rule: &Rule, service: &str, effect: Effect) -> Fix {
    let item: NewItem = vec![
        ("id", NewValue::text(free_id(policy, &format!("{}-no-{service}", rule.id.value)))),
        ("action", NewValue::text("reject")),
        ("from", NewValue::Copy(rule.from)),
        ("to", NewValue::Copy(rule.to)),
        ("services", NewValue::text(format!("[{service}]"))),
        ("log", NewValue::text("true")),
        ("reason", NewValue::text(format!("Clients use the port for TLS instead of `{service}`."))),
    ];
    let title = format!("reject `{service}` before rule `{}`", rule.id.value);
    Fix::new(title, effect, Edit::Before(rule.site, item))
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

/// Offers to switch a part of the baseline on, if it is off: more passes then, so a person decides.
pub(super) fn switched_on(
    finding: Diagnostic,
    policy: &Policy,
    is_on: bool,
    part: &'static str,
) -> Diagnostic {
    if is_on { finding } else { finding.fix(baseline(policy, Effect::Unproven, part, "true")) }
}

/// Sets a switch of the baseline.
pub(super) fn baseline(policy: &Policy, effect: Effect, key: &'static str, value: &str) -> Fix {
    let title = format!("set `{key}` of `baseline` to `{value}`");
    Fix::new(title, effect, within(policy, ("baseline", policy.baseline.site), key, value))
}

/// Sets one of the defaults.
pub(super) fn defaults(policy: &Policy, effect: Effect, key: &'static str, value: &str) -> Fix {
    let title = format!("set `{key}` of `defaults` to `{value}`");
    Fix::new(title, effect, within(policy, ("defaults", policy.defaults.site), key, value))
}

/// Sets a key of a part of the policy, which is added where it is missing.
fn within(policy: &Policy, part: (&'static str, Option<Site>), key: &'static str, value: &str) -> Edit {
    match part {
        (_, Some(mapping)) => Edit::Set { mapping, key, value: value.to_owned() },
        (name, None) => {
            Edit::Set { mapping: policy.document, key: name, value: format!("{{ {key}: {value} }}") }
        }
    }
}

/// An id that no rule has yet: this one, or this one with a number behind it.
pub(super) fn free_id(policy: &Policy, id: &str) -> String {
    let is_free = |id: &String| policy.rules.iter().all(|rule| rule.id.value.as_str() != id);
    let short: String = id.chars().take(Name::LONGEST - "-99999".len()).collect();
    let numbered = (2..).map(|number| format!("{short}-{number}"));
    std::iter::once(short.clone()).chain(numbered).find(is_free).unwrap_or_default()
}
