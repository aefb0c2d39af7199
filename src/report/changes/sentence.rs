//! Changes in sentences, which every format puts in its own clothes.

use std::collections::BTreeSet;

use super::{Compared, tally, undecided};
use crate::analyze::{Cause, Change, ChangeKind, Portrait, Subject, Undecided};
use crate::model::{Log, RatePer, Verdict};
use crate::report::findings::human::number;

/// Names in a list that are said; the rest is counted.
const SAID: usize = 3;
/// Parts of a change that are said; the rest is counted.
const PARTS: usize = 5;

/// Before the change, or since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// In the old version.
    Before,
    /// In the new one.
    Now,
}

/// What happened, before a colon or above a list.
pub(super) const fn title(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Allowed => "newly allowed",
        ChangeKind::Denied => "newly denied",
        ChangeKind::Refusal => "refused in another way",
        ChangeKind::Logging => "logged in another way",
    }
}

/// Who treats or treated the packets of a change: as many as are enough, and in words how many more there are.
pub(super) fn causes<'c, 'p>(
    change: &'c Change<'p>,
    tense: Tense,
    enough: usize,
) -> (impl Iterator<Item = &'c Cause<'p>> + use<'c, 'p>, Option<String>) {
    let (causes, verb, when) = match tense {
        Tense::Before => (&change.before, "treated", "before"),
        Tense::Now => (&change.after, "treat", "now"),
    };
    let said = most_of(causes.len(), enough);
    let more = causes.len() - said;
    (causes.iter().take(said), (more > 0).then(|| format!("{more} others {verb} such packets {when}")))
}

/// Which packets, in one line: the largest part, and how many others there are.
pub(super) fn headline(change: &Change<'_>) -> String {
    let first = change.words.first().map(ToString::to_string).unwrap_or_default();
    match change.words.len().saturating_sub(1) + change.unsaid {
        0 => first,
        more => format!("{first}, and {more} more"),
    }
}

/// A part of a change, in its words, and how much it is. The first part is that of the headline and has no words.
pub(super) struct Measure {
    /// Which packets.
    pub(super) words: Option<String>,
    /// How many.
    pub(super) size: String,
}

/// How much a change is, part by part: the largest ones.
pub(super) fn measures(change: &Change<'_>) -> Vec<Measure> {
    let measure = |(place, part): (usize, &Portrait)| Measure {
        words: (place > 0).then(|| part.to_string()),
        size: part.size.to_string(),
    };
    change.words.iter().take(most_of(change.words.len(), PARTS)).enumerate().map(measure).collect()
}

/// How many parts come after those; nothing if none.
pub(super) fn smaller(change: &Change<'_>) -> Option<String> {
    let count = change.words.len() - most_of(change.words.len(), PARTS) + change.unsaid;
    (count > 0).then(|| format!("and {}", number(count, "smaller part", "smaller parts")))
}

/// How many of a number of things are shown where so many are enough: one more would take the place of its own count.
pub(super) const fn most_of(count: usize, enough: usize) -> usize {
    if count <= enough + 1 { count } else { enough }
}

/// `rule `web` allows them now`.
pub(super) fn cause(kind: ChangeKind, tense: Tense, cause: &Cause<'_>) -> String {
    format!("{} {}", cause.subject, deed(kind, tense, cause))
}

/// What somebody does with the packets of a change.
pub(super) fn deed(kind: ChangeKind, tense: Tense, cause: &Cause<'_>) -> String {
    let verb = match (kind, cause.verdict, tense) {
        (ChangeKind::Logging, _, _) => return logging(tense, cause),
        (_, Verdict::Accept, Tense::Before) => "allowed",
        (_, Verdict::Accept, Tense::Now) => "allows",
        (_, Verdict::Drop, Tense::Before) => "dropped",
        (_, Verdict::Drop, Tense::Now) => "drops",
        (_, Verdict::Reject, Tense::Before) => "rejected",
        (_, Verdict::Reject, Tense::Now) => "rejects",
        (_, Verdict::Observe, Tense::Before) => "observed",
        (_, Verdict::Observe, Tense::Now) => "observes",
    };
    match (cause.log, tense) {
        (None, Tense::Before) => format!("{verb} them"),
        (None, Tense::Now) => format!("{verb} them now"),
        (Some(_), Tense::Before) => format!("{verb} and logged them"),
        (Some(_), Tense::Now) => format!("{verb} and logs them now"),
    }
}

