//! A destination at which everything arrives.

use crate::lint::unfiltered::entrances;
use crate::lint::{Check, Context, Meta};
use crate::model::{Origin, Profile};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct InboundAnyAny;

static META: Meta = Meta {
    id: "inbound-any-any",
    summary: "everybody outside reaches every port of some host that nobody has shut",
    severity: Severity::Critical,
    profiles: &[Profile::Pci, Profile::Nist80053, Profile::Bsi],
    sources: &["PCI DSS 4.0.1 1.3.1", "PCI DSS 4.0.1 1.4.2", "NIST SP 800-53r5 SC-7(5)", "BSI NET.3.2.A2"],
    page: include_str!("inbound_any_any.md"),
};

impl Check for InboundAnyAny {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        // Defaults have checks of their own.
        let rules = entrances(context).into_iter().filter(|hit| hit.entry.origin != Origin::Default);
        findings.extend(context.once_each(rules).iter().map(|permit| {
            context
                .finding_about(permit, "lets everybody outside reach ports that no rule names")
                .note("nothing is filtered there: what is installed or started next is open from the first minute")
                .help("allow the services that the destination is there for, and leave the rest to the defaults")
        }));
    }
}
