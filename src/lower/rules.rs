//! Rules and expectations: metadata as written, and the entries that decide packets.

use std::collections::BTreeMap;

use super::question::Question;
use super::scope::Scope;
use super::undefined;
use super::waivers::backwards;
use crate::model::{Entry, Exception, Expectation, Log, Match, Name, Origin, Rule, Stage, Verdict};
use crate::packet::Hook;
use crate::parse::{ExpectDecl, RuleDecl};
use crate::source::{Diagnostic, Site, Spanned};

/// The rules and the entries that they come to.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    pub(super) rules: Vec<Rule>,
    pub(super) entries: Vec<Entry>,
    /// The entries that the disabled ones among them would come to.
    pub(super) disabled: Vec<Entry>,
}

/// The rules in order; one that is wrong leaves a diagnostic and hides no other.
pub(super) fn lower<'d>(
    decls: &'d [RuleDecl],
    scope: &mut Scope<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Lowered {
    let mut lowered = Lowered::default();
    let mut ids: BTreeMap<&str, Site> = BTreeMap::new();
    for decl in decls {
        if let Some(id) = &decl.id {
            diagnostics.extend(duplicate(id.value.as_str(), id.site, &mut ids));
        }
        let question = Question { from: &decl.from, to: &decl.to, services: &decl.services, site: decl.site };
        let matches = question.matches(scope, diagnostics);
        let exception = decl.exception.iter();
        diagnostics.extend(exception.filter_map(|it| backwards(it.granted.as_ref(), it.expires.as_ref())));
        let Some(rule) = rule(decl) else { continue };
        let index = lowered.rules.len();
        let entries = matches.into_iter().flatten().map(|(hook, when)| entry(&rule, index, hook, when));
        let place = if rule.disabled.is_none() { &mut lowered.entries } else { &mut lowered.disabled };
        place.extend(entries);
        lowered.rules.push(rule);
    }
    lowered
}

/// The policy's own tests and those of the files it draws in, names checked. A rule that was not understood still has its name.
pub(super) fn expectations<'d>(
    decls: impl Iterator<Item = &'d ExpectDecl>,
    rules: &[RuleDecl],
    scope: &mut Scope<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Expectation> {
    let mut expectations = Vec::new();
    for decl in decls {
        let question = Question { from: &decl.from, to: &decl.to, services: &decl.services, site: decl.site };
        let packets = question.matches(scope, diagnostics);
        let by = decl.by.as_ref().and_then(|by| rule_named(by, rules, diagnostics));
        let Some(packets) = packets else { continue };
        expectations.push(Expectation {
            verdict: decl.verdict.value.verdict(),
            packets,
            by,
            site: decl.site,
        });
    }
    expectations
}

fn rule_named(
    by: &Spanned<String>,
    rules: &[RuleDecl],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Spanned<Name>> {
    let known = || rules.iter().filter_map(|rule| rule.id.as_ref()).map(|id| &id.value);
    let found = known().find(|id| id.as_str() == by.value);
    if found.is_none() {
        let names = known().map(Name::as_str);
        diagnostics.push(undefined("undefined-rule", "rule", by.site, &by.value, names));
    }
    found.map(|id| Spanned { value: id.clone(), site: by.site })
}

fn duplicate<'d>(id: &'d str, site: Site, ids: &mut BTreeMap<&'d str, Site>) -> Option<Diagnostic> {
    let first = *ids.entry(id).or_insert(site);
    (first != site).then(|| {
        Diagnostic::error("duplicate-rule", site, format!("there are two rules with the id `{id}`"))
            .related(first, "the first one")
            .help("ids name rules in logs, rulesets and exceptions: give each its own")
    })
}

/// The metadata of a rule; none if a required part is missing, which has been reported.
fn rule(decl: &RuleDecl) -> Option<Rule> {
    let exception = decl.exception.as_ref().map(|exception| Exception {
        owner: exception.owner.as_ref().map(|text| text.value.clone()),
        ticket: exception.ticket.as_ref().map(|text| text.value.clone()),
        granted: exception.granted.clone(),
        expires: exception.expires.clone(),
        site: exception.site,
    });
    Some(Rule {
        id: decl.id.clone()?,
        action: decl.action.clone()?,
        stage: decl.stage.as_ref().map_or(Stage::Enforce, |stage| stage.value),
        disabled: decl.disabled.as_ref().map(|text| text.value.clone()),
        log: decl.log,
        reason: decl.reason.as_ref().map(|text| text.value.clone()),
        owner: decl.owner.as_ref().map(|text| text.value.clone()),
        ticket: decl.ticket.as_ref().map(|text| text.value.clone()),
        exception,
        site: decl.site,
        from: decl.from_site,
        to: decl.to_site,
        services: decl.services_site,
    })
}

fn entry(rule: &Rule, index: usize, hook: Hook, when: Match) -> Entry {
    let observed = rule.observes();
    let verdict = if observed { Verdict::Observe } else { rule.action.value.verdict() };
    let log = if observed { Some(rule.log.unwrap_or(Log::DEFAULT)) } else { rule.log };
    Entry { origin: Origin::Rule(index), hook, when, verdict, log }
}
