//! Connections that are taken up in the middle.

use crate::analyze::Decider;
use crate::lint::flow::first_to_accept;
use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::Profile;
use crate::packet::State;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct NewWithoutSyn;

static META: Meta = Meta {
    id: "new-without-syn",
    summary: "TCP packets that open no connection are accepted as if they did",
    severity: Severity::Low,
    profiles: &[Profile::Bsi],
    sources: &["BSI NET.3.2.A3"],
    page: include_str!("new_without_syn.md"),
};

impl Check for NewWithoutSyn {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Ruleset
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(first_to_accept(context, State::Midstream).map(|hit| {
            let permit = Decider::new(context.policy(), hit);
            context
                .finding_about(&permit, "accepts TCP packets without SYN that belong to no known connection")
                .note("tracking calls them `new` (unless `nf_conntrack_tcp_loose` is 0) and takes up a connection whose beginning no rule has seen")
                .help("drop TCP packets that are `new` and no SYN before anything is accepted")
        }));
    }
}
