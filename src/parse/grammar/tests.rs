use super::*;

/// Keys whose values are one line for people, and nobody else's business.
const TEXTS: &[&str] = &[
    "description",
    "owner",
    "reason",
    "ticket",
    "summary",
    "help",
    "source",
    // Of a known finding: what it was called when it was written down.
    "policy",
    "check",
    "finding",
];

/// The mappings that are files.
const FILES: [Mapping; 4] = [Mapping::Policy, Mapping::Settings, Mapping::Profile, Mapping::Known];

/// Every mapping that a file leads to.
fn mappings(file: Mapping) -> Vec<Mapping> {
    let mut left = vec![file];
    let mut seen: Vec<Mapping> = Vec::new();
    while let Some(mapping) = left.pop() {
        if seen.contains(&mapping) {
            continue;
        }
        seen.push(mapping);
        for key in mapping.keys() {
            let inner = match mapping.content(key) {
                Content::Mapping(inner) | Content::List(inner) | Content::ListOrNothing(inner) => Some(inner),
                Content::Named(named) => Some(named.content().0),
                Content::Log => Some(Mapping::Log),
                Content::Stage => Some(Mapping::Stage),
                Content::Services => Some(Mapping::Service),
                _ => None,
            };
            left.extend(inner);
        }
    }
    seen
}

#[test]
fn every_key_is_known_to_editors() {
    assert_eq!(FILES.map(|file| mappings(file).len()), [15, 1, 5, 2]);
    for mapping in FILES.into_iter().flat_map(mappings) {
        for key in mapping.keys() {
            let is_text = mapping.content(key) == Content::Text;
            let should = TEXTS.contains(key) && mapping != Mapping::RuleTexts; // patterns for such texts
            assert_eq!(is_text, should, "{mapping:?}: {key}");
        }
    }
}

#[test]
fn every_key_is_described_in_a_sentence() {
    for mapping in FILES.into_iter().flat_map(mappings) {
        for key in mapping.keys() {
            let about = mapping.about(key);
            assert!(about.ends_with('.') && about.len() < 120, "{mapping:?}: {key}: {about}");
        }
        assert_eq!(mapping.about("no-such-key"), "", "{mapping:?}");
    }
}

#[test]
fn needs_are_about_keys() {
    for mapping in FILES.into_iter().flat_map(mappings) {
        let needed = mapping.needs().iter().flat_map(|need| match need {
            Need::Key(key) => vec![*key],
            Need::AnyOf(keys) | Need::OneOf(keys) => keys.to_vec(),
            Need::With(key, others) => [&[*key], *others].concat(),
        });
        for key in needed {
            assert!(mapping.keys().contains(&key), "{mapping:?}: {key}");
        }
    }
}
