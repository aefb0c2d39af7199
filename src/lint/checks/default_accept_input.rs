//! A hook that accepts what no rule speaks about: `input`.

use crate::lint::default_accept;
use crate::lint::{Check, Context, Meta};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct DefaultAcceptInput;

static META: Meta = Meta {
    id: "default-accept-input",
    summary: "packets to this machine that no rule speaks about are accepted",
    severity: Severity::High,
    profiles: default_accept::PROFILES,
    sources: default_accept::SOURCES,
    page: include_str!("default_accept_input.md"),
};

impl Check for DefaultAcceptInput {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(default_accept::finding(context, Hook::Input));
    }
}
