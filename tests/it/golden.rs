//! What every shipped policy becomes on every target, kept in `tests/golden/` to be read in reviews.

use mailward::lint::Plan;
use mailward::render::Artifact;

use crate::shipped;

#[test]
fn every_shipped_policy_has_a_snapshot_for_every_target() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in shipped::NAMES {
            for (target, word) in shipped::TARGETS {
                insta::assert_snapshot!(format!("{name}.{word}"), files(&shipped::ruleset(name, target)));
            }
        }
    });
}

/// The files of a ruleset one after the other, each under its name.
fn files(ruleset: &[Artifact]) -> String {
    assert!(!ruleset.is_empty(), "a ruleset has files");
    ruleset.iter().map(|file| format!("=== {} ===\n{}", file.name, file.text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_list_of_shipped_policies_is_complete() {
    let entries = std::fs::read_dir("policies").expect("the shipped policies");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    let mut policies: Vec<String> =
        names.filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned)).collect();
    policies.sort_unstable();
    assert_eq!(policies, shipped::NAMES);
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    for name in shipped::NAMES {
        for (target, word) in shipped::TARGETS {
            assert_eq!(shipped::ruleset(name, target), shipped::ruleset(name, target), "{name}.{word}");
        }
    }
}

#[test]
fn every_shipped_policy_is_clean_with_every_check_on() {
    let today = jiff::civil::date(2026, 11, 23);
    for name in shipped::NAMES {
        let (policy, _) = shipped::policy(name);
        assert!(policy.profiles.is_empty(), "{name} names no profile, so that every check runs");
        assert_eq!(mailward::lint::lint(&policy, &Plan::default(), today), [], "{name}");
    }
}

#[test]
fn the_migration_is_reported_once_its_day_has_passed() {
    let (policy, _) = shipped::policy("cleartext-migration");
    let findings = mailward::lint::lint(&policy, &Plan::default(), jiff::civil::date(2027, 2, 1));
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&"exception-expired"), "{codes:?}");
}
