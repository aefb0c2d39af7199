//! Packets that connection tracking cannot make sense of, and that pass.

use crate::analyze::Decider;
use crate::lint::flow::first_to_accept;
use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::Profile;
use crate::packet::State;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct InvalidNotDropped;

static META: Meta = Meta {
    id: "invalid-not-dropped",
    summary: "TCP packets that connection tracking calls invalid are accepted",
    severity: Severity::Low,
    profiles: &[Profile::Bsi],
    sources: &["BSI NET.3.2.A3"],
    page: include_str!("invalid_not_dropped.md"),
};

impl Check for InvalidNotDropped {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Ruleset
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(first_to_accept(context, State::Invalid).map(|hit| {
            let permit = Decider::new(context.policy(), hit);
            context
                .finding_about(&permit, "accepts TCP packets that connection tracking calls invalid")
                .note("packets with flags that make no sense map what is behind the filter, and belong to no flow")
                .help("drop what is `invalid` before anything is accepted")
        }));
    }
}
