//! Logs that stay where they are.

use crate::lint::reach::{is_open, sending};
use crate::lint::{Asked, Check, CheckSubject, Context, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct LogNotShipped;

static META: Meta = Meta {
    id: "log-not-shipped",
    summary: "logs of this machine go to no other one",
    severity: Severity::Low,
    profiles: &[Profile::CisDebian12, Profile::Pci],
    sources: &["CIS Debian 12 v1.1.0 6.1.3.6", "PCI DSS 4.0.1 10.3.3"],
    page: include_str!("log_not_shipped.md"),
};

impl Check for LogNotShipped {
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
        let logs = Packets::new([own.udp(&[514]).cubes(), own.tcp(&[514, 6514]).cubes()].concat());
        let mut collectors = context.hosts_with(&[Role::LogCollector]).peekable();
        let (site, title) = match collectors.peek() {
            None => (context.policy().site, "no host is declared that collects logs"),
            Some(host) => (host.site, "this machine may not send its logs to the host that collects them"),
        };
        if !collectors.any(|host| host.is_self || is_open(context, &logs.only_to(&host.addresses))) {
            findings.push(
                context
                    .finding(site, title)
                    .note("who breaks into a machine takes its logs away first")
                    .help("declare the host with the role `log-collector`, and allow `syslog-tls` from `host` to it"),
            );
        }
    }
}
