//! The GitHub Action, tried without GitHub: its steps run as a runner would run them, with stand-ins for `gh` and `cargo`.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Deserialize;

use crate::docs::in_repository;
use crate::program::{Run, Site};
use crate::repository::Repository;

const OFFICE: &str = include_str!("../data/project/office.yaml");
const SETTINGS: &str = "version: 1\npolicies: [policies]\n";

/// Builds nothing: puts the program of these tests where it is asked for.
const CARGO: &str = "#!/bin/bash\nset -e\necho \"cargo $*\" >> \"$RUNNER_TEMP/calls\"\n\
    while [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\nln -sf \"$PROGRAM\" \"$2/bin/mailward\"\n";

/// Says what GitHub would say, and keeps what it is told: one comment of ours, one of somebody who copied its first line.
const GH: &str = r#"#!/bin/bash
echo "gh $*" >> "$RUNNER_TEMP/calls"
for word; do
  case "$word" in
    body=@*) cp "${word#body=@}" "$RUNNER_TEMP/posted" ;;
  esac
done
case "$*" in
  "release download"*) cp "$RUNNER_TEMP"/release/* . ;;
  *"--jq"*)
    [ -z "$REFUSED" ] || exit 1
    comments='[{"id": 7, "user": {"login": "mallory"}, "body": "<!-- mailward review -->"},
      {"id": 8, "user": {"login": "github-actions[bot]"}, "body": "hello"}]'
    own='[{"id": 9, "user": {"login": "github-actions[bot]"}, "body": "<!-- mailward review -->\nold"}]'
    while [ "$1" != --jq ]; do shift; done
    if command -v jq > /dev/null; then
      echo "$comments" | jq -r "$2"
      [ -z "$OWN" ] || echo "$own" | jq -r "$2"
    elif [ -n "$OWN" ]; then
      echo 9
    fi
    ;;
esac
"#;

#[derive(Deserialize)]
struct Action {
    inputs: BTreeMap<String, Input>,
    outputs: BTreeMap<String, serde_yaml::Value>,
    runs: Runs,
}

#[derive(Deserialize)]
struct Input {
    description: String,
    default: String,
}

#[derive(Deserialize)]
struct Runs {
    using: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Step {
    name: String,
    id: Option<String>,
    #[serde(rename = "if")]
    condition: Option<String>,
    shell: String,
    working_directory: Option<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    run: String,
}

fn action() -> Action {
    serde_yaml::from_str(&std::fs::read_to_string(in_repository("action.yml")).unwrap()).unwrap()
}

/// A job in which the action runs on a change to the policy of an office.
struct Job {
    repository: Repository,
    runner: Site,
    /// What expressions stand for.
    values: BTreeMap<String, String>,
    /// What the stand-ins look at.
    env: Vec<(&'static str, &'static str)>,
}

impl Job {
    fn new(new: &str) -> Self {
        let site = Site::new().file("mailward.yaml", SETTINGS).file("policies/office.yaml", OFFICE);
        let repository = Repository::new(site);
        let base = crate::repository::git(&repository.site.path(""), &["rev-parse", "HEAD"]);
        let repository = repository.file("policies/office.yaml", new).commit();
        let runner = Site::new().file("bin/gh", GH).file("bin/cargo", CARGO);
        for tool in ["gh", "cargo"] {
            let file = runner.path("bin").join(tool);
            let made = Command::new("chmod").arg("+x").arg(file).status().unwrap();
            assert!(made.success());
        }
        let mut values: BTreeMap<String, String> = action()
            .inputs
            .into_iter()
            .map(|(name, input)| (format!("inputs.{name}"), input.default))
            .collect();
        for (name, value) in [
            ("github.action_path", "/the/action"),
            ("github.action_repository", "OWNER/mailward"),
            ("github.token", "secret"),
            ("github.event.pull_request.base.sha", base.trim()),
            ("github.event.pull_request.number", "5"),
        ] {
            values.insert(name.to_owned(), value.to_owned());
        }
        Self { repository, runner, values, env: Vec::new() }
    }

    fn with(mut self, input: &str, value: &str) -> Self {
        let old = self.values.insert(format!("inputs.{input}"), value.to_owned());
        assert!(old.is_some(), "no input {input}");
        self
    }

    fn expanded(&self, text: &str) -> String {
        let mut parts = text.split("${{ ");
        let mut expanded = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once(" }}").expect("a closed expression");
            expanded.extend([self.values.get(name).unwrap_or_else(|| panic!("no {name}")).as_str(), rest]);
        }
        expanded
    }

    /// Runs a step as a runner does: `bash --noprofile --norc -eo pipefail FILE`.
    fn run(&self, name: &str) -> Run {
        let step = action().runs.steps.into_iter().find(|step| step.name == name).expect("such a step");
        std::fs::write(self.runner.path("step.sh"), &step.run).unwrap();
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(self.runner.path("step.sh"))
            .env_clear();
        let directory = self.expanded(step.working_directory.as_deref().unwrap_or("."));
        command.current_dir(self.repository.site.path(&directory));
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", self.runner.path("bin").display()));
        command.env("PROGRAM", env!("CARGO_BIN_EXE_mailward")).env("HOME", self.runner.path(""));
        command.env("RUNNER_TEMP", root(self)).env("GITHUB_REPOSITORY", "OWNER/policies");
        for file in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
            command.env(file, self.runner.path(file));
        }
        command.envs(step.env.iter().map(|(name, value)| (name, self.expanded(value))));
        command.envs(self.env.iter().copied()).output().unwrap().into()
    }

    fn built(self) -> Self {
        let build = self.run("Build mailward");
        assert_eq!(build.exit, 0, "{build}");
        self
    }

    fn calls(&self) -> String {
        self.runner.read("calls")
    }
}

fn wider() -> String {
    OFFICE.replace("services: [imaps, pop3s, submissions]", "services: [imaps, pop3, pop3s, submissions]")
}

#[test]
fn scripts_hold_no_expressions_and_no_other_action_is_used() {
    let action = action();
    assert_eq!(action.runs.using, "composite");
    for (name, input) in &action.inputs {
        assert!(!input.description.is_empty(), "{name}");
    }
    for step in &action.runs.steps {
        assert!(!step.run.contains("${{"), "{}: an expression in a script is an injection", step.name);
        assert!(step.run.starts_with("set -euo pipefail\n"), "{}", step.name);
        assert_eq!(step.shell, "bash", "{}", step.name);
    }
    let ids: Vec<&str> = action.runs.steps.iter().filter_map(|step| step.id.as_deref()).collect();
    assert_eq!(ids, ["run", "review"]);
    assert_eq!(action.outputs.len(), 3);
    let review = action.runs.steps.last().and_then(|step| step.condition.as_deref()).unwrap();
    assert!(review.contains("!cancelled()") && review.contains("'pull_request'"), "{review}");
}

#[test]
fn every_action_of_others_is_pinned_by_a_commit() {
    for file in std::fs::read_dir(in_repository(".github/workflows")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: "))
        {
            let what = line.split_whitespace().next().unwrap();
            let commit = what.split_once('@').map(|(_, commit)| commit);
            let is_pinned =
                commit.is_some_and(|it| it.len() == 40 && it.bytes().all(|b| b.is_ascii_hexdigit()));
            assert!(what == "./" || is_pinned, "{line}");
        }
        assert!(text.contains("permissions:\n  contents: read\n"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_clean_change_is_checked_and_reviewed() {
    let job = Job::new(&format!("# a word\n{OFFICE}")).with("args", "--today\n2026-11-01").built();
    assert_eq!(
        job.calls(),
        format!("cargo install --quiet --locked --path /the/action --root {}/mailward\n", root(&job))
    );
    let run = job.run("Run mailward");
    assert_eq!(run.exit, 0, "{run}");
    let outputs = job.runner.read("GITHUB_OUTPUT");
    assert_eq!(outputs, format!("exit-code=0\nsarif={}/mailward.sarif\n", root(&job)));
    let sarif: serde_json::Value = serde_json::from_str(&job.runner.read("mailward.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let review = job.run("Review the change");
    assert_eq!(review.exit, 0, "{review}");
    assert!(
        job.runner.read("posted").starts_with("<!-- mailward review -->\n**No traffic changes"),
        "{review}"
    );
    assert!(job.calls().contains("--method POST repos/OWNER/policies/issues/5/comments "), "{}", job.calls());
}

fn root(job: &Job) -> String {
    job.runner.path("").to_str().unwrap().trim_end_matches('/').to_owned()
}

#[cfg(unix)]
#[test]
fn findings_are_annotations_and_the_comment_is_replaced() {
    let mut job = Job::new(&wider()).built();
    job.env = vec![("OWN", "yes")];
    let run = job.run("Run mailward");
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("::error file=policies/office.yaml,line="), "{run}");
    assert!(job.runner.read("GITHUB_OUTPUT").starts_with("exit-code=1\n"));
    assert!(job.runner.read("GITHUB_STEP_SUMMARY").contains("mail-pop3-cleartext-egress"));
    let review = job.run("Review the change");
    assert_eq!(review.exit, 0, "{review}");
    assert!(job.runner.read("posted").contains("**1 traffic change: 1 newly allowed"), "{review}");
    assert!(
        job.calls().contains("--method PATCH repos/OWNER/policies/issues/comments/9 "),
        "{}",
        job.calls()
    );
    assert!(!job.calls().contains("POST"), "{}", job.calls());
}

#[cfg(unix)]
#[test]
fn a_fork_may_not_comment_and_reads_the_review_on_the_page_of_the_job() {
    let mut job = Job::new(&wider()).built();
    job.env = vec![("REFUSED", "yes")];
    let review = job.run("Review the change");
    assert_eq!(review.exit, 0, "{review}");
    assert!(review.stdout.starts_with("::warning::"), "{review}");
    assert!(job.runner.read("GITHUB_STEP_SUMMARY").contains("1 newly allowed"));
}

#[cfg(unix)]
#[test]
fn settings_elsewhere_are_those_of_the_check_and_of_the_review() {
    let job = Job::new(&wider()).with("config", "sites/nowhere.yaml").built();
    for step in ["Run mailward", "Review the change"] {
        let run = job.run(step);
        assert_eq!(run.exit, 2, "{step}: {run}");
        assert!(run.stderr.contains("sites/nowhere.yaml"), "{step}: {run}");
    }
}

#[cfg(unix)]
#[test]
fn inputs_are_words_and_never_script() {
    let job = Job::new(OFFICE).with("args", "$(touch pwned) `touch pwned`; touch pwned * --fail-on").built();
    let run = job.run("Run mailward");
    assert_eq!(run.exit, 2, "{run}");
    assert!(!job.repository.site.path("pwned").exists());
    let job = job.with("command", "--help; touch pwned");
    assert_eq!(job.run("Run mailward").exit, 2);
    let job = job.with("version", "v1.0.0/../../x");
    assert_eq!(job.run("Fetch mailward").exit, 2);
    assert!(!job.repository.site.path("pwned").exists());
    let job = Job::new(OFFICE).with("command", "test").with("args", "policies").built();
    let run = job.run("Run mailward");
    assert!(job.runner.read("GITHUB_OUTPUT").ends_with("sarif=\n"), "{run}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_release_is_used_only_if_its_checksum_holds() {
    let job = Job::new(OFFICE).with("version", "v0.1.0");
    release(&job.runner.path("release"));
    let fetch = job.run("Fetch mailward");
    assert_eq!(fetch.exit, 0, "{fetch}");
    assert!(job.calls().contains("gh attestation verify mailward-v0.1.0-"), "{}", job.calls());
    assert!(job.calls().contains("--repo OWNER/mailward"), "{}", job.calls());
    assert!(job.runner.path("mailward/bin/mailward").exists());
    let tampered = Job::new(OFFICE).with("version", "v0.1.0");
    release(&tampered.runner.path("release"));
    let archive =
        std::fs::read_dir(tampered.runner.path("release")).unwrap().map(|entry| entry.unwrap().path());
    let archive = archive.into_iter().find(|path| path.extension().is_some_and(|it| it == "gz")).unwrap();
    std::fs::write(archive, "something else").unwrap();
    let fetch = tampered.run("Fetch mailward");
    assert_ne!(fetch.exit, 0, "{fetch}");
    assert!(!tampered.runner.path("mailward/bin/mailward").exists());
}

/// What the release workflow would have made, with a script for a program.
#[cfg(target_os = "linux")]
fn release(directory: &std::path::Path) {
    std::fs::create_dir_all(directory).unwrap();
    let script = "printf '#!/bin/sh\\n' > mailward; chmod +x mailward; \
        archive=mailward-v0.1.0-$(uname -m)-unknown-linux-musl.tar.gz; tar -czf $archive mailward; rm mailward; \
        sha256sum $archive > $archive.sha256";
    let made = Command::new("sh").args(["-c", script]).current_dir(directory).status().unwrap();
    assert!(made.success());
}
