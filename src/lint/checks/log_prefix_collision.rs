//! Rules that have one name in a log.

use std::collections::BTreeMap;

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Log, Profile, Rule};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct LogPrefixCollision;

static META: Meta = Meta {
    id: "log-prefix-collision",
    summary: "two rules that log have the same name in the log of a target",
    severity: Severity::Low,
    profiles: &[Profile::Hygiene, Profile::Nist80053],
    sources: &["iptables-extensions(8)", "NIST SP 800-53r5 AU-3"],
    page: include_str!("log_prefix_collision.md"),
};

impl Check for LogPrefixCollision {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let mut named: BTreeMap<String, &Rule> = BTreeMap::new();
        for rule in context.rules().filter(|rule| rule.log.is_some() || rule.observes()) {
            let name = Log::iptables_name(&rule.id.value);
            if let Some(first) = named.get(&name) {
                findings.push(finding(context, first, rule, &name));
            } else {
                named.insert(name, rule);
            }
        }
    }
}

fn finding(context: &Context<'_>, first: &Rule, second: &Rule, name: &str) -> Diagnostic {
    let (one, other) = (&first.id.value, &second.id.value);
    let title = format!("rules `{one}` and `{other}` are both `{name}` in the log of iptables");
    context
        .finding(second.id.site, title)
        .related(first.id.site, "the other one")
        .note(format!(
            "a log prefix of iptables has {} bytes; a longer name is cut and gets a hash",
            Log::LONGEST_PREFIX
        ))
        .help("give one of them another name")
}
