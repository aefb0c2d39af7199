use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::source::{SourceFile, Sources};

/// The first file of a run.
fn file() -> FileId {
    Sources::default().add(SourceFile::new(String::new(), String::new(), None))
}

/// The tree as `kind@start..end=text` lines, children first.
fn shape(text: &str) -> String {
    let tree = parse(file(), text).0.expect("a tree");
    let mut lines = Vec::new();
    for number in 0.. {
        let Some(node) = tree.node(NodeId(number)) else { break };
        let kind = match &node.kind {
            Kind::Scalar { text, quoted: false } => format!("plain {text:?}"),
            Kind::Scalar { text, quoted: true } => format!("quoted {text:?}"),
            Kind::Sequence(items) => format!("list of {}", items.len()),
            Kind::Mapping(pairs) => format!("mapping of {}", pairs.len()),
            Kind::Refused => "refused".to_owned(),
        };
        lines.push(format!("{kind} <- {:?}", text.get(node.span.clone()).expect("a span within the text")));
    }
    lines.join("\n")
}

/// The codes of what is wrong.
fn codes(text: &str) -> Vec<&'static str> {
    parse(file(), text).1.iter().map(|problem| problem.code).collect()
}

#[test]
fn spans_of_block_collections_end_with_their_last_value() {
    insta::assert_snapshot!(shape("a:\n  - b  # c\n  - 'd'\n\n# e\nf: |\n  g\n\n\nh: i\n  j\n"), @r#"
    plain "a" <- "a"
    plain "b" <- "b"
    quoted "d" <- "'d'"
    list of 2 <- "- b  # c\n  - 'd'"
    plain "f" <- "f"
    quoted "g\n" <- "g"
    plain "h" <- "h"
    plain "i j" <- "i\n  j"
    mapping of 3 <- "a:\n  - b  # c\n  - 'd'\n\n# e\nf: |\n  g\n\n\nh: i\n  j"
    "#);
}

#[test]
fn spans_of_flow_collections_include_their_brackets() {
    insta::assert_snapshot!(shape("a: [b, {c: d}] # e\nf: [g: h, i]\n"), @r#"
    plain "a" <- "a"
    plain "b" <- "b"
    plain "c" <- "c"
    plain "d" <- "d"
    mapping of 1 <- "{c: d}"
    list of 2 <- "[b, {c: d}]"
    plain "f" <- "f"
    plain "g" <- "g"
    plain "h" <- "h"
    mapping of 1 <- "g: h"
    plain "i" <- "i"
    list of 2 <- "[g: h, i]"
    mapping of 2 <- "a: [b, {c: d}] # e\nf: [g: h, i]"
    "#);
}

#[test]
fn what_is_left_out_is_pointed_at_by_its_key_or_dash() {
    insta::assert_snapshot!(shape("a:\nb: # c\n  - # - d\n  -\n  - e\n  -\nf: ~\n"), @r#"
    plain "a" <- "a"
    plain "" <- "a"
    plain "b" <- "b"
    plain "" <- "-"
    plain "" <- "-"
    plain "e" <- "e"
    plain "" <- "-"
    list of 4 <- "- # - d\n  -\n  - e\n  -"
    plain "f" <- "f"
    plain "~" <- "~"
    mapping of 3 <- "a:\nb: # c\n  - # - d\n  -\n  - e\n  -\nf: ~"
    "#);
}

#[test]
fn duplicates_are_dropped_and_reported() {
    assert_eq!(codes("a: 1\nb: 2\na: 3\n\"b\": 4\n"), ["duplicate-key", "duplicate-key"]);
    assert_eq!(codes("{a: 1, b: {a: 1}}"), [""; 0]);
}

#[test]
fn everything_refused_is_reported_in_one_run() {
    let text = "a: &x 1\nb: *x\nc: !t 2\n<<: *y\n? [d]\n: 3\n";
    assert_eq!(codes(text), ["anchor", "alias", "tag", "alias", "wrong-shape", "merge-key"]);
}

#[test]
fn the_number_of_values_is_limited() {
    let text = "- a\n".repeat(20);
    assert!(parse_within(file(), &text, 21).0.is_some());
    let (tree, problems) = parse_within(file(), &text, 20);
    assert!(tree.is_none());
    assert_eq!(problems.first().map(|problem| problem.code), Some("too-large"));
}

/// YAML-like text: random pieces of its syntax.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b: ",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "\"",
        "'",
        "# c",
        "|\n",
        ">-\n",
        "&x ",
        "*x",
        "!t ",
        "? ",
        ": ",
        "<<: ",
        "---\n",
        "...\n",
        "~",
        "é",
        "\u{1f600}",
        "\t",
        "\r\n",
        "%YAML 1.2\n",
        ":",
        "1",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn check_spans(text: &str) {
    let (tree, problems) = parse(file(), text);
    for problem in &problems {
        let places = std::iter::once(&problem.primary).chain(&problem.related);
        for label in places {
            if let crate::source::At::Bytes { start, end } = label.site.at {
                assert!(text.get(start as usize..end as usize).is_some(), "{problem:?} in {text:?}");
            }
        }
    }
    let Some(tree) = tree else {
        assert!(!problems.is_empty(), "no tree and no reason: {text:?}");
        return;
    };
    let mut number = 0;
    while let Some(node) = tree.node(NodeId(number)) {
        assert!(text.get(node.span.clone()).is_some(), "{node:?} in {text:?}");
        number += 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, rng_seed: RngSeed::Fixed(2), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_reader_or_a_span(text in "\\PC{0,80}") {
        check_spans(&text);
    }

    #[test]
    fn no_mix_of_syntax_breaks_the_reader_or_a_span(text in soup()) {
        check_spans(&text);
    }
}
