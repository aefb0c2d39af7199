//! A rule that does not say by which change it came.

use crate::lint::placeholder::is_placeholder;
use crate::lint::{Asked, Check, CheckSubject, Context, Meta};
use crate::model::{Profile, Rule};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleNoTicket;

static META: Meta = Meta {
    id: "rule-no-ticket",
    summary: "a rule does not say which ticket asked for it",
    severity: Severity::Low,
    profiles: &[Profile::Pci, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.2", "NIST SP 800-53r5 CM-3"],
    page: include_str!("rule_no_ticket.md"),
};

impl Check for RuleNoTicket {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in &context.policy().rules {
            findings.extend(problem(rule).map(|title| {
                context
                    .finding(rule.id.site, title)
                    .note("a change that nobody asked for in writing cannot be told from one that nobody approved")
                    .help("cite in `ticket` the request by which the rule came")
            }));
        }
    }
}

/// What is wrong: the ticket is missing, or a word that cites nothing. That of an exception counts for its rule.
fn problem(rule: &Rule) -> Option<String> {
    let id = &rule.id.value;
    let of_exception = rule.exception.as_ref().and_then(|exception| exception.ticket.as_ref());
    match rule.ticket.as_ref().or(of_exception) {
        None => Some(format!("rule `{id}` cites no ticket")),
        Some(ticket) if is_placeholder(ticket.as_str()) => {
            Some(format!("the ticket of rule `{id}` is a placeholder: `{ticket}`"))
        }
        Some(_) => None,
    }
}
