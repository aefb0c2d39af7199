//! Exceptions that were granted for good.

use jiff::civil::Date;

use crate::lint::{Check, CheckSubject, Context, Meta, Parameter};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity, Spanned};

/// See the page.
pub(super) struct ExceptionTooLong;

static META: Meta = Meta {
    id: "exception-too-long",
    summary: "an exception holds for longer than a year",
    severity: Severity::Low,
    profiles: &[Profile::Hygiene, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 SC-7(4)(d)", "NIST SP 800-53r5 SC-7(4)(e)"],
    page: include_str!("exception_too_long.md"),
};

/// How long an exception may hold.
static DAYS: Parameter =
    Parameter { name: "days", default: 365, meaning: "for how many days an exception may be granted" };

impl Check for ExceptionTooLong {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn parameters(&self) -> &'static [Parameter] {
        std::slice::from_ref(&DAYS)
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in context.rules() {
            let Some(exception) = rule.exception.as_ref() else { continue };
            let who = format!("the exception of rule `{}`", rule.id.value);
            findings.extend(finding(context, &who, exception.granted.as_ref(), exception.expires.as_ref()));
        }
        for waiver in context.policy().waivers.iter().filter(|waiver| waiver.is_complete()) {
            findings.extend(finding(
                context,
                "the exception",
                waiver.granted.as_ref(),
                waiver.expires.as_ref(),
            ));
        }
    }
}

/// An exception that has not ended and was granted for too long. Where nobody wrote when, it was not later than today.
fn finding(
    context: &Context<'_>,
    who: &str,
    granted: Option<&Spanned<Date>>,
    expires: Option<&Spanned<Date>>,
) -> Option<Diagnostic> {
    let expires = expires.filter(|expires| context.today() <= expires.value)?;
    let since = granted.map_or(context.today(), |granted| granted.value);
    let days = u64::try_from(since.until(expires.value).ok()?.get_days()).ok()?;
    let most = context.parameter(&DAYS);
    if days <= most {
        return None;
    }
    let title = match granted {
        Some(_) => format!("{who} was granted for {days} days"),
        None => format!("{who} holds for {days} days more"),
    };
    Some(
        context
            .finding(expires.site, title)
            .note(format!("an exception holds for as long as its need is known to last, {most} days at most"))
            .help("choose an earlier end, and renew it then if the need is still there"),
    )
}
