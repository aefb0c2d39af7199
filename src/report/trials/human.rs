//! Expectations for people at a terminal.

use super::{Score, Tried};
use crate::report::human::{concluding, messages, number};

/// Rules that the summary names at most; the rest are counted.
const MOST_NAMED: usize = 5;

/// What there is to say about each expectation that is not known to hold, and a summary. Styled as
/// [`human`](crate::report::human).
#[must_use]
pub fn human(run: &[Tried]) -> String {
    messages(run.iter().map(|tried| &tried.examined)) + &concluding(&summary(run))
}

/// `10 of 12 expectations hold, 2 failed; 3 of 7 rules are exercised; not exercised: …`.
fn summary(run: &[Tried]) -> String {
    let score = Score::of(run);
    let errors = (score.errors > 0).then(|| number(score.errors, "error", "errors"));
    let expectations = (score.expectations() > 0).then(|| expectations(&score));
    let coverage = (score.expectations() > 0 && score.rules > 0).then(|| coverage(&score));
    let missing = coverage.as_ref().and_then(|_| missing(run));
    let said: Vec<String> = [errors, expectations, coverage, missing].into_iter().flatten().collect();
    match score.policies {
        1 => said.join("; "),
        policies => format!("{} ({policies} policies)", said.join("; ")),
    }
}

fn expectations(score: &Score) -> String {
    let all = score.expectations();
    if score.hold == all {
        return format!(
            "{} {}",
            number(all, "expectation", "expectations"),
            if all == 1 { "holds" } else { "hold" }
        );
    }
    let failed = (score.failed > 0).then(|| format!("{} failed", score.failed));
    let undecided = (score.undecided > 0).then(|| format!("{} undecided", score.undecided));
    let rest: Vec<String> = [failed, undecided].into_iter().flatten().collect();
    format!("{} of {} hold, {}", score.hold, number(all, "expectation", "expectations"), rest.join(", "))
}

fn coverage(score: &Score) -> String {
    match score.rules {
        rules if rules == score.exercised => format!("every rule is exercised"),
        rules => format!("{} of {} exercised", score.exercised, number(rules, "rule is", "rules are")),
    }
}

fn missing(run: &[Tried]) -> Option<String> {
    let all: Vec<&str> = run.iter().flat_map(|tried| &tried.missing).map(|one| one.rule.as_str()).collect();
    let named: Vec<String> = all.iter().take(MOST_NAMED).map(|rule| format!("`{rule}`")).collect();
    let more = match all.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| format!("not exercised: {}{more}", named.join(", ")))
}
