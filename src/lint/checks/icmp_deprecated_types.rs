//! ICMP messages of the past.

use crate::catalog::{self, Message};
use crate::lint::sources::arriving;
use crate::lint::{Check, Context, Meta, icmp};
use crate::model::Profile;
use crate::packet::Family;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct IcmpDeprecatedTypes;

static META: Meta = Meta {
    id: "icmp-deprecated-types",
    summary: "ICMP messages may pass that nobody uses any more",
    severity: Severity::Low,
    profiles: &[Profile::Rfc],
    sources: &["RFC 6633 §1", "RFC 6918 §2"],
    page: include_str!("icmp_deprecated_types.md"),
};

impl Check for IcmpDeprecatedTypes {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let obsolete = catalog::obsolete_icmp().iter().flat_map(|row| row.messages.iter().copied());
        let obsolete: Vec<Message> = obsolete.collect();
        for permit in icmp::permits(context, &icmp::unsolicited(&arriving(context), Family::V4, &obsolete)) {
            findings.push(
                context
                    .finding_about(&permit, "lets ICMP messages pass that nobody uses any more")
                    .note("they tell strangers about the machine, or slow connections down for whoever forges them")
                    .help("name the messages that are needed instead of `any`"),
            );
        }
    }
}
