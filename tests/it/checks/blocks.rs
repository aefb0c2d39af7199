//! The examples on the pages.
//!
//! A fenced block `yaml bad` is a complete policy in which the check finds something and no other check does; checks
//! that cannot but speak up too are named after `with`: `yaml bad with rule-shadowed`. A block `yaml good` is a
//! complete policy in which no check finds anything.

use std::collections::BTreeSet;

use mailward::lint::ALL;

use super::findings::findings;

/// An example of a page.
pub(super) struct Block {
    /// The check whose page it stands on.
    pub(super) id: &'static str,
    /// `bad` or `good`, and what follows.
    pub(super) kind: Vec<&'static str>,
    /// The policy.
    pub(super) text: &'static str,
}

/// Every example of every page.
pub(super) fn blocks() -> Vec<Block> {
    let pages = ALL.iter().map(|check| (check.meta().id, check.meta().page));
    pages.flat_map(|(id, page)| page.split("```yaml ").skip(1).map(move |rest| block(id, rest))).collect()
}

fn block(id: &'static str, rest: &'static str) -> Block {
    let (kind, rest) = rest.split_once('\n').unwrap();
    let (text, _) = rest.split_once("```").expect(id);
    Block { id, kind: kind.split(' ').collect(), text }
}

#[test]
fn every_page_has_bad_and_good_examples() {
    let blocks = blocks();
    for check in ALL {
        for kind in ["bad", "good"] {
            let id = check.meta().id;
            assert!(
                blocks.iter().any(|block| block.id == id && block.kind[0] == kind),
                "{id}: no {kind} example"
            );
        }
    }
    assert!(blocks.iter().all(|block| block.text.starts_with("version: 1\n")));
}

#[test]
fn bad_examples_are_found_by_their_check_and_by_no_other() {
    for block in blocks().iter().filter(|block| block.kind[0] == "bad") {
        let others = block.kind[1..].iter().copied().filter(|&word| word != "with");
        let expected: BTreeSet<&str> = others.chain([block.id]).collect();
        let found = findings(block.text);
        let ids: BTreeSet<&str> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(ids, expected, "{}: {found:#?}\n{}", block.id, block.text);
    }
}

#[test]
fn nothing_is_found_in_good_examples() {
    for block in blocks().iter().filter(|block| block.kind[0] != "bad") {
        assert_eq!(block.kind, ["good"], "{}", block.id);
        assert_eq!(findings(block.text), [], "{}:\n{}", block.id, block.text);
    }
}
