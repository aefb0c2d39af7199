//! Mail filters that everybody may try to change.

use crate::lint::breadth::{End, is_broad};
use crate::lint::mail::names_ports;
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailManagesieveWide;

static META: Meta = Meta {
    id: "mail-managesieve-wide",
    summary: "ManageSieve (TCP 4190) is open to sources outside that are not limited to a few networks",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Bsi],
    sources: &["RFC 5804 §1.8", "BSI APP.5.3.A1"],
    page: include_str!("mail_managesieve_wide.md"),
};

impl Check for MailManagesieveWide {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = context.inward().tcp(&[4190]);
        let broad = |index, cube: &_| is_broad(context.decisions(), index, cube, End::Source);
        let hits = asked.cubes().iter().flat_map(|cube| {
            context
                .hits(cube)
                .filter(|hit| names_ports(hit.entry, &cube.transport))
                .filter(move |hit| broad(hit.index, cube))
        });
        for permit in context.once_each(hits) {
            findings.push(
                context
                    .finding_about(&permit, "opens ManageSieve to everybody outside")
                    .note("a filter that forwards a copy of all mail is what a stolen password is used for first")
                    .help("name the networks in `from`, or let users edit filters in the webmail"),
            );
        }
    }
}
