//! What people and machines see of a proof.

use std::fmt::Write as _;

use annotate_snippets::normalize_untrusted_str;
use serde::Serialize;

use super::Ink;
use super::human::{concluding, laid_out, number};
use super::json::{Finding, finding};
use crate::prove::{Comparison, Group, Names, grouped};
use crate::readback::Remark;
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
    /// What was read and not decided.
    pub remarks: Vec<&'p Remark>,
    /// The files that it points into.
    pub sources: &'p Sources,
}

impl Proof<'_> {
    /// Whether both are equal; none if nobody can tell.
    fn is_equal(&self) -> Option<bool> {
        let is_known = self.comparison.differences.iter().any(|difference| !difference.is_conditional());
        if is_known { Some(false) } else { self.comparison.is_equal().then_some(true) }
    }

    /// The answer in a line.
    fn summary(&self, groups: &[Group<'_>]) -> String {
        let Names { left, right, .. } = self.names;
        let (left, right) = (normalize_untrusted_str(left), normalize_untrusted_str(right));
        match self.is_equal() {
            Some(true) => format!("equal: `{left}` and `{right}` do the same with every packet"),
            Some(false) => {
                let differences = number(groups.len(), "difference", "differences");
                format!("not equal: {differences} between `{left}` and `{right}`")
            }
            None => format!("cannot tell whether `{left}` and `{right}` do the same with every packet"),
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

/// What was not looked into.
fn asides(proof: &Proof<'_>) -> String {
    let conditions = proof.names.conditions;
    let listed =
        conditions.iter().map(|(_, text)| format!("not looked into: {}\n", normalize_untrusted_str(text)));
    let remark = |remark: &&Remark| {
        let (place, text) = (proof.sources.place(remark.site), &remark.text);
        format!("not decided: {} ({})\n", normalize_untrusted_str(text), normalize_untrusted_str(&place))
    };
    listed.chain(proof.remarks.iter().map(remark)).collect()
}

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    left: &'r str,
    right: &'r str,
    /// Null if nobody can tell.
    equal: Option<bool>,
    differences: Vec<Difference<'r>>,
    undecided: Vec<String>,
    conditions: Vec<&'r str>,
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct Difference<'r> {
    kind: &'static str,
    /// Whether it rests on conditions that were not looked into.
    conditional: bool,
    packet: &'r str,
    /// Combinations of conditions at these places.
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
        differences: differences.collect(),
        undecided: proof.comparison.undecided.iter().map(|doubt| proof.names.doubt(doubt)).collect(),
        conditions: proof.names.conditions.iter().map(|(_, text)| text).collect(),
        remarks: proof.remarks.iter().map(|remark| remark.text.clone()).collect(),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}
