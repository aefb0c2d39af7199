//! Any policy, on every target: what is rendered is read back as what was written.

use mailward::lower::lower;
use mailward::model::Policy;
use mailward::parse;
use mailward::render::{Templates, render};
use mailward::source::Sources;
use proptest::prelude::*;

use super::proven;
use crate::pf::texts;
use crate::shipped::TARGETS;

fn policy(text: &str) -> Option<(Policy, Sources)> {
    let mut sources = Sources::default();
    let policy = lower(parse::text("policy.yaml", text, &mut sources)).policy?;
    Some((policy, sources))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_rendered_is_read_back_as_what_was_written(text in texts()) {
        let text = text.keep(|file| policy(file).is_some());
        prop_assume!(text.has_rules());
        let file = text.file(None);
        let Some((policy, sources)) = policy(&file) else { return Err(TestCaseError::reject("rules that do not go together")) };
        let templates = Templates::built_in().expect("the built-in templates");
        for (target, name) in TARGETS {
            match render(&policy, &sources, target, &templates) {
                Ok(files) => {
                    let problems = proven(&policy, target, &files);
                    prop_assert!(problems.is_ok(), "{name} of\n{file}\n{}\n{problems:#?}", files[0].text);
                }
                Err(why) => prop_assert!(why.iter().all(|one| one.code == "cannot-say"), "{why:#?}"),
            }
        }
    }
}
