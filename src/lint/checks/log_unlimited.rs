//! Logs that whoever sends packets can fill.

use std::collections::BTreeSet;

use crate::lint::{Check, Context, Meta, Parameter};
use crate::model::{Entry, Log, Profile};
use crate::packet::Packet;
use crate::source::{Diagnostic, Severity, Site};

/// See the page.
pub(super) struct LogUnlimited;

static META: Meta = Meta {
    id: "log-unlimited",
    summary: "anybody outside can make the firewall log without a limit worth the name",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Nist80053],
    sources: &["NIST SP 800-53r5 SC-5"],
    page: include_str!("log_unlimited.md"),
};

/// The most that a rule may log.
static RATE: Parameter = Parameter {
    name: "per-second",
    default: 1_000,
    meaning: "how many packets in a second a limit may let through",
};

impl Check for LogUnlimited {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn parameters(&self) -> &'static [Parameter] {
        std::slice::from_ref(&RATE)
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let mut told = BTreeSet::new();
        for (index, entry) in context.policy().entries.iter().enumerate() {
            let Some(log) = entry.log.filter(|log| is_too_much(context, *log)) else { continue };
            // Where nobody can look into a condition, it may be the limit.
            let site = site(context, entry);
            if told.contains(&site) || !entry.when.unknowns.is_empty() {
                continue;
            }
            let Some(packet) = from_outside(context, index) else { continue };
            told.insert(site);
            findings.push(finding(context, entry, log, &packet));
        }
    }
}

fn is_too_much(context: &Context<'_>, log: Log) -> bool {
    u64::from(log.rate.per_second()) > context.parameter(&RATE)
}

/// A packet from outside that comes as far as an entry.
fn from_outside(context: &Context<'_>, index: usize) -> Option<Packet> {
    let entering = context.entering();
    entering.cubes().iter().find_map(|cube| context.decisions().reaching(index, cube))
}

/// Where the limit is written: `defaults` speaks for the baseline as well.
fn site(context: &Context<'_>, entry: &Entry) -> Site {
    let policy = context.policy();
    match policy.rule_of(entry) {
        Some(rule) => rule.id.site,
        None => policy.defaults.site.unwrap_or(policy.site),
    }
}

fn finding(context: &Context<'_>, entry: &Entry, log: Log, packet: &Packet) -> Diagnostic {
    let who = match context.policy().rule_of(entry) {
        Some(rule) => format!("rule `{}` logs", rule.id.value),
        None => "the defaults log".to_owned(),
    };
    let often = match log {
        Log::UNLIMITED => "without a limit".to_owned(),
        Log { rate } => format!("up to {} packets in a second", rate.per_second()),
    };
    context
        .finding(site(context, entry), format!("{who} what comes from outside {often}"))
        .note(context.example(packet))
        .note("whoever sends enough of these fills the disk and hides what else is logged")
        .help("limit the log: `log: { rate: 10/minute }`")
}
