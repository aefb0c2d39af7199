//! Every policy in `policies/` and what becomes of it, as snapshots: `cargo insta review` shows what a change does.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The program: where `PATH` has it, or where the tests of mailward itself have it.
const MAILWARD: &str = match option_env!("CARGO_BIN_EXE_mailward") {
    Some(path) => path,
    None => "mailward",
};

/// The root of this crate.
fn root() -> &'static Path {
    Path::new(file!()).ancestors().nth(2).unwrap()
}

fn policies() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("policies")).unwrap();
    let paths = entries.map(|entry| PathBuf::from("policies").join(entry.unwrap().file_name()));
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    paths.sort();
    paths
}

/// What mailward says of a policy, whatever the answer is.
fn mailward(words: &[&str], policy: &Path) -> String {
    let output = Command::new(MAILWARD).args(words).arg(policy).current_dir(root()).output().unwrap();
    assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn snapshot(kind: &str, policy: &Path, text: &str) {
    let name = format!("{}-{kind}", policy.file_stem().unwrap().to_str().unwrap());
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn rulesets_are_the_same() {
    for policy in policies() {
        snapshot("nftables", &policy, &mailward(&["render", "--target", "nftables"], &policy));
    }
}

#[test]
fn findings_are_the_same() {
    for policy in policies() {
        snapshot(
            "findings",
            &policy,
            &mailward(&["lint", "--format", "concise", "--today", "2026-11-26"], &policy),
        );
    }
}
