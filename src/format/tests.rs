use proptest::prelude::*;

use super::*;

fn formatted(text: &str) -> String {
    match format("policy.yaml", text) {
        Ok(text) => text,
        Err(refusal) => panic!("{refusal:?}\n{text}"),
    }
}

#[test]
fn blanks_and_columns_are_those_of_everybody() {
    let text = "\n\nversion: 1   \nzones:\n    lan: {interfaces: [ lan0,lan1 ],trust:   internal}\n\n\n# rules\nrules:\n# first\n-   id: a # why\n    from: [lan,\n           dmz]\n    # second\n    log: { rate: 1/minute , burst: 5}\n-   {id: b}\n\n\n";
    insta::assert_snapshot!(formatted(text), @"
    version: 1
    zones:
      lan: { interfaces: [lan0, lan1], trust: internal }

    # rules
    rules:
      # first
      - id: a # why
        from: [lan,
               dmz]
        # second
        log: { rate: 1/minute, burst: 5 }
      - { id: b }
    ");
}

#[test]
fn blanks_at_the_end_of_a_file_may_be_text() {
    for text in [">\n\"\n ", "a: |+\n  b\n    ", "a: >\n  b\n\n     "] {
        assert_eq!(formatted(text), text);
    }
}

#[test]
fn texts_over_several_lines_stay() {
    let text = "a:\n    b: |\n        one  \n\n\n          two\n    c: 'x\n\n\n        y  '\n    d: x\n\n\n      y\n    e: |+\n        z\n\n\nf: 1\n";
    insta::assert_snapshot!(formatted(text).replace(' ', "·"), @"
    a:
    ··b:·|
    ······one··


    ········two
    ··c:·'x


    ······y··'
    ··d:·x


    ····y
    ··e:·|+
    ······z


    f:·1
    ");
}

#[test]
fn line_ends_stay() {
    assert_eq!(formatted("a: 1\r\n\r\n\r\nb:   [1,2]"), "a: 1\r\n\r\nb:   [1, 2]\r\n");
}

#[test]
fn what_cannot_be_read_is_refused() {
    assert!(matches!(format("a", "a: [1"), Err(Refusal::Broken(_, problems)) if problems.len() == 1));
    assert!(matches!(format("a", "a: 1\na: 2\n"), Err(Refusal::Broken(..))));
}

/// Everything that is shipped, and what documents show.
fn shipped() -> Vec<String> {
    let mut texts = Vec::new();
    for directory in ["policies", "policies/shared", "docs/examples", "tests/data"] {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(texts.len() > 8);
    texts
}

#[test]
fn what_is_shipped_is_laid_out_already() {
    for text in shipped() {
        assert_eq!(formatted(&text), text);
    }
}

#[test]
fn what_documents_show_is_laid_out_and_stays_so() {
    let mut pages = vec!["README.md".into(), "docs/language.md".into(), "docs/profiles.md".into()];
    let checks = std::fs::read_dir("src/lint/checks").unwrap().map(|entry| entry.unwrap().path());
    pages.extend(checks.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    let mut count = 0;
    for page in pages {
        let text = std::fs::read_to_string(page).unwrap();
        let blocks = text.split("```yaml").skip(1).filter_map(|rest| rest.split_once('\n'));
        for block in blocks.map(|(_, rest)| rest.split("```").next().unwrap()) {
            let once = formatted(block);
            assert!(meaning::is_same(block, &once), "{block}");
            assert_eq!(formatted(&once), once);
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}

/// A text with some of its layout destroyed, and still the same document: the caller checks that.
fn damaged(text: &str, choices: &[u8]) -> String {
    let mut out = String::new();
    for (line, choice) in text.lines().zip(choices.iter().cycle()) {
        let indent = line.len() - line.trim_start().len();
        let widened = if choices.len().is_multiple_of(2) { indent * 2 } else { indent };
        out.push_str(&" ".repeat(widened));
        let mut content = line.trim_start().to_owned();
        if choice & 1 == 1 {
            content = content.replace(", ", ",");
        }
        if choice & 2 == 2 {
            content = content.replace("{ ", "{").replace(" }", "   }").replace('[', "[  ");
        }
        if choice & 4 == 4 && widened > indent {
            content = content.replacen("- ", "-   ", 1);
        }
        out.push_str(&content);
        out.push_str(if choice & 8 == 8 { "  \t" } else { "" });
        out.push_str(if choice & 16 == 16 { "\n\n\n" } else { "\n" });
    }
    out
}

proptest! {
    #[test]
    fn a_layout_is_final_and_changes_no_meaning(which in any::<prop::sample::Index>(), choices in prop::collection::vec(any::<u8>(), 1..60)) {
        let texts = shipped();
        let text: &String = which.get(&texts);
        let text = damaged(text, &choices);
        match format("policy.yaml", &text) {
            Ok(once) => {
                prop_assert!(meaning::is_same(&text, &once));
                prop_assert_eq!(&formatted(&once), &once);
            }
            Err(Refusal::Broken(..)) => {} // damage that no layout can mend
            Err(Refusal::Meaning) => prop_assert!(false, "{}", text),
        }
    }

    #[test]
    fn any_yaml_is_laid_out_or_refused(text in "[a-c:,\\[\\]{}#|>'\" \n-]{0,40}") {
        match format("any.yaml", &text) {
            Ok(once) => prop_assert_eq!(&formatted(&once), &once),
            Err(Refusal::Broken(..)) => {}
            Err(Refusal::Meaning) => prop_assert!(false, "{:?}", text),
        }
    }
}
