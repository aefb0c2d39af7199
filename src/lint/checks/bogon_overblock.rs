//! Lists of bogons that cut off the inside.

use crate::analyze::Decider;
use crate::catalog;
use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Origin, Profile, Verdict};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct BogonOverblock;

static META: Meta = Meta {
    id: "bogon-overblock",
    summary: "a rule against bogons refuses addresses of the site itself",
    severity: Severity::High,
    profiles: &[Profile::Rfc, Profile::Hygiene],
    sources: &["RFC 6890 §2.2.2", "RFC 4890 §4.4.1"],
    page: include_str!("bogon_overblock.md"),
};

impl Check for BogonOverblock {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let policy = context.policy();
        let inside = context.outward().not_in_hook(crate::packet::Hook::Output);
        let refuses_bogons = |entry: &crate::model::Entry| {
            let name = entry.when.source.name.as_ref();
            let is_built_in = name.is_some_and(|name| catalog::network(name.as_str()).is_some());
            matches!(entry.origin, Origin::Rule(_)) && entry.verdict != Verdict::Accept && is_built_in
        };
        let suspects = policy.entries.iter().enumerate().filter(|(_, entry)| refuses_bogons(entry));
        let hits = suspects.filter_map(|(index, _)| {
            inside.cubes().iter().find_map(|cube| context.decisions().hit(index, cube))
        });
        for decider in context.once_each(hits.collect::<Vec<_>>()) {
            let decider: Decider<'_> = decider;
            findings.push(
                context
                    .finding_about(&decider, "refuses addresses of the site itself, as if they came from the Internet")
                    .note("private and link-local addresses are what the inside is made of")
                    .help("limit the rule to the uplink: name a zone in `from`, or take `private` out with `except`"),
            );
        }
    }
}
