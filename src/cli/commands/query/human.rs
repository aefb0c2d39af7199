//! Answers about sets of packets for people.

use super::Answered;
use crate::analyze::{Certainty, Except, Portrait, Share, Subject, spell};
use crate::cli::answer::{line, list, named};
use crate::model::BaselinePart;
use crate::parse::Wanted;

/// How many exceptions of a part are named, and how many boxes of an exception; the rest is counted.
const MOST_NAMED: usize = 4;

/// What the search of an answer met.
const UNPROVEN: &str = "not proven: too many rules overlap here to tell within the limit of work";

/// What was asked and the answer in a word, then what passes and what does not, then what was left out.
pub(super) fn text(answered: &Answered<'_>) -> String {
    let mut paragraphs = vec![answered.headline()];
    let shows_refusals = answered.wanted == Wanted::Every || answered.answer.some_pass() != Some(true);
    paragraphs.extend(answered.answer.allowed.iter().map(|part| answered.part(part, "allowed")));
    let refused = answered.answer.refused.iter().filter(|_| shows_refusals);
    paragraphs.extend(refused.map(|part| answered.part(part, "refused")));
    paragraphs.extend(answered.footnotes());
    paragraphs.join("\n")
}

impl Answered<'_> {
    fn headline(&self) -> String {
        let asked: Vec<String> = self.question.iter().map(|portrait| format!("{portrait}\n")).collect();
        let answer = &self.answer;
        let word = match (self.wanted, answer.some_pass(), answer.all_pass()) {
            (_, Some(false), _) => "no, nothing of it may pass",
            (Wanted::Some, Some(true), _) => "yes, some of it may pass",
            (Wanted::Every, _, Some(true)) => "yes, all of it may pass",
            (Wanted::Every, Some(true), Some(false)) => "no, some of it may pass and some may not",
            (Wanted::Every, None, Some(false)) => "no, some of it may not pass",
            (Wanted::Every, Some(true), None) => "undecided: some of it may pass, perhaps all",
            (_, None, _) => "undecided: too many rules overlap to tell within the limit of work",
        };
        format!("{}{word}\n", asked.concat())
    }

    fn part(&self, part: &Share<'_>, verdict: &str) -> String {
        let portraits = self.portraits(&part.cubes);
        let sentences: Vec<String> = portraits.iter().map(|portrait| format!("{portrait}\n")).collect();
        let mut text = sentences.concat();
        text += &line(verdict, &format!("by {}", named(part.subject, part.site, self.sources)));
        let excepted: Vec<&Except<'_>> =
            part.except.iter().filter(|except| !matches!(except.subject, Subject::Baseline(_))).collect();
        text += &list("size", &sizes(&portraits, !excepted.is_empty()));
        let otherwise = if verdict == "allowed" { "refuses" } else { "allows" };
        text += &list("except", &self.exceptions(&excepted, otherwise));
        text += &line("example", &spell(self.policy, &part.packet));
        if part.certainty == Certainty::Possible {
            text += &line("", UNPROVEN);
        }
        text
    }

    fn exceptions(&self, excepted: &[&Except<'_>], otherwise: &str) -> Vec<String> {
        let mut words: Vec<String> =
            excepted.iter().take(MOST_NAMED).map(|except| self.exception(except, otherwise)).collect();
        match excepted.len().saturating_sub(MOST_NAMED) {
            0 => {}
            1 => words.extend(excepted.last().map(|except| self.exception(except, otherwise))),
            more => words.push(format!("and what each of {more} more rules {otherwise}")),
        }
        words
    }

    fn exception(&self, except: &Except<'_>, otherwise: &str) -> String {
        let portraits: Vec<String> = self.portraits(&except.cubes).iter().map(Portrait::to_string).collect();
        let shown = portraits.get(..MOST_NAMED).unwrap_or(&portraits).join("; ");
        let more = match portraits.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let perhaps = if except.certainty == Certainty::Possible { "perhaps " } else { "" };
        let who = named(except.subject, except.site, self.sources);
        format!("{perhaps}what {who} {otherwise}: {shown}{more}")
    }

    /// What the baseline decides and was left out.
    fn footnotes(&self) -> Option<String> {
        let left_out = |what: &str, parts: &[BaselinePart]| {
            let names: Vec<&str> = parts.iter().map(|part| part.name()).collect();
            (!parts.is_empty()).then(|| format!("left out: what the baseline {what} ({})", names.join(", ")))
        };
        let refused = left_out("refuses", &self.answer.barred);
        let allowed = left_out("lets pass", &self.answer.besides);
        let allowed = allowed.map(|text| format!("{text}; `--baseline` shows it"));
        let lines: Vec<String> = [refused, allowed].into_iter().flatten().map(|line| line + "\n").collect();
        (!lines.is_empty()).then(|| lines.concat())
    }
}

/// The sizes of boxes, one for each.
fn sizes(portraits: &[Portrait], has_exceptions: bool) -> Vec<String> {
    let most = if has_exceptions { "at most " } else { "" };
    portraits.iter().map(|portrait| format!("{most}{}", portrait.size)).collect()
}
