//! The examples on the pages.
//!
//! A fenced block `yaml bad` is a complete policy in which the check finds something and no other check does; checks
//! that cannot but speak up too are named after `with`: `yaml bad with rule-shadowed`. A block `yaml good` is a
//! complete policy in which no check finds anything.

use mailward::lint::ALL;

/// An example of a page.
struct Block {
    /// The check whose page it stands on.
    id: &'static str,
    /// `bad` or `good`, and what follows.
    kind: Vec<&'static str>,
    /// The policy.
    text: &'static str,
}

/// Every example of every page.
fn blocks() -> Vec<Block> {
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
