//! What is measured: each task prepares what it needs, and only its question is timed.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::date;
use mailward::model::Policy;
use mailward::packet::{Line, List, Redundancy, Shadow, differences};
use mailward::source::Sources;
use mailward::{lint, lower, parse};

use super::clock::{cpu_time, peak_kib};
use super::{classbench, generate, hard, kinds, policy, rewrite};

/// A question about a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Making the list ready to be asked.
    Build,
    /// Which rules are shadowed, each with what shadows it; the list is ready.
    Shadow,
    /// Which rules are redundant; the list is ready.
    Redundancy,
    /// Both, from lines to answers.
    Both,
    /// Whether the list does the same as its rewriting, from lines to the answer.
    Equality,
    /// What a change of one rule changes, from lines to the answer.
    Change,
    /// Every check on a policy of that many rules, from the policy to the findings.
    Lint,
}

/// What a task came to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// The median of the runs.
    pub(crate) time: Duration,
    /// The largest memory of the process that did it, everything included.
    pub(crate) peak_kib: u64,
    /// How many boxes the list has.
    pub(crate) boxes: usize,
    /// How many the one has that it is compared with.
    pub(crate) other: usize,
    /// How many rules or pairs of lines were found.
    pub(crate) found: usize,
    /// How many could not be decided.
    pub(crate) undecided: usize,
}

impl Task {
    /// What is asked about lists, in the order of the table.
    pub(crate) const LISTS: [Self; 6] =
        [Self::Build, Self::Shadow, Self::Redundancy, Self::Both, Self::Equality, Self::Change];

    /// The task of that name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::LISTS.into_iter().chain([Self::Lint]).find(|task| task.name() == name)
    }

    /// The task in words, as the process that measures it is told.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Shadow => "shadow",
            Self::Redundancy => "redundancy",
            Self::Both => "both",
            Self::Equality => "equality",
            Self::Change => "change",
            Self::Lint => "lint",
        }
    }

    /// Does it so often with the list of that name and size.
    pub(crate) fn run(self, set: &str, size: usize, runs: usize) -> io::Result<Cost> {
        if self == Self::Lint {
            let findings =
                |policy: Policy| (lint::lint(&policy, &lint::Plan::default(), date(2026, 11, 1)).len(), 0);
            return Ok(timed(runs, || policy_of(size), findings));
        }
        let lines = lines(set, size)?;
        let list = || List::new(lines.clone());
        let other = match self {
            Self::Equality => rewrite::rewritten(&lines, 7),
            Self::Change => rewrite::changed(&lines),
            _ => Vec::new(),
        };
        let cost = match self {
            Self::Build | Self::Lint => {
                timed(runs, || lines.clone(), |lines| (List::new(lines).lines().len(), 0))
            }
            Self::Shadow => timed(runs, list, |list| shadowed(&list)),
            Self::Redundancy => timed(runs, list, |list| redundant(&list)),
            Self::Both => timed(
                runs,
                || lines.clone(),
                |lines| {
                    let list = List::new(lines);
                    let (shadowed, redundant) = (shadowed(&list), redundant(&list));
                    (shadowed.0 + redundant.0, shadowed.1 + redundant.1)
                },
            ),
            Self::Equality | Self::Change => timed(runs, || [lines.clone(), other.clone()], different),
        };
        Ok(Cost { boxes: lines.len(), other: other.len(), ..cost })
    }
}

/// The median of so many runs; only the question is timed, which answers how much was found and left undecided.
fn timed<T>(
    runs: usize,
    mut prepare: impl FnMut() -> T,
    mut question: impl FnMut(T) -> (usize, usize),
) -> Cost {
    let mut cost = Cost::default();
    let mut times: Vec<Duration> = Vec::with_capacity(runs);
    for _ in 0..runs {
        let prepared = prepare();
        let start = cpu_time();
        (cost.found, cost.undecided) = question(prepared);
        times.push(cpu_time().saturating_sub(start));
    }
    times.sort_unstable();
    Cost { time: times[runs / 2], peak_kib: peak_kib(), ..cost }
}

/// How many rules are shadowed, and of how many it could not be told.
fn shadowed(list: &List) -> (usize, usize) {
    let answers: Vec<Shadow> = owners(list).map(|owner| list.shadowed(owner)).collect();
    let count = |of: fn(&Shadow) -> bool| answers.iter().filter(|answer| of(answer)).count();
    (count(|answer| matches!(answer, Shadow::By(_))), count(|answer| *answer == Shadow::Undecided))
}

/// How many rules could go, and of how many it could not be told.
fn redundant(list: &List) -> (usize, usize) {
    let answers: Vec<Redundancy> = owners(list).map(|owner| list.redundant(owner)).collect();
    let count = |of: fn(&Redundancy) -> bool| answers.iter().filter(|answer| of(answer)).count();
    (count(|answer| matches!(answer, Redundancy::By(_))), count(|answer| *answer == Redundancy::Undecided))
}

/// How many pairs of lines differ, and of how many it could not be told.
fn different(lists: [Vec<Line>; 2]) -> (usize, usize) {
    let [left, right] = lists.map(List::new);
    let differences = differences(&left, &right);
    (differences.found.len(), differences.undecided.len())
}

/// Rules have the numbers from 0 on.
fn owners(list: &List) -> std::ops::Range<usize> {
    0..list.lines().iter().map(|line| line.owner + 1).max().unwrap_or_default()
}

/// The policy of the benchmark of whole runs.
fn policy_of(size: usize) -> Policy {
    let bundle = parse::text("policy.yaml", policy::policy(size), &mut Sources::default());
    lower::lower(bundle).policy.expect("a valid policy")
}

/// The lines of a generated or hard list, or of a rule set in a file.
fn lines(set: &str, size: usize) -> io::Result<Vec<Line>> {
    if let Some(kind) = kinds::ALL.into_iter().find(|kind| kind.name == set) {
        return Ok(generate::rules(kind, size));
    }
    if let Some((_, make)) = hard::ALL.into_iter().find(|(name, _)| *name == set) {
        return Ok(make(size));
    }
    classbench::read(&PathBuf::from(set))
}
