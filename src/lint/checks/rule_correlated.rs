//! Rules whose order matters although neither is an exception to the other.

use std::collections::BTreeMap;

use crate::analyze::Correlated;
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleCorrelated;

static META: Meta = Meta {
    id: "rule-correlated",
    summary: "two rules share some packets and disagree about them, so that their order decides",
    severity: Severity::Info,
    profiles: &[Profile::Hygiene],
    sources: &["PCI DSS 4.0.1 1.2.7"],
    page: include_str!("rule_correlated.md"),
};

/// How many of the rules in front are pointed at; nobody follows more.
const MOST_LABELS: usize = 8;

impl Check for RuleCorrelated {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let mut by_later: BTreeMap<usize, Vec<Correlated>> = BTreeMap::new();
        for pair in context.decisions().correlated_rules() {
            by_later.entry(pair.later).or_default().push(pair);
        }
        findings.extend(by_later.iter().filter_map(|(later, pairs)| finding(context, *later, pairs)));
    }
}

fn finding(context: &Context<'_>, later: usize, pairs: &[Correlated]) -> Option<Diagnostic> {
    let rules = &context.policy().rules;
    let rule = rules.get(later)?;
    let first = pairs.first()?;
    let others = match pairs.len() {
        1 => format!("rule `{}`", rules.get(first.earlier)?.id.value),
        count => format!("{count} earlier rules"),
    };
    let title = format!(
        "rule `{}` and {others} disagree about packets they share: their order decides",
        rule.id.value
    );
    let finding = context.finding(rule.id.site, title).note(context.example(&first.packet));
    let earlier = pairs.iter().take(MOST_LABELS).filter_map(|pair| rules.get(pair.earlier));
    let finding = earlier.fold(finding, |finding, earlier| {
        let words = format!("`{}` comes first and decides what both mean", earlier.id.value);
        finding.related(earlier.id.site, words)
    });
    Some(finding.help("check that the order is meant; narrow one of the rules so that it does not matter"))
}
