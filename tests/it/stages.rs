//! The order of the stages: each uses only those before it, so that the source can be read from one end to the other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every stage after those that it may use, as `docs/architecture.md` has them.
const STAGES: [&str; 15] = [
    "source", "packet", "model", "catalog", "parse", "lower", "analyze", "lint", "render", "readback",
    "prove", "report", "format", "lsp", "cli",
];

/// What stands in front of a module that is compiled for tests only.
const TESTS_ONLY: &str = "#[cfg(test)]\nmod ";

fn source(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The Rust files of a stage: `stage.rs` and everything in `stage/`.
fn files(stage: &str) -> Vec<PathBuf> {
    let mut files = vec![src().join(format!("{stage}.rs"))];
    let mut directories = vec![src().join(stage)];
    while let Some(entries) = directories.pop().and_then(|directory| std::fs::read_dir(directory).ok()) {
        for path in entries.map(|entry| entry.unwrap().path()) {
            match path.extension() {
                _ if path.is_dir() => directories.push(path),
                Some(extension) if extension == "rs" => files.push(path),
                _ => {}
            }
        }
    }
    files
}

/// The names of modules that are files of their own and compiled for tests only.
fn test_modules(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split(TESTS_ONLY).skip(1).filter_map(|rest| rest.split_once([';', ' ']));
    names.map(|(name, _)| name)
}

/// The stages that the program's own code of a file names; tests may use every stage.
fn used(text: &str) -> BTreeSet<&str> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let paths = lines.flat_map(|line| line.split("crate::").skip(1));
    paths.filter_map(|path| path.split(|c: char| !c.is_alphanumeric() && c != '_').next()).collect()
}

#[test]
fn every_module_of_the_library_is_a_stage() {
    let library = source(&src().join("lib.rs"));
    let modules: BTreeSet<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .map(|name| name.trim_end_matches(';'))
        .collect();
    assert_eq!(modules, BTreeSet::from(STAGES));
}

#[test]
fn a_stage_uses_only_those_before_it() {
    let mut uses = 0;
    for (place, stage) in STAGES.iter().enumerate() {
        let texts: Vec<(PathBuf, String)> =
            files(stage).into_iter().map(|path| (path.clone(), source(&path))).collect();
        let for_tests: BTreeSet<&str> = texts.iter().flat_map(|(_, text)| test_modules(text)).collect();
        let is_for_tests = |path: &Path| for_tests.iter().any(|name| path.ends_with(format!("{name}.rs")));
        for (path, text) in texts.iter().filter(|(path, _)| !is_for_tests(path)) {
            for other in used(text) {
                let earlier = STAGES[..=place].contains(&other);
                assert!(earlier, "{}: uses `{other}`", path.display());
                uses += usize::from(other != *stage);
            }
        }
    }
    assert!(uses > 100, "only {uses} uses were found: is the source still read as it is written?");
}
