//! Exceptions that are policies of their own.

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Match, Profile, Term, WaiverScope};
use crate::packet::{Family, Hook};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ExceptionTooWide;

static META: Meta = Meta {
    id: "exception-too-wide",
    summary: "an exception is for everybody, to everywhere, or for every service",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Rfc, Profile::Nist80053],
    sources: &["RFC 8314 §4.1", "NIST SP 800-53r5 SC-7(4)(d)"],
    page: include_str!("exception_too_wide.md"),
};

impl Check for ExceptionTooWide {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for waiver in context.policy().waivers.iter().filter(|waiver| waiver.holds_on(context.today())) {
            let WaiverScope::Packets(packets) = &waiver.scope else { continue };
            if packets.iter().any(|(hook, when)| is_wide(*hook, when)) {
                findings.push(
                    context
                        .finding(
                            waiver.site,
                            "the exception is for everybody and everywhere, or for every service",
                        )
                        .note("it covers whatever rule comes next, not the need it was granted for")
                        .help("name the hosts in `from` and `to`, and the services"),
                );
            }
        }
    }
}

/// Whether a condition leaves both ends open, or what is spoken between them. This machine is one end by itself.
fn is_wide(hook: Hook, when: &Match) -> bool {
    let every = |family: Family| {
        let from_anybody =
            hook == Hook::Output || *when.source.addresses.of(family) == family.every_address();
        let to_anybody =
            hook == Hook::Input || *when.destination.addresses.of(family) == family.every_address();
        from_anybody && to_anybody
    };
    when.traffic.terms().contains(&Term::Any) || Family::ALL.into_iter().any(every)
}
