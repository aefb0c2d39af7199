//! Rulesets in the real kernel, in network namespaces that are made for one test and vanish with it. Nothing here
//! touches the namespace of the machine.
//!
//! `MAILWARD_KERNEL_TESTS=1` makes these tests required: whatever is missing (root, namespaces, a tool) then fails.
//! Without it they say that they are skipped and pass, so that the test command works on any laptop.
//! `MAILWARD_KERNEL_PACKETS=200000` makes [`differential`] try that many packets, and
//! `MAILWARD_MUTANTS=all` every damaged ruleset, see there.

mod branch_gateway;
mod differential;
mod firewall;
mod forged;
mod goldens;
mod harness;
mod hostile_text;
mod mail_server;
mod namespace;
mod other_tools;
mod probe;
mod site;
mod survive;
mod trial;
mod workstation;

use std::io::Write as _;
use std::process::Command;

/// The programs without which nothing here can be tested, with the Debian packages they come from.
const TOOLS: &[(&str, &str)] = &[
    ("ip", "iproute2"),
    ("unshare", "util-linux"),
    ("nft", "nftables"),
    ("iptables-restore", "iptables"),
    ("ip6tables-restore", "iptables"),
    ("ipset", "ipset"),
];

/// Whether to go on with a kernel test; says so if not.
///
/// # Panics
/// When kernel tests are required and this machine cannot run them.
fn required(test: &str) -> bool {
    if std::env::var_os("MAILWARD_KERNEL_TESTS").is_none_or(|value| value != "1") {
        // Past the capture of the test harness, which would hide it because the test passes.
        let note = format!("SKIPPED: kernel::{test}: set MAILWARD_KERNEL_TESTS=1 and be root to run it\n");
        std::io::stderr().write_all(note.as_bytes()).expect("standard error is open");
        return false;
    }
    for (tool, package) in TOOLS {
        let found = Command::new(tool).arg("--version").output().is_ok();
        assert!(found, "MAILWARD_KERNEL_TESTS=1, but there is no `{tool}`: install the package {package}");
    }
    let namespaces = Command::new("unshare").args(["--net", "true"]).output().expect("unshare runs");
    let why = String::from_utf8_lossy(&namespaces.stderr).into_owned();
    assert!(
        namespaces.status.success(),
        "MAILWARD_KERNEL_TESTS=1, but no network namespaces (be root): {why}"
    );
    true
}
