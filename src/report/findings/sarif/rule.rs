//! What SARIF says about the checks that found something.

use std::collections::BTreeMap;

use super::document::{Configuration, Help, Rule, RuleProperties, Text};
use super::{HOME, level};
use crate::lint::{self, Meta};
use crate::source::{Diagnostic, Severity};

/// The rules of a run, each with a number and the gravest of its findings.
#[derive(Default)]
pub(super) struct Rules<'r> {
    numbers: BTreeMap<&'r str, usize>,
    rules: Vec<(&'r Diagnostic, Severity)>,
}

impl<'r> Rules<'r> {
    /// The number of the rule of a finding.
    pub(super) fn index(&mut self, finding: &'r Diagnostic) -> usize {
        let next = self.rules.len();
        let index = *self.numbers.entry(finding.code).or_insert(next);
        match self.rules.get_mut(index) {
            Some((_, gravest)) => *gravest = (*gravest).max(finding.severity),
            None => self.rules.push((finding, finding.severity)),
        }
        index
    }

    /// All of them in the order of their numbers.
    pub(super) fn described(&self) -> Vec<Rule<'r>> {
        self.rules.iter().map(|&(finding, gravest)| described(finding, gravest)).collect()
    }
}

/// A built-in check as its page says; what else can be found is described by what it is.
fn described(finding: &Diagnostic, gravest: Severity) -> Rule<'_> {
    let id = finding.code;
    let properties = |sources: &[&'static str]| RuleProperties {
        tags: [&["security"], sources].concat(),
        security_severity: score(gravest),
    };
    let other = |what: &str| Rule {
        id,
        short_description: Text::new(what),
        full_description: Text::new(what),
        help: Help { text: what.to_owned(), markdown: what.to_owned() },
        help_uri: None,
        default_configuration: Configuration { level: level(gravest) },
        properties: properties(&[]),
    };
    match lint::find(id).map(lint::Check::meta) {
        Some(Meta { summary, severity, sources, page, .. }) => Rule {
            short_description: Text::new(*summary),
            full_description: Text::new(explained(page)),
            help: Help { text: (*page).to_owned(), markdown: (*page).to_owned() },
            help_uri: (!HOME.is_empty()).then(|| format!("{HOME}/blob/main/docs/checks/{id}.md")),
            default_configuration: Configuration { level: level(*severity) },
            properties: properties(sources),
            ..other("")
        },
        None if finding.is_error() => other("the input is not valid, and nothing else can be said about it"),
        None if id == lint::STALE => other("a baseline file lists what is settled"),
        None => other("a check of a profile of one's own"),
    }
}

/// The first paragraph below the title of a page.
fn explained(page: &str) -> String {
    let paragraph = page.split("\n\n").nth(1).unwrap_or(page);
    paragraph.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// How grave that is from 0.0 to 10.0, inside the bounds of code scanning: critical above 9.0, high from 7.0, medium from 4.0.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Error | Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}
