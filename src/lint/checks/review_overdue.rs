//! A policy that nobody has looked through for too long.

use jiff::{Span, civil::Date};

use crate::lint::{Check, CheckSubject, Context, Meta, Parameter};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ReviewOverdue;

static META: Meta = Meta {
    id: "review-overdue",
    summary: "the last review of the policy is too long ago",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Pci, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.7", "NIST SP 800-53r5 CM-7(1)"],
    page: include_str!("review_overdue.md"),
};

/// How long a review lasts.
static MONTHS: Parameter = Parameter {
    name: "months",
    default: 6,
    meaning: "after how many months a policy is to be reviewed again",
};

impl Check for ReviewOverdue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn parameters(&self) -> &'static [Parameter] {
        std::slice::from_ref(&MONTHS)
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let Some(reviewed) = &context.policy().reviewed else { return };
        let months = context.parameter(&MONTHS);
        let title = match last_day(reviewed.value, months) {
            _ if context.today() < reviewed.value => {
                format!("the policy was reviewed on a day that has not come: {}", reviewed.value)
            }
            Some(last) if last < context.today() => {
                format!("the last review of the policy was more than {months} months ago")
            }
            Some(_) | None => return,
        };
        findings.push(
            context
                .finding(reviewed.site, title)
                .note("rules outlive their need; only who reads all of them finds those that nobody misses")
                .help("read every rule, remove what is not needed any more, and write the day in `reviewed`"),
        );
    }
}

/// The last day on which a review counts; none if there is no such day.
fn last_day(reviewed: Date, months: u64) -> Option<Date> {
    let span = Span::new().try_months(i64::try_from(months).ok()?).ok()?;
    reviewed.checked_add(span).ok()
}
