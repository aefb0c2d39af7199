//! `mailward test`: do the expectations of policies hold?

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::analyze::{Decisions, Trials};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::load::{self, Loaded, With};
use crate::cli::terminal::{Terminal, printable};
use crate::report::{self, Score, Tried};
use crate::source::Severity;

/// Hold policies against their own expectations.
///
/// Each expectation is decided for every packet of its set. Where one does not hold, the answer shows who decides
/// otherwise, a packet, and what would have to change.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Policies, directories of policies, or `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A file with more expectations, for every policy; may be given several times.
    #[arg(long, value_name = "FILE")]
    expect: Vec<PathBuf>,
    /// Show the rules that no expectation exercises.
    #[arg(long)]
    coverage: bool,
    /// Answer no if any rule is not exercised, and show those rules.
    #[arg(long)]
    fail_uncovered: bool,
    /// Who reads the results.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Who reads the results.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// People: lines with carets.
    Human,
    /// Programs: one JSON document.
    Json,
}

/// Policies that are named; more are only counted.
const MOST_NAMED: usize = 3;

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let added = load::expectations(&arguments.expect)?;
    let shows_coverage = arguments.coverage || arguments.fail_uncovered;
    let run =
        load::each_with(&arguments.paths, With { added: &added, ..With::default() }, terminal, |loaded| {
            tried(loaded, shows_coverage)
        })?;
    let score = Score::of(&run);
    let untested = untested(&run);
    if score.expectations() == 0 && score.errors == 0 {
        return Err(Failure::NothingToTest(untested));
    }
    if !untested.is_empty() {
        terminal.remark(&format!("no expectations in {}", untested.join(", ")));
    }
    let text = match arguments.format {
        Format::Human => report::trials_human(&run, terminal.ink()),
        Format::Json => report::trials_json(&run).map_err(|error| Failure::bug(&error))?,
    };
    terminal.result(&text)?;
    Ok(answer(&score, arguments.fail_uncovered))
}

/// Decides the expectations of a valid policy. What lint has to say is left to lint.
fn tried(loaded: Loaded, shows_coverage: bool) -> Tried {
    let Loaded { policy, mut examined, .. } = loaded;
    examined.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let Some(policy) = policy else { return Tried::invalid(examined) };
    let decisions = Decisions::new(&policy);
    let trials = Trials::of(&decisions);
    examined.diagnostics.extend(trials.findings());
    if shows_coverage {
        examined.diagnostics.extend(trials.uncovered(&decisions));
    }
    Tried::new(examined, &policy, &trials)
}

/// The valid policies without any expectation, quoted.
fn untested(run: &[Tried]) -> Vec<String> {
    let untested = run.iter().filter(|tried| tried.examined.name.is_some() && tried.expectations() == 0);
    let paths: Vec<&str> = untested.map(|tried| tried.examined.path.as_str()).collect();
    let named = paths.iter().take(MOST_NAMED).map(|path| format!("`{}`", printable(path)));
    let more = paths.len().checked_sub(MOST_NAMED).filter(|&more| more > 0);
    named.chain(more.map(|more| format!("{more} more"))).collect()
}

fn answer(score: &Score, fail_uncovered: bool) -> Exit {
    let uncovered = fail_uncovered && score.exercised < score.rules;
    match score {
        Score { errors: 1.., .. } => Exit::CannotAnswer,
        Score { failed: 1.., .. } => Exit::No,
        _ if uncovered => Exit::No,
        Score { undecided: 1.., .. } => Exit::CannotAnswer,
        _ => Exit::Yes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_to_fail_beats_what_is_not_known() {
        let score = Score { hold: 1, rules: 2, exercised: 1, ..Score::default() };
        let undecided = Score { undecided: 1, ..score.clone() };
        let failed = Score { failed: 1, ..undecided.clone() };
        let broken = Score { errors: 1, ..failed.clone() };
        let answers = |fail_uncovered| {
            [&score, &undecided, &failed, &broken].map(|score| answer(score, fail_uncovered))
        };
        assert_eq!(answers(false), [Exit::Yes, Exit::CannotAnswer, Exit::No, Exit::CannotAnswer]);
        assert_eq!(answers(true), [Exit::No, Exit::No, Exit::No, Exit::CannotAnswer]);
    }
}