fn logging(tense: Tense, cause: &Cause<'_>) -> String {
    let observes = cause.verdict == Verdict::Observe;
    match (cause.log, tense, observes) {
        (None, Tense::Before, _) => "did not log them".to_owned(),
        (None, Tense::Now, _) => "does not log them".to_owned(),
        (Some(log), Tense::Before, false) => format!("logged them, {}", limit(log)),
        (Some(log), Tense::Now, false) => format!("logs them now, {}", limit(log)),
        (Some(log), Tense::Before, true) => format!("observed and logged them, {}", limit(log)),
        (Some(log), Tense::Now, true) => format!("observes and logs them now, {}", limit(log)),
    }
}

/// How often at most, as a policy says it.
pub(super) fn limit(log: Log) -> String {
    let per: RatePer = log.rate.per;
    format!("at most {}/{} and {} at once", log.rate.count, per.name(), log.rate.burst)
}

/// What is not in the change although the headline says it.
pub(super) fn exceptions(change: &Change<'_>) -> Vec<String> {
    let before = names(&change.spared_before);
    let after = names(&change.spared_after);
    let said = |names: Option<String>, what: &str| names.map(|names| format!("but for what {names} {what}"));
    let both = match change.kind {
        ChangeKind::Allowed => [said(before, "allowed before, too"), said(after, "still refuses")],
        ChangeKind::Denied => [said(before, "refused before, too"), said(after, "still allows")],
        ChangeKind::Refusal | ChangeKind::Logging => {
            let decided = names(&[change.spared_before.as_slice(), &change.spared_after].concat());
            [said(decided, "decides"), None]
        }
    };
    both.into_iter().flatten().collect()
}

/// A few names in a list; none if there are none. The baseline is no news to anybody: it comes before every rule.
fn names(subjects: &[Subject<'_>]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let written = subjects.iter().filter(|subject| !matches!(subject, Subject::Baseline(_)));
    let all: Vec<&Subject<'_>> = written.filter(|subject| seen.insert(*subject)).collect();
    let said = most_of(all.len(), SAID);
    let mut names: Vec<String> = all.iter().take(said).map(ToString::to_string).collect();
    if all.len() > said {
        names.push(format!("{} others", all.len() - said));
    }
    let last = names.pop()?;
    Some(if names.is_empty() { last } else { format!("{} or {last}", names.join(", ")) })
}

/// What could not be told.
pub(super) fn doubt(doubt: &Undecided<'_>) -> String {
    match doubt {
        Undecided::Pair(before, after) => {
            format!("whether {} treats packets now that {} treated before", after.subject, before.subject)
        }
        Undecided::Logging => {
            "how packets are logged: too many rules observe what too many others decide".to_owned()
        }
    }
}

/// Why there are things that could not be told, and what to do.
pub(super) const NO_PROOF: &str = "the search met its limit, so there may be changes that are not shown";

/// `3 changes in traffic: 1 newly allowed, 2 newly denied`.
pub(in crate::report) fn summary(run: &[Compared<'_>]) -> String {
    let tally = tally(run);
    let counts: Vec<String> = tally.iter().map(|(kind, count)| format!("{count} {}", title(*kind))).collect();
    let changes: usize = tally.values().sum();
    let found = match changes {
        0 if undecided(run) > 0 => "no traffic changes found".to_owned(),
        0 => "no traffic changes".to_owned(),
        _ => format!("{}: {}", number(changes, "traffic change", "traffic changes"), counts.join(", ")),
    };
    let policies = number(run.len(), "policy", "policies");
    match undecided(run) {
        0 => format!("{found} in {policies}"),
        doubts => format!("{found}, {doubts} undecided in {policies}"),
    }
}
