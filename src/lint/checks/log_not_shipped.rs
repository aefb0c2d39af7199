//! Logs that stay where they are.

use crate::lint::reach::{is_open, refusal, sending};
use crate::lint::{Asked, Check, CheckSubject, Context, Meta, Packets};
use crate::model::{Host, Profile, Role};
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

/// Why logs belong elsewhere, too.
const WHY: &str = "who breaks into a machine takes its logs away first";

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
        let logs = Packets::new([own.udp(&[514]).cubes(), own.tcp(&[514, 6514]).cubes()].concat());
        let hosts = context.policy().hosts.iter();
        let collectors: Vec<&Host> = hosts.filter(|host| host.roles.contains(&Role::LogCollector)).collect();
        let takes = |host: &&Host| host.is_self || is_open(context, &logs.only_to(&host.addresses));
        match collectors.first() {
            Some(first) if !collectors.iter().any(takes) => findings.push(kept(context, first, &logs)),
            // Where this machine says nothing to anybody, it has no part in the policy.
            None if is_open(context, &own) => findings.push(
                context
                    .finding(context.policy().site, "no host is declared that collects logs")
                    .note(WHY)
                    .help(
                        "declare the host with the role `log-collector`, and allow `syslog-tls` from `host` to it",
                    ),
            ),
            _ => {}
        }
    }
}

/// What is found if the logs of this machine may not go to a collector.
fn kept(context: &Context<'_>, collector: &Host, logs: &Packets) -> Diagnostic {
    let title = "this machine may not send its logs to the host that collects them";
    let finding = context.finding(collector.site, title);
    let finding = match refusal(context, &logs.only_to(&collector.addresses)) {
        Some(refusal) => finding
            .related(context.policy().site_of(refusal.entry), "this refuses the packets")
            .note(context.example(&refusal.packet)),
        None => finding,
    };
    finding.note(WHY).help("allow `syslog-tls` (TCP 6514) from `host` to it")
}
