//! An exception that has ended while its rule goes on.

use crate::lint::{Check, CheckSubject, Context, Meta, Packets};
use crate::model::{Exception, Profile, Rule};
use crate::source::{Diagnostic, Edit, Effect, Fix, Severity};

/// See the page.
pub(super) struct ExceptionExpired;

static META: Meta = Meta {
    id: "exception-expired",
    summary: "an exception has ended, and its rule still lets packets pass",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Hygiene, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 SC-7(4)(e)"],
    page: include_str!("exception_expired.md"),
};

impl Check for ExceptionExpired {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn named(&self, context: &Context<'_>) -> Packets {
        let rules = context.policy().rules.iter().enumerate();
        let ended = |rule: &Rule| {
            let exception = rule.exception.as_ref();
            exception.is_some_and(|it| it.expires.is_some() && !it.holds_on(context.today()))
        };
        let ended = rules.filter(|(_, rule)| ended(rule)).map(|(index, _)| index);
        Packets::new(
            ended
                .flat_map(|index| context.decisions().cubes_of_rule(index).cloned().collect::<Vec<_>>())
                .collect(),
        )
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let ended = |it: &Exception| it.expires.is_some() && !it.holds_on(context.today());
        for permit in context.granted(|_, exception| ended(exception), |cube| vec![cube.clone()]) {
            let finding =
                context.finding_about(&permit, "still lets packets pass although its exception has ended");
            let rule = context.policy().rule_of(permit.hit.entry);
            let finding = rule.into_iter().fold(finding, |finding, rule| finding.fix(disabling(rule)));
            findings.push(
                finding.note("exceptions that are no longer supported by a need are to be removed").help(
                    "remove the rule, or renew the exception: ask its owner, and write the new `expires`",
                ),
            );
        }
        let waivers = context.policy().waivers.iter().filter(|waiver| waiver.is_complete());
        for waiver in waivers.filter(|waiver| !waiver.holds_on(context.today())) {
            let finding = context.finding(waiver.site, "the exception has ended and covers nothing since");
            findings.push(finding.help("delete it, or renew it: ask its owner, and write the new end"));
        }
    }
}

/// Switches the rule off: what nobody else lets pass is refused, and the rule waits for its owner's answer.
fn disabling(rule: &Rule) -> Fix {
    let ended = rule.exception.as_ref().and_then(|exception| exception.expires.as_ref());
    let value = ended.map_or_else(String::new, |day| format!("The exception ended on {}.", day.value));
    let title = format!("switch rule `{}` off", rule.id.value);
    Fix::new(title, Effect::Denies, Edit::Set { mapping: rule.site, key: "disabled", value })
}
