//! Files that are meant for us, among other YAML.

/// Keys that no other YAML file is likely to have at its top.
const TELLING_KEYS: &[&str] = &["rules", "zones", "expect"];

/// Keys at the top of files of ours that are no policies: profiles, and lists of known findings.
const OTHER_KEYS: &[&str] = &["profile", "findings"];

/// Keys that those have not: a policy stays one whatever is misspelt in it.
const OWN_KEYS: &[&str] =
    &["name", "include", "profiles", "networks", "services", "hosts", "flows", "defaults", "baseline"];

/// Whether the top of a text says that it is meant for us. Decided on the text and not on the tree, so that a broken
/// policy is reported and not skipped.
#[must_use]
pub fn looks_like_a_policy(text: &str) -> bool {
    let keys = text.lines().filter_map(|line| line.trim_start_matches(['\u{feff}', '{']).split_once(':'));
    let keys = keys.map(|(key, value)| (key.trim_end().trim_matches(['"', '\'']), value.trim()));
    let has = |wanted: &[&str]| keys.clone().any(|(key, _)| wanted.contains(&key));
    let is_of_version_1 = || keys.clone().any(|(key, value)| key == "version" && is_one(value));
    has(TELLING_KEYS) || (is_of_version_1() && (has(OWN_KEYS) || !has(OTHER_KEYS)))
}

/// `1`, with or without a comment or more of a flow mapping behind it.
fn is_one(value: &str) -> bool {
    value
        .strip_prefix('1')
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ',', '}', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_told_from_other_files() {
        for policy in
            ["version: 1\n", "\u{feff}version: 1 # ours\r\n", "rules:\n", "\"rules\": []\n", "{version: 1}"]
        {
            assert!(looks_like_a_policy(policy), "{policy}");
        }
        for other in ["version: 1\nprofile: ours\n", "version: 1\nfindings:\n  - policy: p\n"] {
            assert!(!looks_like_a_policy(other), "{other}");
        }
        for other in ["version: \"3\"\nservices:\n", "version: 10\n", "spec:\n  rules:\n", "", "networks:\n"]
        {
            assert!(!looks_like_a_policy(other), "{other}");
        }
    }

    #[test]
    fn a_policy_with_a_key_of_other_files_is_still_ours() {
        assert!(looks_like_a_policy("version: 1\nname: a\nprofile: mail\ninclude: [shared/base.yaml]\n"));
        assert!(looks_like_a_policy("version: 1\nfindings: []\ninclude: [shared/base.yaml]\n"));
    }

    #[test]
    fn a_broken_policy_is_still_ours() {
        assert!(looks_like_a_policy("version: 1\nrules:\n\t- [\n"));
    }
}
