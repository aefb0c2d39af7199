//! A hook that accepts what no rule speaks about: `forward`.

use crate::lint::default_accept;
use crate::lint::{Check, Context, Meta};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct DefaultAcceptForward;

static META: Meta = Meta {
    id: "default-accept-forward",
    summary: "packets through this machine that no rule speaks about are accepted",
    severity: Severity::High,
    profiles: default_accept::PROFILES,
    sources: default_accept::SOURCES,
    page: include_str!("default_accept_forward.md"),
};

impl Check for DefaultAcceptForward {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(default_accept::finding(context, Hook::Forward));
    }
}
