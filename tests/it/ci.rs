//! The job for GitLab and the hooks for pre-commit: what they run is run here.

use std::process::Command;

use crate::docs::in_repository;
use crate::program::{Run, Site, run_in_repository};
use crate::repository::{Repository, git};

const OFFICE: &str = include_str!("../data/project/office.yaml");

fn yaml(path: &str) -> serde_yaml::Value {
    serde_yaml::from_str(&std::fs::read_to_string(in_repository(path)).unwrap()).unwrap()
}

/// Runs a script in a repository, with the program of these tests.
fn shell(repository: &Repository, script: &str, variables: &[(&str, &str)]) -> Run {
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_mailward")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-ec", script]).current_dir(repository.site.path("")).env_clear().env("PATH", path);
    command.envs(variables.iter().copied()).output().unwrap().into()
}

#[cfg(unix)]
#[test]
fn the_job_for_gitlab_writes_its_artifacts() {
    let template = yaml("ci/gitlab.yml");
    let settings = "version: 1\npolicies: [policies]\n";
    let site = Site::new().file("mailward.yaml", settings).file("policies/office.yaml", OFFICE);
    let repository = Repository::new(site);
    let base = git(&repository.site.path(""), &["rev-parse", "HEAD"]);
    let repository = repository
        .file("policies/office.yaml", OFFICE.replace("services: [imaps,", "services: [imaps, pop3,"));
    let lines = template["mailward"]["script"].as_sequence().unwrap();
    let script: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
    let run = shell(&repository, &script.join("\n"), &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.trim())]);
    assert_eq!(run.exit, 1, "{run}");
    let artifacts = &template["mailward"]["artifacts"];
    for (_, file) in artifacts["reports"].as_mapping().unwrap() {
        let report = repository.site.read(file.as_str().unwrap());
        assert!(report.contains("mail-pop3-cleartext-egress"), "{run}");
    }
    assert!(
        repository.site.read(artifacts["paths"][0].as_str().unwrap()).contains("1 newly allowed"),
        "{run}"
    );
}

#[test]
fn hooks_run_commands_that_there_are() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_sequence().unwrap();
    assert_eq!(hooks.len(), 4);
    for hook in hooks {
        let words = hook["entry"].as_str().unwrap().strip_prefix("mailward ").unwrap();
        let run = run_in_repository(&format!("{words} --help"));
        assert_eq!(run.exit, 0, "{run}");
        assert_eq!(hook["language"].as_str(), Some("rust"), "pre-commit builds the program itself");
    }
}
