//! Names into values: a bundle of documents into one valid policy.
//!
//! Like parsing, lowering does not fail as a whole: every name that means nothing and every match that can never
//! match gets its own diagnostic, and a policy comes out only if there is none.

mod baseline;
mod endpoint;
mod flows;
mod hosts;
mod limits;
mod networks;
mod packet;
mod question;
mod rules;
mod scope;
mod services;
#[cfg(test)]
mod tests;
mod waivers;
mod zones;

pub use packet::{AskedPacket, packet};

use crate::model::{Defaults, Log, Match, Policy, RuleAction};
use crate::packet::Hook;
use crate::parse::{Bundle, DefaultsDecl, Document, QuestionDecl, nearest};
use crate::source::{Diagnostic, Site};
use question::Question;
use scope::Scope;

/// A policy if nothing is wrong, and everything that is.
#[derive(Debug)]
pub struct Lowered {
    /// The policy; none if any diagnostic is an error, in the bundle or here, or if the main document is only a
    /// fragment.
    pub policy: Option<Policy>,
    /// What parsing and lowering had to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// Looks up every name and builds the policy.
#[must_use]
pub fn lower(bundle: Bundle) -> Lowered {
    lower_with(bundle, &[]).0
}

/// The packets of a question, hook by hook, or what is wrong with it.
pub type Asked = Result<Vec<(Hook, Match)>, Vec<Diagnostic>>;

/// Looks up every name and builds the policy, and then looks up the names of questions in it.
#[must_use]
pub fn lower_with(bundle: Bundle, questions: &[QuestionDecl]) -> (Lowered, Vec<Asked>) {
    let mut diagnostics = bundle.diagnostics;
    let mut scope = Scope::new(&bundle.main, &bundle.included, &mut diagnostics);
    let policy = policy(&bundle.main, &bundle.included, &mut scope, &mut diagnostics);
    let asked = questions.iter().map(|question| asked(question, &mut scope)).collect();
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    (Lowered { policy: policy.filter(|_| !broken), diagnostics }, asked)
}

fn asked<'d>(decl: &'d QuestionDecl, scope: &mut Scope<'d>) -> Asked {
    let mut diagnostics = Vec::new();
    let QuestionDecl { from, to, services, site, .. } = decl;
    let packets = Question { from, to, services, site: *site }.matches(scope, &mut diagnostics);
    packets.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)).ok_or(diagnostics)
}

/// The policy, sound only if no error was reported on the way.
fn policy<'d>(
    document: &'d Document,
    included: &'d [Document],
    scope: &mut Scope<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Policy> {
    let hosts = hosts::lower(&document.hosts, scope, diagnostics);
    let flows = document.flows.as_deref().map(|flows| flows::lower(flows, scope, diagnostics));
    let defaults = defaults(document.defaults.as_ref());
    let baseline = baseline::switches(document.baseline.as_ref(), scope);
    let decls = document.rules.as_deref().unwrap_or_default();
    let rules = rules::lower(decls, scope, diagnostics);
    let expected = std::iter::once(document).chain(included).flat_map(|document| &document.expect);
    let expectations =
        document.rules.as_ref().map(|_| rules::expectations(expected, decls, scope, diagnostics));
    let waivers = std::iter::once(document).chain(included).flat_map(|document| &document.waivers);
    let waivers = waivers::lower(waivers, scope, diagnostics);
    scope.check_unused_declarations(diagnostics);
    let expectations = expectations?;
    let name = document.name.clone()?;
    let mut entries = baseline::entries(&baseline, scope.zones(), &defaults);
    entries.extend(rules.entries);
    entries.extend(baseline::defaults(&defaults));
    entries.sort_by_key(|entry| entry.hook);
    Some(Policy {
        site: name.site,
        document: document.site,
        name,
        description: document.description.as_ref().map(|text| text.value.clone()),
        owner: document.owner.as_ref().map(|text| text.value.clone()),
        reviewed: document.reviewed.clone(),
        profiles: document.profiles.iter().map(|profile| profile.value).collect(),
        interfaces: scope.interfaces().clone(),
        zones: scope.zones().to_vec(),
        networks: scope.declared_networks(),
        services: scope.declared_services(),
        hosts,
        flows,
        waivers,
        defaults,
        baseline,
        rules: rules.rules,
        entries,
        disabled: rules.disabled,
        expectations,
    })
}

/// Deny and log wherever nothing is written.
fn defaults(written: Option<&DefaultsDecl>) -> Defaults {
    let of =
        |pick: fn(&DefaultsDecl) -> Option<RuleAction>| written.and_then(pick).unwrap_or(RuleAction::Deny);
    Defaults {
        input: of(|defaults| defaults.input),
        forward: of(|defaults| defaults.forward),
        output: of(|defaults| defaults.output),
        log: written.and_then(|defaults| defaults.log).unwrap_or(Some(Log::DEFAULT)),
        site: written.map(|defaults| defaults.site),
    }
}

/// Names of a policy together with built-in ones.
fn and_built_in<'a>(
    declared: impl IntoIterator<Item = &'a str>,
    built_in: impl Iterator<Item = &'static str>,
) -> impl Iterator<Item = &'a str> {
    declared.into_iter().chain(built_in.map(|name| -> &'a str { name }))
}

/// A name that means nothing here, with the nearest one that does.
fn undefined<'a>(
    code: &'static str,
    kind: &str,
    site: Site,
    wrong: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, site, format!("there is no {kind} named `{wrong}`"));
    match nearest(wrong, known) {
        Some(name) => diagnostic.label(format!("did you mean `{name}`?")),
        None => diagnostic.label("not declared here, not included, not built in"),
    }
}
