//! A rule that does not say why it exists.

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Profile, Rule};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct RuleNoReason;

static META: Meta = Meta {
    id: "rule-no-reason",
    summary: "a rule does not say why it exists",
    severity: Severity::Medium,
    profiles: &[Profile::Hygiene, Profile::Pci, Profile::Bsi, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.5", "BSI NET.3.2.A2", "NIST SP 800-53r5 CM-3"],
    page: include_str!("rule_no_reason.md"),
};

/// Words that fill the field and say nothing, alone or together. The last row are words that rules and tests
/// are about anyway.
const PLACEHOLDERS: &[&str] = &[
    "asd",
    "asdf",
    "bar",
    "baz",
    "blah",
    "dummy",
    "fixme",
    "foo",
    "foobar",
    "hack",
    "na",
    "none",
    "null",
    "qwerty",
    "reason",
    "tba",
    "tbc",
    "tbd",
    "temp",
    "temporary",
    "tmp",
    "todo",
    "unknown",
    "various",
    "whatever",
    "wip",
    "xxx",
    "a",
    "add",
    "for",
    "later",
    "me",
    "n",
    "new",
    "no",
    "now",
    "rule",
    "test",
    "testing",
    "the",
    "this",
];

impl Check for RuleNoReason {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for rule in &context.policy().rules {
            findings.extend(problem(rule).map(|title| {
                context.finding(rule.id.site, title).note(
                    "a rule without a reason is never removed, and no reviewer can say whether it still fits",
                ).help("write in `reason` which need the rule serves, and cite the ticket in `ticket`")
            }));
        }
    }
}

fn problem(rule: &Rule) -> Option<String> {
    let id = &rule.id.value;
    let Some(reason) = &rule.reason else {
        return Some(format!("rule `{id}` does not say why it exists"));
    };
    let text = reason.as_str();
    (is_placeholder(text) || text == id.as_str())
        .then(|| format!("the reason of rule `{id}` is a placeholder: `{text}`"))
}

/// Whether every word of a text is a placeholder; a text without a single word is one.
fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| PLACEHOLDERS.contains(&word) || is_one_character_repeated(word))
}

fn is_one_character_repeated(word: &str) -> bool {
    let mut characters = word.chars();
    let first = characters.next();
    !word.starts_with(|c: char| c.is_numeric()) && characters.all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn placeholders_are_recognised() {
        for text in [
            "todo",
            "TODO",
            "Temp rule",
            "asdf",
            "n/a",
            "-",
            "...",
            "xxx",
            "zzzz",
            "FIXME: todo later",
            "test 1x",
        ] {
            assert_eq!(is_placeholder(text), text != "test 1x", "{text}");
        }
    }

    #[test]
    fn short_reasons_that_say_something_are_reasons() {
        for text in [
            "DNS",
            "NET-412",
            "Lookups.",
            "temporary until the scanner is replaced",
            "RFC 8314",
            "Wartung",
            "日本語",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
