//! Users' text in rulesets: wherever it comes from and whatever it is, it stays a comment.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::layout::same_words;
use super::sample::{policy_with, rule};
use super::*;
use crate::model::{Comment, Exception};
use crate::source::SourceFile;

/// Every target that is rendered here, pf included.
const TARGETS: [Target; 4] =
    [Target::Nftables, Target::Iptables, Target::Pf(Dialect::OpenBsd), Target::Pf(Dialect::FreeBsd)];

/// Texts that mean something to one reader or another.
const HOSTILE: &[&str] = &[
    "x\"; accept; #",
    "\" accept comment \"",
    "ends in a backslash \\",
    "\\\" -j ACCEPT",
    "' -j ACCEPT '",
    "$HOME ${IFS} $(reboot) `reboot`",
    "{{ rule.action }} {% raw %} {# x #}",
    "}; flush ruleset; table inet x { chain y {",
    "COMMIT *filter -A INPUT -j ACCEPT",
    "pass quick all # block drop",
    "<script>&amp;%s%n%00",
    "réservé ünïcödé 日本語 🔥",
];

/// A small policy, read once for all cases.
static POLICY: LazyLock<(Policy, Sources)> = LazyLock::new(|| {
    policy_with(&format!(
        "networks: {{ two: [192.0.2.1, 192.0.2.7] }}\n\
         baseline: {{ neighbour-discovery: false, anti-spoofing: false, icmp-errors: false, echo: false }}\n{}",
        rule("action: reject, from: two, to: host, services: [pop3], log: true")
    ))
});

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| Templates::built_in().unwrap());

/// What becomes of it without any free text, target by target.
static PLAIN: LazyLock<Vec<String>> = LazyLock::new(|| texts(&POLICY.0, &POLICY.1));

/// The files of all targets.
fn texts(policy: &Policy, sources: &Sources) -> Vec<String> {
    let files = |target| render(policy, sources, target, &TEMPLATES).unwrap();
    TARGETS.into_iter().flat_map(files).map(|artifact| artifact.text).collect()
}

/// The policy with a text in every place that takes free text.
fn annotated(comment: &Comment) -> Policy {
    let mut policy = POLICY.0.clone();
    let some = || Some(comment.clone());
    (policy.description, policy.owner) = (some(), some());
    for rule in &mut policy.rules {
        (rule.reason, rule.owner, rule.ticket) = (some(), some(), some());
        rule.exception =
            Some(Exception { owner: some(), ticket: some(), granted: None, expires: None, site: rule.site });
    }
    policy
}

fn stays_a_comment(text: &str) {
    let Ok(comment) = Comment::new(text) else { return };
    let found = texts(&annotated(&comment), &POLICY.1);
    assert_eq!(PLAIN.len(), found.len());
    for (expected, found) in PLAIN.iter().zip(&found) {
        assert_eq!(same_words(expected, found), Ok(()), "{text:?}:\n{found}");
    }
}

/// The same ruleset without what stands between quotes.
fn unquoted(text: &str) -> String {
    let lines = text.lines().map(|line| if line.trim_start().starts_with('#') { "" } else { line });
    lines.map(|line| line.split('"').step_by(2).collect::<Vec<_>>().join("\"") + "\n").collect()
}

fn path_stays_a_comment(path: &str) {
    let mut elsewhere = Sources::default();
    elsewhere.add(SourceFile::new(path.to_owned(), String::new(), None));
    let found = texts(&POLICY.0, &elsewhere);
    assert_eq!(PLAIN.len(), found.len());
    for (expected, found) in PLAIN.iter().zip(&found) {
        assert_eq!(same_words(&unquoted(expected), &unquoted(found)), Ok(()), "{path:?}:\n{found}");
    }
}

#[test]
fn hostile_text_stays_a_comment() {
    for text in HOSTILE {
        stays_a_comment(text);
    }
}

#[test]
fn hostile_paths_stay_comments() {
    for text in HOSTILE {
        path_stays_a_comment(text);
    }
    path_stays_a_comment("two\nlines\\\n\"");
    path_stays_a_comment(&"é".repeat(500));
}

#[test]
fn the_same_policy_gives_the_same_bytes() {
    assert_eq!(*PLAIN, texts(&POLICY.0.clone(), &POLICY.1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_text_stays_a_comment(text in any::<String>()) {
        stays_a_comment(&text);
    }

    #[test]
    fn any_path_stays_a_comment(path in any::<String>()) {
        path_stays_a_comment(&path);
    }
}
