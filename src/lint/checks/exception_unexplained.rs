//! Exceptions that do not say what an exception has to say.

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Profile, Waiver};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ExceptionUnexplained;

static META: Meta = Meta {
    id: "exception-unexplained",
    summary: "an exception lacks its reason, owner or end, or cannot be read",
    severity: Severity::High,
    profiles: &[Profile::Hygiene, Profile::Nist80053, Profile::Pci],
    sources: &["NIST SP 800-53r5 SC-7(4)(d)", "PCI DSS 4.0.1 1.2.6"],
    page: include_str!("exception_unexplained.md"),
};

impl Check for ExceptionUnexplained {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for waiver in &context.policy().waivers {
            let Some(title) = lack(waiver) else { continue };
            findings.push(
                context
                    .finding(waiver.site, title)
                    .note("an exception that nobody can review covers nothing")
                    .help("say why (`reason`), who answers for it (`owner`) and the last day on which it holds (`expires`)"),
            );
        }
    }
}

/// What an exception lacks.
fn lack(waiver: &Waiver) -> Option<String> {
    if let Some(fault) = &waiver.fault {
        return Some(format!("the exception cannot be read: {fault}"));
    }
    let parts = [
        ("a reason", waiver.reason.is_none()),
        ("an owner", waiver.owner.is_none()),
        ("an end", waiver.expires.is_none()),
    ];
    let missing: Vec<&str> =
        parts.iter().filter(|(_, is_missing)| *is_missing).map(|(part, _)| *part).collect();
    (!missing.is_empty()).then(|| format!("the exception has not {}", missing.join(" and not ")))
}
