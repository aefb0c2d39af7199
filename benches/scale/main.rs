//! Whole-process time and peak memory of `lint` and `render` at 10, 100, 1,000 and 10,000 rules, and of ferm on
//! the same policy where it is installed. Run with `cargo bench`; medians of nine runs after a warm-up.
//!
//! Peak memory is the largest `VmHWM` seen in `/proc/<pid>/status` while the process ran, so it may miss what
//! was allocated in the last millisecond; on other systems than Linux it is shown as zero.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod generate;

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
const RUNS: usize = 9;

/// The cost of one run of a program.
#[derive(Clone, Copy, Default)]
struct Cost {
    time: Duration,
    peak_kib: u64,
}

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    println!("{:<28} {:>8} {:>12} {:>12}", "command", "rules", "median ms", "peak MiB");
    for target in ["lint", "nftables", "iptables", "pf-openbsd", "ferm"] {
        let mut medians = Vec::new();
        for size in SIZES {
            let Some(cost) = measure(target, size, folder.path())? else { break };
            #[expect(clippy::cast_precision_loss, reason = "a table for people")]
            let peak = cost.peak_kib as f64 / 1024.0;
            println!("{target:<28} {size:>8} {:>12.2} {peak:>12.1}", cost.time.as_secs_f64() * 1000.0);
            medians.push(cost.time.as_secs_f64());
        }
        if let [.., thousand, ten_thousand] = medians.as_slice() {
            println!("{target:<28} growth 10k/1k: {:.1}", ten_thousand / thousand);
        }
    }
    Ok(())
}

/// The median cost of a command on a policy of that size; none if the program is not installed.
fn measure(target: &str, size: usize, folder: &Path) -> io::Result<Option<Cost>> {
    let policy = folder.join(format!("{size}.yaml"));
    let peer = folder.join(format!("{size}.ferm"));
    fs::write(&policy, generate::policy(size))?;
    fs::write(&peer, generate::ferm(size))?;
    let mut costs = Vec::with_capacity(RUNS);
    for _ in 0..=RUNS {
        match run(command(target, &policy, &peer, folder)) {
            Ok(cost) => costs.push(cost),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let mut measured: Vec<Cost> = costs.into_iter().skip(1).collect();
    measured.sort_by_key(|cost| cost.time);
    let peak_kib = measured.iter().map(|cost| cost.peak_kib).max().unwrap_or_default();
    Ok(measured.get(RUNS / 2).map(|median| Cost { peak_kib, ..*median }))
}

fn command(target: &str, policy: &Path, peer: &Path, folder: &Path) -> Command {
    if target == "ferm" {
        let mut ferm = Command::new("ferm");
        ferm.args(["--noexec", "--lines", "--test"]).arg(peer);
        return ferm;
    }
    let mut mailward = Command::new(env!("CARGO_BIN_EXE_mailward"));
    match target {
        "lint" => mailward.arg("lint").args(["--today", "2026-11-01"]),
        target => mailward.arg("render").args(["--target", target, "--out"]).arg(folder.join("out")),
    };
    mailward.arg(policy);
    mailward
}

fn run(mut command: Command) -> io::Result<Cost> {
    #[expect(clippy::disallowed_methods, reason = "measuring time is what a benchmark is for")]
    let start = std::time::Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut cost = Cost::default();
    let status = loop {
        cost.peak_kib = cost.peak_kib.max(peak(child.id()));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(Duration::from_micros(200));
    };
    cost.time = start.elapsed();
    match status.code() {
        Some(0 | 1) => Ok(cost),
        code => Err(io::Error::other(format!("{command:?} ended with {code:?}"))),
    }
}

/// The largest memory of a process so far, in KiB; zero if it cannot be told.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
