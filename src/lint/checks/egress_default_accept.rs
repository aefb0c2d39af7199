//! A machine that may open any flow.

use crate::analyze::Hit;
use crate::lint::unfiltered::everything;
use crate::lint::{Check, Context, Meta, default_accept};
use crate::model::{Origin, Profile, Verdict};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct EgressDefaultAccept;

static META: Meta = Meta {
    id: "egress-default-accept",
    summary: "what leaves this machine passes unless a rule refuses it",
    severity: Severity::Medium,
    profiles: &[Profile::Pci, Profile::Nist80053, Profile::Nist800171, Profile::CisDebian12, Profile::Bsi],
    sources: &[
        "PCI DSS 4.0.1 1.3.2",
        "NIST SP 800-53r5 SC-7(5)",
        "NIST SP 800-171r3 03.13.06",
        "CIS Debian 12 v1.1.0 4.3.8",
        "BSI NET.3.2.A2",
    ],
    page: include_str!("egress_default_accept.md"),
};

impl Check for EgressDefaultAccept {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(default_accept::finding(context, Hook::Output));
        let open = everything(context, Hook::Output).into_iter().chain(catch_alls(context));
        let rules = open.filter(|hit| hit.entry.origin != Origin::Default);
        findings.extend(context.once_each(rules).iter().map(|permit| {
            context
                .finding_about(permit, "lets this machine open flows to every port that no rule names")
                .note("a service that is broken into calls home on the port that suits it, and mail leaves in cleartext")
                .help("list the services that the machine needs, and leave the rest to `defaults: { output: deny }`")
        }));
    }
}

/// The rules that stand for a default which accepts.
fn catch_alls<'p>(context: &Context<'p>) -> Vec<Hit<'p>> {
    let leaving = context.opening(Hook::Output).off_loopback();
    let entries = context.policy().entries.iter().enumerate();
    let standing = entries.filter(|(_, entry)| {
        entry.hook == Hook::Output
            && entry.verdict == Verdict::Accept
            && context.decides_everything(entry.origin)
    });
    let hit = |index| leaving.cubes().iter().find_map(|cube| context.decisions().hit(index, cube));
    standing.filter_map(|(index, _)| hit(index)).filter(|hit| !context.is_excepted(hit)).collect()
}
