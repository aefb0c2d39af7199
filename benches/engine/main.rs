//! CPU time and memory of the questions that the packet engine answers, on generated lists of several kinds and on
//! lists that are hard for any engine: `cargo bench --bench engine`, or with names and sizes to measure only these,
//! such as `cargo bench --bench engine -- firewall 10000`.
//!
//! Each task runs in a process of its own, which counts the time of its threads on a processor and its largest memory.
//! `MAILWARD_CLASSBENCH` names a folder with rule sets in `ClassBench`'s format that are measured besides.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on fails, loudly"
)]

mod classbench;
mod clock;
mod generate;
mod hard;
mod kinds;
#[expect(dead_code, reason = "the other benchmark also asks for the rules in another language")]
#[path = "../scale/generate.rs"]
mod policy;
mod prefixes;
mod rewrite;
mod table;
mod task;

use std::io;
use std::process::Command;
use std::time::Duration;

use table::Row;
use task::{Cost, Task};

const SIZES: [usize; 4] = [100, 1_000, 10_000, 50_000];
/// The size of hard lists.
const HARD: usize = 10_000;
/// The sizes of policies to be linted.
const POLICIES: [usize; 2] = [1_000, 10_000];
/// What a process is told that is to measure, before task, name, size and runs.
const MEASURE: &str = "--measure";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [word, task, set, size, runs] = arguments.as_slice()
        && word == MEASURE
    {
        return measure(task, set, [size, runs]);
    }
    let asked = |set: &str, size: usize| is_asked_for(&arguments, set, size);
    table::head();
    let mut lists = Vec::new();
    for (set, sizes) in sets()? {
        let rows = sizes.into_iter().filter(|size| asked(&set, *size)).map(|size| row(&set, size));
        lists.push(rows.collect::<io::Result<Vec<Row>>>()?);
    }
    table::growth(&lists);
    let policies = POLICIES.into_iter().filter(|size| asked("lint", *size));
    let costs = policies.map(|size| Ok((size, child(Task::Lint, "lint", size)?)));
    table::lint(&costs.collect::<io::Result<Vec<(usize, Cost)>>>()?);
    Ok(())
}

/// The names of all lists and the sizes in which they are measured.
fn sets() -> io::Result<Vec<(String, Vec<usize>)>> {
    let generated = kinds::ALL.into_iter().map(|kind| (kind.name.to_owned(), SIZES.to_vec()));
    let hard = hard::ALL.into_iter().map(|(name, _)| (name.to_owned(), vec![HARD]));
    let mut sets: Vec<(String, Vec<usize>)> = generated.chain(hard).collect();
    if let Some(folder) = std::env::var_os("MAILWARD_CLASSBENCH") {
        let mut files =
            std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        files.sort();
        for file in files {
            let rules = classbench::read(&file)?.len();
            sets.push((file.to_string_lossy().into_owned(), vec![rules]));
        }
    }
    Ok(sets)
}

/// Whether the arguments name a set or size, or name none. A part of a name is enough.
fn is_asked_for(arguments: &[String], set: &str, size: usize) -> bool {
    let (sizes, names): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|argument| argument.parse::<usize>().is_ok());
    (names.is_empty() || names.iter().any(|name| set.contains(name.as_str())))
        && (sizes.is_empty() || sizes.iter().any(|asked| asked.parse() == Ok(size)))
}

/// Measures all tasks on a list and prints them as soon as they are known.
fn row(set: &str, size: usize) -> io::Result<Row> {
    let mut costs = [Cost::default(); Task::LISTS.len()];
    for (task, cost) in Task::LISTS.into_iter().zip(&mut costs) {
        *cost = child(task, set, size)?;
    }
    let row = Row { set: set.to_owned(), size, costs };
    table::row(&row);
    Ok(row)
}

/// A task in a process of its own: more runs where one is short.
fn child(task: Task, set: &str, size: usize) -> io::Result<Cost> {
    let runs = if size > 10_000 {
        3
    } else if size > 1_000 {
        5
    } else {
        21
    };
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.args([MEASURE, task.name(), set, &size.to_string(), &runs.to_string()]).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<u64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [nanoseconds, peak_kib, boxes, other, found, undecided] = numbers[..] else {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(format!("{} of {set} {size}: {reason}", task.name())));
    };
    let [boxes, other, found, undecided] =
        [boxes, other, found, undecided].map(|number| usize::try_from(number).unwrap_or_default());
    Ok(Cost { time: Duration::from_nanos(nanoseconds), peak_kib, boxes, other, found, undecided })
}

/// Measures in this process and prints numbers.
fn measure(task: &str, set: &str, numbers: [&String; 2]) -> io::Result<()> {
    let [size, runs] = numbers.map(|number| number.parse().expect("a number"));
    let task = Task::find(task).expect("a task");
    let Cost { time, peak_kib, boxes, other, found, undecided } = task.run(set, size, runs)?;
    println!("{} {peak_kib} {boxes} {other} {found} {undecided}", time.as_nanos());
    Ok(())
}
