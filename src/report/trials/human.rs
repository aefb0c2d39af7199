//! Expectations for people at a terminal.

use super::{Score, Tried};
use crate::analyze::NOT_EXERCISED;
use crate::report::Ink;
use crate::report::findings::human::{concluding, messages, number};
use crate::source::Diagnostic;

/// Rules that the summary names at most; the rest are counted.
const MOST_NAMED: usize = 5;

/// What there is to say about each expectation that is not known to hold, and a summary.
#[must_use]
pub fn human(run: &[Tried], ink: Ink) -> String {
    messages(run.iter().map(|tried| &tried.examined), ink) + &concluding(&summary(run), ink)
}

/// `10 of 12 expectations hold, 2 failed; 3 of 7 rules are exercised; not exercised: …`.
fn summary(run: &[Tried]) -> String {
    let score = Score::of(run);
    let errors = (score.errors > 0).then(|| number(score.errors, "error", "errors"));
    let is_tried = score.expectations() > 0;
    let expectations = is_tried.then(|| expectations(&score));
    let coverage = (is_tried && score.rules > 0).then(|| coverage(&score, run));
    let said: Vec<String> = [errors, expectations, coverage].into_iter().flatten().collect();
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
    let failed = (score.failed > 0).then(|| format!(", {} failed", score.failed));
    let undecided = (score.undecided > 0).then(|| format!(", {} undecided", score.undecided));
    let rest: Vec<String> = [failed, undecided].into_iter().flatten().collect();
    format!("{} of {all} expectations hold{}", score.hold, rest.concat())
}

fn coverage(score: &Score, run: &[Tried]) -> String {
    let &Score { rules, exercised, .. } = score;
    if exercised == rules {
        return "every rule is exercised".to_owned();
    }
    let is_listed = run.iter().any(|tried| tried.examined.diagnostics.iter().any(is_about_coverage));
    let which = match run {
        [tried] => format!("; not exercised: {}", missing(tried)),
        _ if is_listed => String::new(),
        _ => "; `--coverage` shows the others".to_owned(),
    };
    format!("{exercised} of {rules} rules are exercised{which}")
}

fn is_about_coverage(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == NOT_EXERCISED
}

/// The names of the rules that no expectation of a policy exercises.
fn missing(tried: &Tried) -> String {
    let named = tried.missing.iter().take(MOST_NAMED).map(|missing| format!("`{}`", missing.rule));
    let more = match tried.missing.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", named.collect::<Vec<_>>().join(", "))
}
