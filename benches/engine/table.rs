//! The tables, in Markdown, so that they can be put into the documentation as they are.

use std::time::Duration;

use super::task::{Cost, Task};

/// What was measured on one list.
pub(crate) struct Row {
    pub(crate) set: String,
    pub(crate) size: usize,
    /// In the order of [`Task::LISTS`].
    pub(crate) costs: [Cost; Task::LISTS.len()],
}

/// What the program may use of the processor, and the head of the table.
pub(crate) fn head() {
    let features = if cfg!(target_feature = "avx512f") {
        "with AVX-512"
    } else if cfg!(target_feature = "avx2") {
        "with AVX2"
    } else if cfg!(target_feature = "neon") {
        "with NEON"
    } else {
        "generic"
    };
    println!(
        "target-cpu: {}, {features}; CPU time in ms, medians; largest memory of the process in MiB\n",
        std::env::consts::ARCH
    );
    println!(
        "| list | rules | boxes | build | shadow | redundancy | both | MiB | equality | MiB | change | MiB | \
         shadowed | redundant | differ | undecided |"
    );
    println!("|---|{}", "---:|".repeat(15));
}

pub(crate) fn row(row: &Row) {
    let [build, shadow, redundancy, both, equality, change] = row.costs;
    let undecided = [shadow, redundancy, equality, change].map(|cost| cost.undecided).iter().sum::<usize>();
    let name = row.set.rsplit('/').next().unwrap_or_default();
    println!(
        "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {undecided} |",
        row.size,
        both.boxes,
        ms(build.time),
        ms(shadow.time),
        ms(redundancy.time),
        ms(both.time),
        mib(both),
        ms(equality.time),
        mib(equality),
        ms(change.time),
        mib(change),
        shadow.found,
        redundancy.found,
        change.found,
    );
    assert!(equality.found == 0, "{name}: {} differences between a list and its rewriting", equality.found);
}

/// How time grows from each size of a list to the next one.
pub(crate) fn growth(lists: &[Vec<Row>]) {
    println!("\n| list | rules | both | equality | change |\n|---|---:|---:|---:|---:|");
    for pair in lists.iter().flat_map(|rows| rows.windows(2)) {
        let [small, large] = [&pair[0], &pair[1]];
        let times = |task: usize| large.costs[task].time.as_secs_f64() / small.costs[task].time.as_secs_f64();
        let [_, _, _, both, equality, change]: [f64; Task::LISTS.len()] = std::array::from_fn(times);
        println!(
            "| {} | {} → {} | × {both:.1} | × {equality:.1} | × {change:.1} |",
            large.set, small.size, large.size
        );
    }
}

/// What it costs to lint policies, with the number of findings.
pub(crate) fn lint(costs: &[(usize, Cost)]) {
    println!("\n| policy of rules | lint | MiB | findings |\n|---:|---:|---:|---:|");
    for (size, cost) in costs {
        println!("| {size} | {} | {} | {} |", ms(cost.time), mib(*cost), cost.found);
    }
}

fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1_000.0;
    if ms < 10.0 { format!("{ms:.2}") } else { format!("{ms:.0}") }
}

fn mib(cost: Cost) -> u64 {
    cost.peak_kib.div_ceil(1_024)
}
