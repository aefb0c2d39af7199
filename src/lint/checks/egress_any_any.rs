//! A zone from which everything may leave.

use crate::lint::unfiltered::everything;
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct EgressAnyAny;

static META: Meta = Meta {
    id: "egress-any-any",
    summary: "every TCP and UDP port of every destination outside is open to some hosts",
    severity: Severity::High,
    profiles: &[Profile::Pci, Profile::Nist80053, Profile::Nist800171, Profile::Bsi, Profile::Iso27001],
    sources: &[
        "PCI DSS 4.0.1 1.3.2",
        "NIST SP 800-53r5 SC-7(5)",
        "NIST SP 800-171r3 03.13.06",
        "BSI NET.3.2.A2",
        "ISO/IEC 27001:2022 A.8.20",
    ],
    page: include_str!("egress_any_any.md"),
};

impl Check for EgressAnyAny {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for permit in context.once_each(everything(context, Hook::Forward)) {
            let finding =
                context.finding_about(&permit, "leaves a way out to every port of every destination");
            findings.push(
                finding
                    .note("without an egress policy malware, tunnels and cleartext mail leave like everything else")
                    .help("list the services that the zone needs, and leave the rest to `defaults: { forward: deny }`"),
            );
        }
    }
}
