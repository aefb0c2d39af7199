//! Answers about sets of packets for programs: one JSON document whose shape only grows within a version.

use serde::Serialize;

use super::Answered;
use crate::analyze::{Certainty, Except, Share, spell};
use crate::cli::answer::{DeciderDocument, PacketDocument, PolicyDocument, PortraitDocument};
use crate::model::BaselinePart;
use crate::packet::{Cube, Packet};
use crate::parse::Wanted;

/// Version of the document's shape; raised when a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    version: u32,
    policy: PolicyDocument<'a>,
    /// What was asked about.
    question: Vec<PortraitDocument>,
    /// `some` where one packet that passes makes the answer yes, `every` where all have to.
    wanted: &'static str,
    /// `yes`, `no` or `undecided`.
    answer: &'static str,
    /// Whether some of it passes, and whether all of it does; null where that is undecided.
    some_pass: Option<bool>,
    all_pass: Option<bool>,
    allowed: Vec<PartDocument<'a>>,
    refused: Vec<PartDocument<'a>>,
    /// What the baseline decides and is in neither list.
    left_out: LeftOut,
}

#[derive(Serialize)]
struct LeftOut {
    refused: Vec<&'static str>,
    allowed: Vec<&'static str>,
}

#[derive(Serialize)]
struct PartDocument<'a> {
    boxes: Vec<PortraitDocument>,
    by: DeciderDocument<'a>,
    except: Vec<ExceptDocument<'a>>,
    example: Example<'a>,
    proven: bool,
}

#[derive(Serialize)]
struct ExceptDocument<'a> {
    by: DeciderDocument<'a>,
    boxes: Vec<PortraitDocument>,
    proven: bool,
}

#[derive(Serialize)]
struct Example<'a> {
    text: String,
    packet: PacketDocument<'a>,
}

/// The document.
pub(super) fn document<'a>(answered: &'a Answered<'a>) -> Document<'a> {
    let answer = &answered.answer;
    let names = |parts: &[BaselinePart]| parts.iter().map(|part| part.name()).collect();
    Document {
        version: VERSION,
        policy: PolicyDocument::of(answered.policy, answered.sources),
        question: answered.question.iter().cloned().map(PortraitDocument::of).collect(),
        wanted: match answered.wanted {
            Wanted::Some => "some",
            Wanted::Every => "every",
        },
        answer: match answered.is_yes() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "undecided",
        },
        some_pass: answer.some_pass(),
        all_pass: answer.all_pass(),
        allowed: answer.allowed.iter().map(|part| answered.part_document(part)).collect(),
        refused: answer.refused.iter().map(|part| answered.part_document(part)).collect(),
        left_out: LeftOut { refused: names(&answer.barred), allowed: names(&answer.besides) },
    }
}

impl<'a> Answered<'a> {
    fn part_document(&'a self, part: &Share<'a>) -> PartDocument<'a> {
        PartDocument {
            boxes: self.boxes(&part.cubes),
            by: DeciderDocument::of(part.subject, part.site, self.sources),
            except: part.except.iter().map(|except| self.except_document(except)).collect(),
            example: self.example(&part.packet),
            proven: part.certainty == Certainty::Proven,
        }
    }

    fn except_document(&'a self, except: &Except<'a>) -> ExceptDocument<'a> {
        ExceptDocument {
            by: DeciderDocument::of(except.subject, except.site, self.sources),
            boxes: self.boxes(&except.cubes),
            proven: except.certainty == Certainty::Proven,
        }
    }

    fn boxes(&self, cubes: &[Cube]) -> Vec<PortraitDocument> {
        self.portraits(cubes).into_iter().map(PortraitDocument::of).collect()
    }

    fn example(&'a self, packet: &Packet) -> Example<'a> {
        Example { text: spell(self.policy, packet), packet: PacketDocument::of(self.policy, packet) }
    }
}
