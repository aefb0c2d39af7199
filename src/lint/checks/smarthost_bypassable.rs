//! Mail past the smart host.

use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct SmarthostBypassable;

static META: Meta = Meta {
    id: "smarthost-bypassable",
    summary: "a host with a smart host may deliver mail past it",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Nist80053, Profile::Bsi],
    sources: &["NIST SP 800-53r5 SC-7(8)", "BSI NET.3.2.A20"],
    page: include_str!("smarthost_bypassable.md"),
};

impl Check for SmarthostBypassable {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::SmartHost
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for host in &context.policy().hosts {
            let Some(smarthost) = &host.smarthost else { continue };
            let others = context.from_host(&context.outward(), host).tcp(&[25]).not_to(smarthost);
            for permit in context.permits(&others) {
                findings.push(
                    context
                        .finding_about(&permit, "lets a host deliver mail past its smart host")
                        .related(host.site, "this host hands its mail to the smart host only")
                        .note("the smart host signs, checks and logs what leaves")
                        .help("name the smart host in `to`"),
                );
            }
        }
    }
}
