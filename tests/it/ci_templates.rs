//! The template for GitLab and the hooks for pre-commit: what they run is run here.

use std::process::Command;

use crate::docs::in_repository;
use crate::program::{Run, Site, run_in_repository};
use crate::repository::{Repository, git};

const OFFICE: &str = include_str!("../data/project/office.yaml");

fn yaml(path: &str) -> serde_yaml::Value {
    serde_yaml::from_str(&std::fs::read_to_string(in_repository(path)).unwrap()).unwrap()
}

/// Runs a line of a script in a repository, with the program of these tests.
fn line(repository: &Repository, line: &str, variables: &[(&str, &str)]) -> Run {
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_mailward")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(repository.site.path("")).env_clear().env("PATH", path);
    command.envs(variables.iter().copied()).output().unwrap().into()
}

fn script<'t>(template: &'t serde_yaml::Value, job: &str) -> Vec<&'t str> {
    let lines = template[job]["script"].as_sequence().unwrap();
    lines.iter().map(|line| line.as_str().unwrap()).collect()
}

#[cfg(unix)]
#[test]
fn the_jobs_for_gitlab_write_their_artifacts() {
    let template = yaml("docs/ci/gitlab.yml");
    let settings = "version: 1\npolicies: [policies]\n";
    let site = Site::new().file("mailward.yaml", settings).file("policies/office.yaml", OFFICE);
    let repository = Repository::new(site);
    let base = git(&repository.site.path(""), &["rev-parse", "HEAD"]);
    let repository = repository
        .file("policies/office.yaml", OFFICE.replace("services: [imaps,", "services: [imaps, pop3,"));
    let variables =
        [("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.trim()), ("MAILWARD_ARGS", "--today 2026-11-01")];
    let check = line(&repository, script(&template, "mailward:check")[0], &variables);
    assert_eq!(check.exit, 1, "{check}");
    for (_, file) in template["mailward:check"]["artifacts"]["reports"].as_mapping().unwrap() {
        assert!(
            repository.site.read(file.as_str().unwrap()).contains("mail-pop3-cleartext-egress"),
            "{check}"
        );
    }
    for command in script(&template, "mailward:review") {
        let run = line(&repository, command, &variables);
        assert_eq!(run.exit, 0, "{run}");
    }
    let review = template["mailward:review"]["artifacts"]["paths"][0].as_str().unwrap();
    assert!(repository.site.read(review).contains("1 newly allowed"));
}

#[test]
fn hooks_run_commands_that_there_are() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_sequence().unwrap();
    assert_eq!(hooks.len(), 3);
    for hook in hooks {
        let words = hook["entry"].as_str().unwrap().strip_prefix("mailward ").unwrap();
        let run = run_in_repository(&format!("{words} --help"));
        assert_eq!(run.exit, 0, "{run}");
        assert_eq!(hook["language"].as_str(), Some("rust"), "pre-commit builds the program itself");
    }
}
