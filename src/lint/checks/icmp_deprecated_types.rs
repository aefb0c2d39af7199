//! ICMP messages of the past.

use crate::lint::sources::{in_any_state, names_messages};
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::Profile;
use crate::packet::{Hook, ICMP, IntervalSet, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct IcmpDeprecatedTypes;

static META: Meta = Meta {
    id: "icmp-deprecated-types",
    summary: "ICMP messages may pass that nobody uses any more",
    severity: Severity::Low,
    profiles: &[Profile::Rfc],
    sources: &["RFC 6633 §1", "RFC 1122 §3.2.2"],
    page: include_str!("icmp_deprecated_types.md"),
};

/// Source quench, information and address masks (RFC 792, RFC 950).
const TYPES: [u16; 5] = [4, 15, 16, 17, 18];

impl Check for IcmpDeprecatedTypes {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for permit in
            context.permits(&deprecated(context)).iter().filter(|permit| names_messages(permit.hit.entry))
        {
            findings.push(
                context
                    .finding_about(permit, "lets ICMP messages pass that nobody uses any more")
                    .note("they tell strangers about the machine, or slow connections down for whoever forges them")
                    .help("name the messages that are needed instead of `any`"),
            );
        }
    }
}

/// Such messages on their way to this machine or through it.
fn deprecated(context: &Context<'_>) -> Packets {
    let kinds = IntervalSet::from_intervals(TYPES.map(|kind| (kind << 8, kind << 8 | 0xff)));
    let hooks = [Hook::Input, Hook::Forward].map(|hook| context.opening(hook));
    let all = Packets::new(hooks.iter().flat_map(Packets::cubes).cloned().collect());
    in_any_state(&all.off_loopback().transport(&transports(ICMP, &kinds)))
}
