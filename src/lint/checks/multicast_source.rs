//! Groups that send.

use crate::lint::sources::{arriving, block, permits_by_rules};
use crate::lint::{Asked, Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MulticastSource;

static META: Meta = Meta {
    id: "multicast-source",
    summary: "packets may pass whose source is a multicast address",
    severity: Severity::Medium,
    profiles: &[Profile::Pci],
    sources: &["RFC 1122 §3.2.1.3", "RFC 4291 §2.7", "RFC 6092 REC-1", "PCI DSS 4.0.1 1.4.3"],
    page: include_str!("multicast_source.md"),
};

impl Check for MulticastSource {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        // One finding for all rules: one more rule in front of them mends it.
        let groups = arriving(context).only_from(&block("multicast"));
        findings.extend(permits_by_rules(context, &groups).first().map(|permit| {
            context
                .finding_about(permit, "lets packets pass whose source is a multicast address")
                .note("a group receives and never sends: an answer to the packet would reach the whole group")
                .help("deny the network `multicast` as a source before the first rule that lets packets in")
        }));
    }
}
