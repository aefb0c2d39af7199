//! What people and machines see of a proof.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use annotate_snippets::normalize_untrusted_str;
use serde::Serialize;

use super::Ink;
use super::findings::human::{concluding, laid_out, number};
use super::findings::json::{Finding, finding};
use crate::packet::Family;
use crate::prove::{Comparison, Group, Names, grouped};
use crate::readback::Meaning;
use crate::source::{Diagnostic, Sources};

/// Differences that people are shown; the rest are counted.
const MOST: usize = 20;

/// Version of the JSON document's shape; raised when a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

/// Two meanings that were compared.
#[derive(Debug)]
pub struct Proof<'p> {
    /// What came out.
    pub comparison: &'p Comparison,
    /// What its numbers stand for.
    pub names: Names<'p>,
    /// What was compared, left and right.
    pub sides: [&'p Meaning; 2],
    /// The files that it points into.
    pub sources: &'p Sources,
}

impl Proof<'_> {
    /// Whether both are equal; none if nobody can tell.
    fn is_equal(&self) -> Option<bool> {
        let is_known = self.comparison.differences.iter().any(|difference| !difference.is_conditional());
        if is_known { Some(false) } else { self.comparison.is_equal().then_some(true) }
    }

    /// Whether the two sides have no packets in common: rules for IPv4 on one and for IPv6 on the other.
    #[must_use]
    pub fn is_about_nothing(&self) -> bool {
        self.families().is_empty()
    }

    /// The families of which both sides say something.
    fn families(&self) -> Vec<Family> {
        let [left, right] = self.sides;
        let spoken: Vec<Family> = right.families().collect();
        left.families().filter(|family| spoken.contains(family)).collect()
    }

    /// The packets that were compared.
    fn packets(&self) -> String {
        match self.families().as_slice() {
            [only] => format!("every packet of {}", only.name()),
            _ => "every packet".to_owned(),
        }
    }

    /// What was read and is not decided: once, even if a file is on both sides.
    fn remarks(&self) -> BTreeSet<Aside> {
        let all = self.sides.iter().flat_map(|side| &side.remarks);
        all.map(|remark| Aside { text: remark.text.clone(), place: self.sources.place(remark.site) })
            .collect()
    }

    /// The conditions that both sides ask for: what is equal rests on their being the same ones.
    fn shared(&self) -> impl Iterator<Item = &str> {
        let [left, right] = self.sides.map(Meaning::conditions);
        let both: Vec<u32> = left.intersection(&right).copied().collect();
        both.into_iter().filter_map(|number| self.names.conditions.text(number))
    }

    /// The answer in a line.
    fn summary(&self, groups: &[Group<'_>]) -> String {
        let Names { left, right, .. } = self.names;
        let (left, right) = (normalize_untrusted_str(left), normalize_untrusted_str(right));
        let packets = self.packets();
        match self.is_equal() {
            Some(true) => format!("equal: `{left}` and `{right}` do the same with {packets}"),
            Some(false) => {
                let differences = number(groups.len(), "difference", "differences");
                format!("not equal: {differences} between `{left}` and `{right}`")
            }
            None => format!("cannot tell whether `{left}` and `{right}` do the same with {packets}"),
        }
    }
}

/// Every difference with a packet and both places that decide it, what could not be looked into, and the answer.
#[must_use]
pub fn human(proof: &Proof<'_>, ink: Ink) -> String {
    let groups = grouped(proof.comparison);
    let told: Vec<Diagnostic> = groups.iter().take(MOST).map(|group| proof.names.tell(group)).collect();
    let mut text = laid_out(told.iter().map(|told| (told, proof.sources)).collect(), ink);
    if let Some(more) = groups.len().checked_sub(MOST).filter(|&more| more > 0) {
        let _ = writeln!(text, "and {}\n", number(more, "more difference", "more differences"));
    }
    let doubts = proof.comparison.undecided.iter().map(|doubt| proof.names.doubt(doubt));
    let mut doubts: Vec<String> = doubts.collect();
    doubts.dedup();
    text.extend(doubts.iter().map(|doubt| format!("not decided: {doubt}\n")));
    text += &asides(proof);
    text + &concluding(&proof.summary(&groups), ink)
}

/// What the answer rests on, and what it is not about.
fn asides(proof: &Proof<'_>) -> String {
    let alike = proof.shared().filter(|_| proof.is_equal() == Some(true));
    let alike = alike.map(|text| format!("taken to hold on both sides or on neither: `{text}`"));
    let left_out =
        Family::ALL.into_iter().filter(|family| !proof.families().contains(family)).map(Family::name);
    let silent =
        left_out.map(|name| format!("note: one side has no rules for {name}: its packets are left out"));
    let notes = proof.remarks().into_iter().map(|Aside { text, place }| format!("note: {text} ({place})"));
    let lines = alike.chain(silent).chain(notes).map(|line| normalize_untrusted_str(&line) + "\n");
    lines.collect()
}

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    left: &'r str,
    right: &'r str,
    /// Null if nobody can tell.
    equal: Option<bool>,
    /// Of which packets were compared.
    families: Vec<&'static str>,
    differences: Vec<Difference<'r>>,
    undecided: Vec<String>,
    conditions: Vec<&'r str>,
    remarks: BTreeSet<Aside>,
}

/// What is to be known besides.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Aside {
    place: String,
    text: String,
}

#[derive(Serialize)]
struct Difference<'r> {
    kind: &'static str,
    /// Whether it rests on conditions that were not looked into.
    conditional: bool,
    packet: &'r str,
    /// Boxes of packets that these two places decide.
    count: usize,
    #[serde(flatten)]
    finding: Finding<'r>,
}

/// The same as one JSON document with a line end.
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn json(proof: &Proof<'_>) -> Result<String, serde_json::Error> {
    let groups = grouped(proof.comparison);
    let told: Vec<(Diagnostic, String)> = groups
        .iter()
        .map(|group| (proof.names.tell(group), proof.names.packet(&group.first.packet)))
        .collect();
    let differences = groups.iter().zip(&told).map(|(group, (told, packet))| Difference {
        kind: group.first.kind.code(),
        conditional: group.first.is_conditional(),
        packet,
        count: group.count,
        finding: finding((told, proof.sources)),
    });
    let document = Document {
        version: VERSION,
        left: proof.names.left,
        right: proof.names.right,
        equal: proof.is_equal(),
        families: proof.families().into_iter().map(Family::name).collect(),
        differences: differences.collect(),
        undecided: proof.comparison.undecided.iter().map(|doubt| proof.names.doubt(doubt)).collect(),
        conditions: proof.names.conditions.iter().map(|(_, text)| text).collect(),
        remarks: proof.remarks(),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}
