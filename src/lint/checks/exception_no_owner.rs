//! Exceptions of rules for which nobody answers.

use crate::lint::placeholder::is_placeholder;
use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Comment, Exception, Profile, Rule};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ExceptionNoOwner;

static META: Meta = Meta {
    id: "exception-no-owner",
    summary: "an exception of a rule names no owner, or no ticket that granted it",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Hygiene, Profile::Bsi, Profile::Nist80053],
    sources: &["BSI NET.3.2.A2", "NIST SP 800-53r5 CM-3"],
    page: include_str!("exception_no_owner.md"),
};

impl Check for ExceptionNoOwner {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in context.rules() {
            findings.extend(rule.exception.as_ref().and_then(|exception| finding(context, rule, exception)));
        }
    }
}

/// What the exception of a rule lacks. What the rule itself says counts for it. Without an owner nobody is asked when it
/// ends; without a ticket only the way back is longer.
fn finding(context: &Context<'_>, rule: &Rule, exception: &Exception) -> Option<Diagnostic> {
    let lacks = |own: &Option<Comment>, of_rule: &Option<Comment>| {
        own.as_ref().or(of_rule.as_ref()).is_none_or(|text| is_placeholder(text.as_str()))
    };
    let lacks_owner = lacks(&exception.owner, &rule.owner);
    let lacks_ticket = lacks(&exception.ticket, &rule.ticket);
    let (what, severity) = match (lacks_owner, lacks_ticket) {
        (true, true) => ("neither owner nor ticket", Severity::Medium),
        (true, false) => ("no owner", Severity::Medium),
        (false, true) => ("no ticket", Severity::Low),
        (false, false) => return None,
    };
    let title = format!("the exception of rule `{}` names {what}", rule.id.value);
    let mut finding = context.finding(exception.site, title);
    finding.severity = severity;
    Some(
        finding
            .note("when it ends somebody has to say whether it is still needed, and where it was granted")
            .help("write who answers for it (`owner`) and where it was granted (`ticket`)"),
    )
}
