//! The scripts behind the GitHub Action and the templates for other platforms, run as those run them.
#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;

use crate::program::{Run, Site};
use crate::repository::{Repository, git};

const OFFICE: &str = include_str!("../data/project/office.yaml");

/// A `gh` that writes down what it is asked, and knows of a comment if there is a file `known`.
const GH: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$*" >>"$GH_LOG"
for word in "$@"; do
  case $word in
    body=@*) cp "${word#body=@}" "$GH_LOG.body" ;;
  esac
done
case "$*" in
  *--paginate*) cat known 2>/dev/null || true ;;
esac
"#;

fn repository() -> Repository {
    let site = Site::new().file("mailward.yaml", "version: 1\npolicies: [policies]\n");
    Repository::new(site.file("policies/office.yaml", OFFICE).file("bin/gh", GH))
}

/// Runs a script of `ci/` with the program and the false `gh` on the path.
fn script(repository: &Repository, name: &str, environment: &[(&str, &str)]) -> Run {
    let bin = repository.site.path("bin");
    std::fs::set_permissions(bin.join("gh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = bin.join("mailward");
    if !program.exists() {
        symlink(env!("CARGO_BIN_EXE_mailward"), &program).unwrap();
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci").join(name);
    let mut command = Command::new(script);
    command.current_dir(repository.site.path("")).env_clear().env("PATH", path);
    command.env("GH_LOG", repository.site.path("gh.log")).envs(environment.iter().copied());
    command.output().unwrap().into()
}

fn wider() -> String {
    OFFICE.replace("[imaps, pop3s", "[imaps, pop3, pop3s")
}

#[test]
fn a_check_annotates_summarises_and_keeps_the_answer() {
    let repository = repository().file("policies/office.yaml", wider()).file("summary.md", "# before\n");
    let summary = repository.site.path("summary.md");
    let environment = [
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
        ("MAILWARD_ARGUMENTS", "--today 2026-11-01"),
        ("MAILWARD_SARIF", "out.sarif"),
    ];
    let run = script(&repository, "github-check.sh", &environment);
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("::error file=policies/office.yaml,line=15,"), "{run}");
    let summary = repository.site.read("summary.md");
    assert!(summary.starts_with("# before\n") && summary.contains("mail-pop3-cleartext-egress"), "{summary}");
    assert!(repository.site.read("out.sarif").contains("\"2.1.0\""));
    let run =
        script(&repository, "github-check.sh", &[("MAILWARD_ARGUMENTS", "--today $(touch${IFS}pwned)")]);
    assert_eq!(run.exit, 2, "{run}");
    assert!(!repository.site.path("pwned").exists());
}

#[test]
fn a_review_is_posted_once_and_replaced_from_then_on() {
    let repository = repository();
    let base = git(&repository.site.path(""), &["rev-parse", "HEAD"]);
    let repository = repository.file("policies/office.yaml", wider());
    let environment =
        [("MAILWARD_BASE", base.trim()), ("MAILWARD_PULL_REQUEST", "7"), ("GITHUB_REPOSITORY", "o/r")];
    let run = script(&repository, "github-review.sh", &environment);
    assert_eq!(run.exit, 0, "{run}");
    let asked = repository.site.read("gh.log");
    assert!(asked.contains("--method POST repos/o/r/issues/7/comments --field body=@"), "{asked}");
    let body = repository.site.read("gh.log.body");
    assert!(body.starts_with("<!-- mailward review -->\n**1 traffic change: 1 newly allowed"), "{body}");
    let repository = repository.file("known", "42\n43\n").file("gh.log", "");
    let run = script(&repository, "github-review.sh", &environment);
    assert_eq!(run.exit, 0, "{run}");
    let asked = repository.site.read("gh.log");
    assert!(asked.contains("--method PATCH repos/o/r/issues/comments/42 "), "{asked}");
    let repository = repository.file("policies/office.yaml", OFFICE.replace("pop3s", "pop3x"));
    let run = script(&repository, "github-review.sh", &environment);
    assert_eq!(run.exit, 2, "a policy that is not valid is told, and the step fails: {run}");
    assert!(repository.site.read("gh.log.body").contains("There is no service named"), "{run}");
}

fn yaml(path: &str) -> Value {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

#[test]
fn the_action_runs_scripts_that_are_there_and_nothing_of_its_inputs() {
    let action = yaml("action.yml");
    let steps = action["runs"]["steps"].as_sequence().unwrap().clone();
    assert_eq!(steps.len(), 3);
    for step in &steps {
        let run = step["run"].as_str().unwrap();
        assert!(!run.contains("${{"), "inputs go through the environment: {run}");
        assert!(step.get("uses").is_none(), "nothing of others is run");
        for word in run.split(['"', ' ']).filter(|word| word.contains("ci/")) {
            let script = word.trim_start_matches("$SOURCE/");
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(script).exists(), "{script}");
        }
    }
}

#[test]
fn hooks_and_templates_name_commands_that_exist() {
    let help = Site::new().run("--help").stdout;
    let knows = |entry: &str| {
        let command = entry.split(' ').nth(1).unwrap();
        assert!(help.contains(&format!("\n  {command} ")), "{entry}");
    };
    let hooks = yaml(".pre-commit-hooks.yaml");
    let entries: Vec<&str> =
        hooks.as_sequence().unwrap().iter().map(|hook| hook["entry"].as_str().unwrap()).collect();
    assert_eq!(entries.len(), 3);
    entries.into_iter().for_each(knows);
    let gitlab = yaml("ci/gitlab.yml");
    let script = gitlab["mailward"]["script"].as_sequence().unwrap();
    let lines = script.iter().filter_map(Value::as_str).flat_map(str::lines).map(str::trim);
    let used: Vec<&str> = lines.filter(|line| line.starts_with("mailward ")).collect();
    assert_eq!(used.len(), 2);
    used.into_iter().for_each(knows);
}
