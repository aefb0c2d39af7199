//! Exceptions from checks that do not exist.

use crate::lint::{ALL, Check, CheckSubject, Context, Meta};
use crate::model::Profile;
use crate::parse::nearest;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ExceptionUnknown;

static META: Meta = Meta {
    id: "exception-unknown",
    summary: "an exception names a check that does not exist",
    severity: Severity::High,
    profiles: &[Profile::Hygiene, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 SC-7(4)(d)"],
    page: include_str!("exception_unknown.md"),
};

impl Check for ExceptionUnknown {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let named = context.policy().waivers.iter().flat_map(|waiver| &waiver.checks);
        for check in named.filter(|check| !context.is_check(&check.value)) {
            let title = format!("the exception names the check `{}`, which does not exist", check.value);
            let ids = ALL.iter().map(|check| check.meta().id);
            let help = match nearest(&check.value, ids) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`mailward explain` lists the checks".to_owned(),
            };
            findings.push(context.finding(check.site, title).note("it covers nothing").help(help));
        }
    }
}
