//! The examples on the pages.
//!
//! A fenced block `yaml bad` is a complete policy in which the check finds something and no other check does; checks
//! that cannot but speak up too are named after `with`: `yaml bad with rule-shadowed`. A block `yaml good` is a
//! complete policy in which no check finds anything. Checks on rulesets have rulesets for nft instead: `nft bad`, `nft good`.

use std::collections::BTreeSet;

use mailward::lint::{ALL, CheckSubject};
use mailward::readback::Language;
use mailward::source::Diagnostic;

use super::findings::{findings, findings_in_ruleset};

/// An example of a page.
pub(super) struct Block {
    /// The check whose page it stands on.
    pub(super) id: &'static str,
    /// `yaml` or `nft`.
    pub(super) language: &'static str,
    /// `bad` or `good`, and what follows.
    pub(super) kind: Vec<&'static str>,
    /// The policy or ruleset.
    pub(super) text: &'static str,
}

impl Block {
    fn findings(&self) -> Vec<Diagnostic> {
        match self.language {
            "nft" => findings_in_ruleset(Language::Nftables, self.text),
            _ => findings(self.text),
        }
    }
}

/// Every example of every page.
pub(super) fn blocks() -> Vec<Block> {
    let pages = ALL.iter().map(|check| (check.meta().id, check.meta().page));
    let of = |(id, page): (&'static str, &'static str)| {
        ["yaml", "nft"].into_iter().flat_map(move |language| blocks_in(id, page, language))
    };
    pages.flat_map(of).collect()
}

fn blocks_in(id: &'static str, page: &'static str, language: &'static str) -> Vec<Block> {
    let fence = format!("```{language} ");
    page.split(&fence).skip(1).map(|rest| block(id, language, rest)).collect()
}

fn block(id: &'static str, language: &'static str, rest: &'static str) -> Block {
    let (kind, rest) = rest.split_once('\n').unwrap();
    let (text, _) = rest.split_once("```").expect(id);
    Block { id, language, kind: kind.split(' ').collect(), text }
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
    let policies = || blocks.iter().filter(|block| block.language == "yaml");
    assert!(policies().all(|block| block.text.starts_with("version: 1\n")));
    let is_for_rulesets = |id| mailward::lint::find(id).unwrap().subject() == CheckSubject::Ruleset;
    assert!(blocks.iter().all(|block| (block.language == "nft") == is_for_rulesets(block.id)));
}

#[test]
fn bad_examples_are_found_by_their_check_and_by_no_other() {
    let mut wrong = Vec::new();
    for block in blocks().iter().filter(|block| block.kind[0] == "bad") {
        let others = block.kind[1..].iter().copied().filter(|&word| word != "with");
        let expected: BTreeSet<&str> = others.chain([block.id]).collect();
        let found = block.findings();
        let ids: BTreeSet<&str> = found.iter().map(|finding| finding.code).collect();
        if ids != expected {
            wrong.push(format!("{}: {ids:?} instead of {expected:?}\n{}", block.id, block.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_found_in_good_examples() {
    for block in blocks().iter().filter(|block| block.kind[0] != "bad") {
        assert_eq!(block.kind, ["good"], "{}", block.id);
        assert_eq!(block.findings(), [], "{}:\n{}", block.id, block.text);
    }
}
