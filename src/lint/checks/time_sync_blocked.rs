//! A machine without the time.

use crate::lint::reach::{is_open, sending, shut_for_all};
use crate::lint::{Asked, Check, CheckSubject, Context, Meta, Packets};
use crate::model::Profile;
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct TimeSyncBlocked;

static META: Meta = Meta {
    id: "time-sync-blocked",
    summary: "this machine can ask nobody for the time",
    severity: Severity::Low,
    profiles: &[Profile::Pci, Profile::Bsi],
    sources: &["PCI DSS 4.0.1 10.6.1", "BSI NET.3.2.A22"],
    page: include_str!("time_sync_blocked.md"),
};

impl Check for TimeSyncBlocked {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let own = sending(context).in_hook(Hook::Output);
        if !is_open(context, &own) {
            return; // It says nothing to anybody.
        }
        let asked = Packets::new([own.udp(&[123]).cubes(), own.tcp(&[4460]).cubes()].concat());
        if is_open(context, &asked) {
            return;
        }
        findings.extend(shut_for_all(context, &asked).into_iter().take(1).map(|refusal| {
            context
                .finding(context.policy().site, "this machine can ask nobody for the time")
                .related(context.policy().site_of(refusal.entry), "this refuses the packets")
                .note(context.example(&refusal.packet))
                .note("logs of several machines can be put together only if their clocks agree")
                .help("allow `ntp` from `host` to a source of time")
        }));
    }
}
