//! A second, unlike reader: `serde_yaml` must understand every text as ours does, and refuse nothing that ours
//! accepts. Ours refuses more: anchors, aliases, tags, merge keys, directives and loose indentation.

use mailward::source::{Kind, Node, SourceFile, Sources, Tree};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_yaml::Value;

/// What YAML 1.2 allows and libyaml, which is behind `serde_yaml`, does not: how its error starts, and pieces of
/// which the text holds one. None of it can stand in a policy: it is no name, address or number.
const NEWER_YAML: &[(&str, &[&str])] = &[
    // A colon in front of a closing bracket ends a key.
    ("found unexpected ':'", &[":]", ":}", ":,"]),
    // A plain scalar in brackets may start with a colon.
    ("", &["[:", "{:", ", :", "  :", "\n:"]),
    // A stream may start with the end of a document that never was.
    ("did not find expected node content", &["..."]),
    // A key in braces may go over several lines.
    ("did not find expected ',' or '}'", &["\n"]),
];

/// Whether our reader accepts a text and, if so, reads the same from it as `serde_yaml`.
fn agrees(text: &str) -> Result<bool, String> {
    let mut sources = Sources::default();
    let (file, problems) = sources.add_yaml(SourceFile::new("p.yaml".to_owned(), text.to_owned(), None));
    let tree = sources.file(file).and_then(SourceFile::tree);
    let Some(tree) = tree.filter(|_| problems.is_empty()) else { return Ok(false) };
    let root = tree.root().and_then(|root| tree.node(root)).ok_or("a tree without a root")?;
    let newer = |error: &serde_yaml::Error| {
        let message = error.to_string();
        let holds = |pieces: &[&str]| pieces.iter().any(|piece| text.contains(piece));
        NEWER_YAML.iter().any(|(theirs, pieces)| message.starts_with(theirs) && holds(pieces))
    };
    match serde_yaml::from_str::<Value>(text) {
        Err(error) if newer(&error) => Ok(false),
        Err(error) => Err(format!("accepted, but `serde_yaml` says: {error}")),
        Ok(theirs) if same(tree, root, &theirs) => Ok(true),
        Ok(theirs) => Err(format!("read differently: {theirs:?}")),
    }
}

fn same(tree: &Tree, ours: &Node, theirs: &Value) -> bool {
    let child = |id, value: &Value| tree.node(id).is_some_and(|node| same(tree, node, value));
    match (&ours.kind, theirs) {
        (Kind::Scalar { text, quoted: true }, Value::String(theirs)) => **text == **theirs,
        (Kind::Scalar { text, quoted: false }, theirs) => plain(text, theirs),
        (Kind::Sequence(items), Value::Sequence(theirs)) => {
            items.len() == theirs.len() && items.iter().zip(theirs).all(|(&id, value)| child(id, value))
        }
        (Kind::Mapping(pairs), Value::Mapping(theirs)) => {
            let same_pair = |(&(key, value), (their_key, their_value))| {
                child(key, their_key) && child(value, their_value)
            };
            pairs.len() == theirs.len() && pairs.iter().zip(theirs).all(same_pair)
        }
        _ => false,
    }
}

/// A plain scalar: ours is the text, theirs is what they take it for.
fn plain(text: &str, theirs: &Value) -> bool {
    match theirs {
        Value::String(theirs) => text == theirs,
        Value::Null => matches!(text, "" | "~" | "null" | "Null" | "NULL"),
        Value::Bool(theirs) => text.eq_ignore_ascii_case(&theirs.to_string()),
        Value::Number(_) => serde_yaml::from_str::<Value>(text).is_ok_and(|value| value == *theirs),
        _ => false,
    }
}

#[test]
fn the_known_differences_are_still_there() {
    for text in ["[1:]", "{:a: b}", "...\na", "{a\n: b}"] {
        assert_eq!(agrees(text), Ok(false), "{text:?}");
    }
}

#[test]
fn shipped_and_test_policies_read_the_same() {
    let mut read = 0;
    for directory in ["policies", "policies/shared", "tests/data"] {
        for entry in std::fs::read_dir(directory).expect("a directory of the repository") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = std::fs::read_to_string(&path).expect("a file");
                assert_eq!(agrees(&text), Ok(true), "{}", path.display());
                read += 1;
            }
        }
    }
    assert!(read > 6, "only {read} files");
}

/// A YAML value as a policy has them, written in block or flow style.
fn document() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "a",
        "lan-1",
        "10.0.0.0/8",
        "2001:db8::1",
        "\"::\"",
        "'it''s'",
        "25",
        "0x19",
        "010",
        "1_000",
        "1e3",
        "true",
        "no",
        "~",
        "",
        "2027-03-31",
        "10/minute",
        "\"\\u00e9\\n\"",
        "a b",
        "a#b",
        "a:b",
        "-1",
        ".5",
        "1.",
        "+1",
        "é",
    ]);
    let flow = scalar.clone().prop_map(str::to_owned).prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(inner, 1..4).prop_map(|items| {
                let pairs = items.iter().enumerate().map(|(n, item)| format!("k{n}: {item}"));
                format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
            }),
        ]
    });
    let leaf = prop_oneof![flow, scalar.prop_map(str::to_owned)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|items| block(&items, |_| "-".to_owned())),
            prop::collection::vec(inner, 1..4).prop_map(|items| block(&items, |n| format!("k{n}:"))),
        ]
    })
}

/// Items below each other, each behind its mark and indented where it has lines of its own.
fn block(items: &[String], mark: impl Fn(usize) -> String) -> String {
    let item = |(n, item): (usize, &String)| {
        if item.contains('\n') {
            format!(
                "{} # c\n{}",
                mark(n),
                item.lines().map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat()
            )
        } else {
            format!("{} {item}\n", mark(n))
        }
    };
    items.iter().enumerate().map(item).collect()
}

/// Random pieces of YAML's syntax.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "c: ", "d: ", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ", ", "\"", "'", " # c",
        "|\n  ", ">-\n  ", "? ", ": ", "---\n", "...\n", "~", "é", ":", "1", "#", "-", "\r\n", "  ", "\n\n",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, rng_seed: RngSeed::Fixed(2), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_read_the_same(text in document()) {
        prop_assert!(agrees(&text).is_ok(), "{text:?}: {:?}", agrees(&text));
    }

    #[test]
    fn whatever_is_accepted_reads_the_same(text in soup()) {
        prop_assert!(agrees(&text).is_ok(), "{text:?}: {:?}", agrees(&text));
    }
}
