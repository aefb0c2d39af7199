//! An exception that has ended while its rule goes on.

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Exception, Profile};
use crate::source::{Diagnostic, Severity};

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

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let ended = |it: &Exception| it.expires.is_some() && !it.holds_on(context.today());
        for permit in context.granted(|_, exception| ended(exception), |cube| vec![cube.clone()]) {
            let finding =
                context.finding_about(&permit, "still lets packets pass although its exception has ended");
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
